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
            call(server.address, "POST", "/v1/profiles", &[("authorization", &who)], "{}").await.unwrap();
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

#[tokio::test]
async fn what_the_database_says_itself_is_told_to_nobody() {
    let server = running().await;
    server.server.cluster.stop().await.unwrap();
    for path in ["/readyz", "/v1/profiles"] {
        let answer = call(server.address, "GET", path, &[], "").await.unwrap();
        assert_eq!(answer.problem(), (503, "unavailable".to_owned()), "{path}");
        assert_eq!(answer.json()["detail"], "the database cannot be reached; the server's log says why");
    }
}

#[tokio::test]
async fn a_path_that_leads_nowhere_is_told() {
    let server = running().await;
    let answer = call(server.address, "GET", "/api/v1/profiles", &[], "").await.unwrap();
    assert_eq!(answer.problem(), (404, "not_found".to_owned()));
    assert_eq!(answer.json()["detail"], "there is nothing at `/api/v1/profiles`");
}
