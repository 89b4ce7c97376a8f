//! Profiles over gRPC: what is over HTTP, in the same words.

use std::time::Duration;

use scouter_server::http::Bounds;
use scouter_server::ingest::IngestOptions;
use scouter_wire::protobuf::v1;
use scouter_wire::protobuf::v1::profiles_client::ProfilesClient;
use serde_json::{Value, json};
use tonic::Code;
use tonic::codec::CompressionEncoding;
use tonic::transport::Channel;
use uuid::Uuid;

use super::grpc::channel;
use super::profiles::wide;
use super::running::{Running, batch, bounded, call, document, post, records, registered, running};
use crate::samples::GENAI;

pub(crate) async fn profiles(server: &Running) -> ProfilesClient<Channel> {
    ProfilesClient::new(channel(server).await)
}

pub(crate) fn register(document: &Value) -> v1::RegisterProfile {
    v1::RegisterProfile { profile: document.to_string(), ..v1::RegisterProfile::default() }
}

pub(crate) fn named(uid: impl Into<String>) -> v1::GetProfile {
    v1::GetProfile { uid: uid.into() }
}

pub(crate) fn switched(uid: impl Into<String>, active: bool) -> v1::SetProfileStatus {
    v1::SetProfileStatus { uid: uid.into(), active, deactivate_others: false }
}

/// What is said over HTTP.
async fn over_http(server: &Running, method: &str, path: &str, body: Value) -> Value {
    call(server.address, method, path, &[], body.to_string()).await.unwrap().json()
}

#[tokio::test]
async fn a_profile_of_grpc_and_one_of_http_that_say_the_same_are_one() {
    let server = running().await;
    let mut client = profiles(&server).await;
    let uid = registered(server.address, "first", false).await;
    let told = client.register(register(&document("first"))).await.unwrap().into_inner();
    let (uid, version) = (uid.to_string(), "0.1.0".to_owned());
    let remark = told.remark.clone();
    assert_eq!(told, v1::RegisteredProfile { uid, version, new: false, remark });

    let told = client.register(register(&document("second"))).await.unwrap().into_inner();
    assert!(told.new, "{told:?}");
    let again = over_http(&server, "POST", "/v1/profiles", json!({"profile": document("second")})).await;
    assert_eq!(again, json!({"uid": told.uid, "version": "0.1.0", "new": false, "remark": told.remark}));
}

#[tokio::test]
async fn a_profile_is_shown_as_over_http() {
    let server = running().await;
    let mut client = profiles(&server).await;
    // It has exact numbers, and a remark.
    let sent = v1::RegisterProfile { profile: GENAI.to_owned(), activate: true, deactivate_others: false };
    let told = client.register(sent).await.unwrap().into_inner();
    let whole = client.get(named(&told.uid)).await.unwrap().into_inner();
    let path = format!("/v1/profiles/{}", told.uid);
    let http = call(server.address, "GET", &path, &[], "").await.unwrap();
    let body = str::from_utf8(&http.body).unwrap();
    assert!(body.ends_with(&format!("\"document\":{}}}", whole.document)), "{body}");
    let v1::Profile { uid, space, name, version, kind, active, created, remark } = whole.profile.unwrap();
    let shown = json!({
        "uid": uid, "space": space, "name": name, "version": version, "kind": kind, "active": active,
        "created": created, "remark": remark,
    });
    assert_eq!((shown, remark), (http.json()["profile"].clone(), told.remark));
}

#[tokio::test]
async fn a_profile_that_is_switched_on_takes_the_next_record() {
    let server = running().await;
    let uid = registered(server.address, "m", false).await;
    let taken = async || post(server.address, &batch(uid, &records(0, 1))).await.receipt().accepted;
    assert_eq!(taken().await, 0);
    let profile = profiles(&server).await.set_status(switched(uid, true)).await.unwrap().into_inner();
    assert_eq!((profile.uid, profile.active), (uid.to_string(), true));
    assert_eq!(taken().await, 1);
}

#[tokio::test]
async fn a_profile_is_found_by_the_uid_that_the_same_one_came_with() {
    let server = running().await;
    let (uid, sent) = (registered(server.address, "m", false).await, Uuid::from_u128(7));
    let mut same = document("m");
    same["config"]["uid"] = json!(sent);
    let mut client = profiles(&server).await;
    client.register(register(&same)).await.unwrap();
    let found = client.get(named(sent)).await.unwrap().into_inner().profile.unwrap();
    assert_eq!(found.uid, uid.to_string());
    assert_eq!(client.set_status(switched(sent, true)).await.unwrap().into_inner().uid, uid.to_string());
}

#[tokio::test]
async fn what_is_not_registered_is_told_in_the_words_of_http() {
    let server = running().await;
    registered(server.address, "m", false).await;
    let mut other = document("m");
    other["config"]["alert_config"]["schedule"] = json!("0 0 * * *");
    let mut nameless = document("m");
    nameless["config"]["name"] = json!("");
    let mut unknown = document("m");
    unknown["kind"] = json!("psi_drift_profil");
    let mut client = profiles(&server).await;
    for (document, code) in [
        (json!({}), Code::InvalidArgument),
        (json!(1), Code::InvalidArgument),
        (unknown, Code::InvalidArgument),
        (nameless, Code::InvalidArgument),
        (other, Code::AlreadyExists),
    ] {
        let error = client.register(register(&document)).await.unwrap_err();
        let http = over_http(&server, "POST", "/v1/profiles", json!({"profile": document})).await;
        assert_eq!((error.code(), Some(error.message())), (code, http["detail"].as_str()));
    }
}

#[tokio::test]
async fn a_document_that_is_no_json_is_told_so() {
    let server = running().await;
    let sent = v1::RegisterProfile { profile: "{".to_owned(), ..v1::RegisterProfile::default() };
    let error = profiles(&server).await.register(sent).await.unwrap_err();
    assert_eq!(error.code(), Code::InvalidArgument);
    assert_eq!(error.message(), "read JSON: EOF while parsing an object at line 1 column 1");
}

#[tokio::test]
async fn a_long_word_that_is_no_kind_is_told_though_it_has_no_room_in_a_header() {
    let server = running().await;
    let document = json!({"format": 1, "kind": "é".repeat(1 << 20)});
    let error = profiles(&server).await.register(register(&document)).await.unwrap_err();
    assert_eq!(error.code(), Code::InvalidArgument);
    assert!(error.message().starts_with("failed to read the profile: `é"), "{error}");
}

#[tokio::test]
async fn profiles_that_are_not_there_and_uids_that_are_none_are_told_so() {
    let server = running().await;
    let mut client = profiles(&server).await;
    let nobody = Uuid::from_u128(7);
    let http = over_http(&server, "GET", &format!("/v1/profiles/{nobody}"), json!(null)).await;
    for error in [
        client.get(named(nobody)).await.unwrap_err(),
        client.set_status(switched(nobody, true)).await.unwrap_err(),
    ] {
        assert_eq!((error.code(), Some(error.message())), (Code::NotFound, http["detail"].as_str()));
    }
    for error in [
        client.get(named("mine")).await.unwrap_err(),
        client.set_status(switched("mine", true)).await.unwrap_err(),
    ] {
        let told = (error.code(), error.message());
        assert_eq!(told, (Code::InvalidArgument, "read protobuf: `uid` is no UUID of a profile"));
    }
}

#[tokio::test]
async fn others_are_not_switched_off_without_one_that_is_switched_on() {
    let server = running().await;
    let uid = registered(server.address, "m", true).await;
    let mut client = profiles(&server).await;
    let sent = v1::RegisterProfile { deactivate_others: true, ..register(&document("m")) };
    let off = v1::SetProfileStatus { deactivate_others: true, ..switched(uid, false) };
    for error in [client.register(sent).await.unwrap_err(), client.set_status(off).await.unwrap_err()] {
        assert_eq!(error.code(), Code::InvalidArgument);
        assert!(error.message().starts_with("`deactivate_others` goes with `activ"), "{error}");
    }
    assert!(client.get(named(uid)).await.unwrap().into_inner().profile.unwrap().active);
}

#[tokio::test]
async fn a_profile_may_be_larger_than_a_batch() {
    let server = running().await;
    let mut client = profiles(&server).await.send_compressed(CompressionEncoding::Zstd);
    let sent = register(&wide());
    assert!(sent.profile.len() > scouter_wire::MAX_BYTES, "{}", sent.profile.len());
    assert!(client.register(sent).await.unwrap().into_inner().new);
    let bomb = v1::RegisterProfile { profile: " ".repeat(33 << 20), ..v1::RegisterProfile::default() };
    let error = client.register(bomb).await.unwrap_err();
    let told = (error.code(), error.message());
    assert_eq!(told, (Code::OutOfRange, "a body has at most 32 MB once it is unpacked"));
}

#[tokio::test]
async fn more_calls_than_are_served_at_once_are_told_with_a_time() {
    let bounds = Bounds { others: 0, wait: Duration::ZERO, ..Bounds::default() };
    let server = bounded(IngestOptions::default().queue, bounds).await;
    let error = profiles(&server).await.get(named(Uuid::nil())).await.unwrap_err();
    assert_eq!(error.code(), Code::ResourceExhausted);
    assert_eq!(error.metadata().get("grpc-retry-pushback-ms").unwrap(), "1000");
}
