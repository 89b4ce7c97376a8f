//! The same over gRPC.

use futures_util::{StreamExt, stream};
use scouter_wire::protobuf::v1;
use serde_json::json;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tonic::metadata::MetadataValue;
use tonic::{Code, Request};

use super::support::{Guarded, registration};
use crate::ingest::grpc::{client, message};
use crate::ingest::grpc_profiles::{named, profiles, register, switched};
use crate::ingest::running::{batch, count, records};

fn said<T>(who: &str, what: T) -> Request<T> {
    let mut request = Request::new(what);
    let who: MetadataValue<_> = format!("Bearer {who}").parse().unwrap();
    request.metadata_mut().insert("authorization", who);
    request
}

#[tokio::test]
async fn who_may_not_is_told_so() {
    let server = Guarded::start().await;
    let profile = server.profile("shop", "m").await;
    let reader = server.key(&["shop=read"]).await;
    let sent = message(&batch(profile, &records(0, 1)));
    let mut client = client(&server.running).await;
    for who in ["", "wrong"] {
        let code = Code::Unauthenticated;
        assert_eq!(client.send(said(who, sent.clone())).await.unwrap_err().code(), code, "{who}");
        let streamed = client.stream(said(who, stream::iter([sent.clone()]))).await;
        assert_eq!(streamed.unwrap_err().code(), code, "{who}");
    }
    let receipt = client.send(said(&reader, sent.clone())).await.unwrap().into_inner();
    assert_eq!((receipt.accepted, receipt.refused[0].code.as_str()), (0, "forbidden"));
    assert_eq!(client.send(sent).await.unwrap_err().code(), Code::Unauthenticated);
    assert_eq!(count(&server.running.pool, "records").await, 0);
}

#[tokio::test]
async fn records_of_another_space_are_refused_and_the_rest_kept() {
    let server = Guarded::start().await;
    let [own, other] = [server.profile("shop", "m").await, server.profile("bank", "m").await];
    let writer = server.key(&["shop=write"]).await;
    let groups = [batch(own, &records(0, 2)), batch(other, &records(2, 1))];
    let groups = groups.iter().flat_map(|batch| message(batch).groups).collect();
    let receipt =
        client(&server.running).await.send(said(&writer, v1::Batch { groups })).await.unwrap().into_inner();
    assert_eq!((receipt.accepted, receipt.refused[0].code.as_str()), (2, "forbidden"));
}

#[tokio::test]
async fn a_stream_ends_when_its_key_is_revoked() {
    let server = Guarded::start().await;
    let profile = server.profile("shop", "m").await;
    let writer = server.key(&["shop=write"]).await;
    let (sender, batches) = mpsc::channel(1);
    let ended = CancellationToken::new();
    let batches = stream::unfold(batches, |mut batches: mpsc::Receiver<v1::Batch>| async move {
        Some((batches.recv().await?, batches))
    });
    let mut client = client(&server.running).await;
    let batches = batches.take_until(ended.clone().cancelled_owned());
    let mut receipts = client.stream(said(&writer, batches)).await.unwrap().into_inner();
    sender.send(message(&batch(profile, &records(0, 1)))).await.unwrap();
    assert_eq!(receipts.message().await.unwrap().unwrap().accepted, 1);
    assert!(server.store.revoke_key("test", writer.rsplit_once('_').unwrap().0).await.unwrap());
    sender.send(message(&batch(profile, &records(1, 1)))).await.unwrap();
    assert_eq!(receipts.message().await.unwrap_err().code(), Code::Unauthenticated);
    ended.cancel();
    assert_eq!(count(&server.running.pool, "records").await, 1);
}

#[tokio::test]
async fn who_does_not_say_who_they_are_sees_and_changes_no_profile() {
    let server = Guarded::start().await;
    let profile = server.profile("shop", "m").await;
    let mut client = profiles(&server.running).await;
    let document = &registration("shop", "other")["profile"];
    for error in [
        client.register(register(document)).await.unwrap_err(),
        client.get(named(profile)).await.unwrap_err(),
        client.set_status(switched(profile, false)).await.unwrap_err(),
    ] {
        assert_eq!(error.code(), Code::Unauthenticated);
    }
}

#[tokio::test]
async fn who_reads_profiles_does_not_change_them() {
    let server = Guarded::start().await;
    let profile = server.profile("shop", "m").await;
    let reader = server.key(&["shop=read"]).await;
    let mut client = profiles(&server.running).await;
    let (document, off) = (&registration("shop", "other")["profile"], json!({"active": false}));
    let path = format!("/v1/profiles/{profile}/status");
    for (error, http) in [
        (
            client.register(said(&reader, register(document))).await.unwrap_err(),
            server.call(&reader, "POST", "/v1/profiles", &registration("shop", "other")).await,
        ),
        (
            client.set_status(said(&reader, switched(profile, false))).await.unwrap_err(),
            server.call(&reader, "PUT", &path, &off).await,
        ),
    ] {
        assert_eq!(error.code(), Code::PermissionDenied);
        assert_eq!(Some(error.message()), http.json()["detail"].as_str());
    }
    let whole = client.get(said(&reader, named(profile))).await.unwrap().into_inner();
    assert!(whole.profile.unwrap().active);
}

#[tokio::test]
async fn a_profile_of_another_space_is_not_there_and_none_is_registered_there() {
    let server = Guarded::start().await;
    let profile = server.profile("bank", "m").await;
    let stranger = server.key(&["shop=admin"]).await;
    let mut client = profiles(&server.running).await;
    for error in [
        client.get(said(&stranger, named(profile))).await.unwrap_err(),
        client.set_status(said(&stranger, switched(profile, false))).await.unwrap_err(),
    ] {
        let told = format!("there is no profile `{profile}`");
        assert_eq!((error.code(), error.message()), (Code::NotFound, told.as_str()));
    }
    let sent = register(&registration("bank", "other")["profile"]);
    let error = client.register(said(&stranger, sent)).await.unwrap_err();
    assert_eq!(error.code(), Code::PermissionDenied);
    assert!(error.message().ends_with("the role `write` in the space `bank`"), "{error}");
}

#[tokio::test]
async fn changes_of_profiles_are_written_down_and_what_changes_nothing_is_not() {
    let server = Guarded::start().await;
    let writer = server.key(&["shop=write"]).await;
    let mut client = profiles(&server.running).await;
    let sent = register(&registration("shop", "m")["profile"]);
    let uid = client.register(said(&writer, sent.clone())).await.unwrap().into_inner().uid;
    client.register(said(&writer, sent)).await.unwrap();
    client.get(said(&writer, named(&uid))).await.unwrap();
    client.set_status(said(&writer, switched(&uid, true))).await.unwrap();
    let actor = writer.rsplit_once('_').unwrap().0;
    let done = server.audit().await.into_iter().filter(|(by, ..)| by == actor);
    let done: Vec<_> = done.map(|(_, action, subject)| (action, subject)).collect();
    let expected = ["/scouter.v1.Profiles/Register", "/scouter.v1.Profiles/SetStatus"];
    assert_eq!(done, expected.map(|action| (action.to_owned(), uid.clone())));
}
