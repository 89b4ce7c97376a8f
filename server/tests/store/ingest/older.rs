//! Clients of version 1.0 of the contract, as the bytes of that time have it.

use bytes::Bytes;
use prost::Message;
use serde_json::{Value, json};
use uuid::Uuid;

use super::running::{Answer, Running, call, count, document, running};

/// The receipt of version 1.0.
#[derive(Clone, PartialEq, Message)]
struct Receipt {
    #[prost(uint64, tag = "1")]
    accepted: u64,
    #[prost(message, repeated, tag = "2")]
    refused: Vec<Refused>,
}

/// A record that is not kept, of version 1.0.
#[derive(Clone, PartialEq, Message)]
struct Refused {
    #[prost(bytes = "vec", tag = "1")]
    uid: Vec<u8>,
    #[prost(string, tag = "2")]
    code: String,
    #[prost(string, tag = "3")]
    reason: String,
}

/// A batch of every kind of record that there was.
fn golden() -> Value {
    let all: Value = serde_json::from_str(include_str!("../../../../tests/golden/wire_1_0.json")).unwrap();
    all["batch"].clone()
}

fn bytes(hex: &str) -> Bytes {
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    hex.as_bytes().chunks(2).map(byte).collect()
}

/// Registers the profile that it is for: of three numbers and a text.
async fn register(server: &Running) {
    let mut profile = document("m");
    let features = profile["features"].take();
    let named = |name: &str, like: &str| {
        let mut feature = features[like].clone();
        feature["id"] = json!(name);
        (name.to_owned(), feature)
    };
    let all = [("age", "x"), ("income", "x"), ("größe", "x"), ("city", "carrier")];
    profile["features"] = all.into_iter().map(|(name, like)| named(name, like)).collect();
    profile["config"]["uid"] = golden()["json"]["groups"][0]["profile"].clone();
    let body = json!({"profile": profile, "activate": true}).to_string();
    let answer = call(server.address, "POST", "/v1/profiles", &[], body).await.unwrap();
    assert_eq!(answer.status, 201, "{:?}", answer.body);
    assert_eq!(answer.json()["uid"], profile["config"]["uid"]);
}

async fn send(server: &Running, form: &str, body: impl Into<Bytes>) -> Answer {
    let answer = call(server.address, "POST", "/v1/records", &[("content-type", form)], body).await.unwrap();
    assert_eq!((answer.status, answer.headers["content-type"].to_str().unwrap()), (200, form));
    answer
}

/// The end of the uid of each record that is refused, and the code.
fn told(mut refused: Vec<(Uuid, String)>) -> Vec<(u128, String)> {
    refused.sort();
    refused.into_iter().map(|(uid, code)| (uid.as_u128() & 0xff, code)).collect()
}

/// What of it is not for this profile: its bins are others, and it takes neither metrics nor evaluations.
fn expected() -> Vec<(u128, String)> {
    [(3, "shape"), (4, "kind"), (5, "kind"), (6, "kind")].map(|(end, code)| (end, code.to_owned())).into()
}

#[tokio::test]
async fn what_a_client_of_version_1_0_sends_is_kept_and_answered_so_that_it_can_read_it() {
    let server = running().await;
    register(&server).await;
    let golden = golden();
    let sent = bytes(golden["protobuf"].as_str().unwrap());
    let receipt = Receipt::decode(send(&server, "application/protobuf", sent).await.body).unwrap();
    assert!(receipt.refused.iter().all(|refused| !refused.reason.is_empty()));
    let refused =
        receipt.refused.into_iter().map(|refused| (Uuid::from_slice(&refused.uid).unwrap(), refused.code));
    assert_eq!((receipt.accepted, told(refused.collect())), (3, expected()));

    // The same again, as JSON.
    let receipt = send(&server, "application/json", golden["json"].to_string()).await.json();
    let refused = receipt["refused"].as_array().unwrap().iter();
    let text = |refused: &Value, member: &str| refused[member].as_str().unwrap().to_owned();
    let refused = refused.map(|refused| (text(refused, "uid").parse().unwrap(), text(refused, "code")));
    assert_eq!((&receipt["accepted"], told(refused.collect())), (&json!(3), expected()));
    assert_eq!((count(&server.pool, "records").await, count(&server.pool, "requests").await), (2, 1));
}
