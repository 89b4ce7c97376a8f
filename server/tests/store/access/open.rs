//! A server that lets its own machine in.

use serde_json::json;

use super::support::key;
use crate::ingest::running::{call, running};

#[tokio::test]
async fn its_machine_is_let_in_without_being_asked() {
    let server = running().await;
    assert_eq!(call(server.address, "GET", "/v1/profiles", &[], "").await.unwrap().status, 200);
}

#[tokio::test]
async fn who_says_who_they_are_is_held_to_it() {
    let server = running().await;
    let reader = key(&server.server.store().await, &["shop=read"]).await;
    for (key, status) in [(reader.as_str(), 403), ("wrong", 401)] {
        let who = format!("Bearer {key}");
        let answer =
            call(server.address, "POST", "/v1/records", &[("authorization", &who)], "{}").await.unwrap();
        assert_eq!(answer.problem().0, status);
    }
}

#[tokio::test]
async fn what_comes_from_elsewhere_is_not_let_in() {
    let server = running().await;
    for (name, value) in
        [("host", "evil.example"), ("origin", "https://evil.example"), ("x-forwarded-for", "10.0.0.1")]
    {
        let body = json!({}).to_string();
        let answer = call(server.address, "POST", "/v1/profiles", &[(name, value)], body).await.unwrap();
        assert_eq!(answer.problem(), (403, "forbidden".to_owned()), "{name}");
        assert!(answer.json()["detail"].as_str().unwrap().contains("start it with `--"));
    }
}
