//! Who is let in at all.

use std::time::Duration;

use serde_json::json;

use super::support::Guarded;
use crate::ingest::running::{batch, call, records};

#[tokio::test]
async fn nothing_is_done_for_who_does_not_say_who_they_are() {
    let server = Guarded::start().await;
    let profile = server.profile("shop", "m").await;
    for (method, path) in [
        ("GET", "/v1/profiles".to_owned()),
        ("POST", "/v1/profiles".to_owned()),
        ("POST", "/v1/records".to_owned()),
        ("GET", format!("/v1/profiles/{profile}")),
        ("PUT", format!("/v1/profiles/{profile}/status")),
        ("GET", format!("/v1/profiles/{profile}/alerts")),
        ("GET", format!("/v1/profiles/{profile}/drift")),
        ("GET", format!("/v1/profiles/{profile}/records")),
        ("POST", "/v1/alerts/1/acknowledge".to_owned()),
        ("POST", "/v1/keys".to_owned()),
        ("GET", "/v1/keys".to_owned()),
        ("DELETE", "/v1/keys/scouter_nothing".to_owned()),
        ("PUT", "/v1/keys/scouter_nothing/grants".to_owned()),
        ("GET", "/metrics".to_owned()),
    ] {
        let answer = call(server.running.address, method, &path, &[], "{}").await.unwrap();
        assert_eq!(answer.problem(), (401, "unauthenticated".to_owned()), "{method} {path}");
        assert_eq!(answer.headers["www-authenticate"], "Bearer");
    }
}

#[tokio::test]
async fn whether_the_server_lives_is_told_to_everybody() {
    let server = Guarded::start().await;
    for path in ["/healthz", "/readyz"] {
        assert_eq!(call(server.running.address, "GET", path, &[], "").await.unwrap().status, 200);
    }
}

#[tokio::test]
async fn a_key_lets_in_until_it_is_revoked() {
    let server = Guarded::start().await;
    let key = server.key(&["shop=read"]).await;
    let asked = async || server.asked(&key, "GET", "/v1/profiles", &json!(null)).await.0;
    assert_eq!(asked().await, 200);
    assert!(server.store.revoke_key("test", key.rsplit_once('_').unwrap().0).await.unwrap());
    assert_eq!(asked().await, 401);
}

#[tokio::test]
async fn a_key_lets_in_until_its_time_is_over() {
    let server = Guarded::start().await;
    let key = server.key(&["shop=read"]).await;
    let pool = &server.running.pool;
    let asked = async || server.asked(&key, "GET", "/v1/profiles", &json!(null)).await.0;
    sqlx::query("UPDATE api_keys SET expires = now() + interval '1 hour'").execute(pool).await.unwrap();
    assert_eq!(asked().await, 200);
    sqlx::query("UPDATE api_keys SET expires = now()").execute(pool).await.unwrap();
    assert_eq!(asked().await, 401);
}

#[tokio::test]
async fn what_nobody_was_given_lets_nobody_in() {
    let server = Guarded::start().await;
    let key = server.key(&["*=admin"]).await;
    let other = if key.ends_with('a') { 'b' } else { 'a' };
    let changed = format!("{}{other}", &key[..key.len() - 1]);
    let long = "x".repeat(5000);
    for header in [
        format!("Bearer {changed}"),
        format!("Bearer {}", key.rsplit_once('_').unwrap().0),
        format!("Bearer {long}"),
        "Bearer ".to_owned(),
        "Bearer".to_owned(),
        "Bearer eyJhbGciOiJub25lIn0.e30.".to_owned(),
        format!("Basic {key}"),
        "Basic YWRtaW46YWRtaW4=".to_owned(),
        key,
    ] {
        let headers = [("authorization", header.as_str())];
        let answer = call(server.running.address, "GET", "/v1/profiles", &headers, "").await.unwrap();
        assert_eq!(answer.problem(), (401, "unauthenticated".to_owned()), "{header}");
    }
}

#[tokio::test]
async fn an_access_token_lets_in_for_a_quarter_of_an_hour() {
    let server = Guarded::start().await;
    server.user("ada", false).await;
    let (access, _) = server.tokens("ada").await;
    server.clock.put_forward(Duration::from_mins(14));
    assert_eq!(server.asked(&access, "GET", "/v1/profiles", &json!(null)).await.0, 200);
    server.clock.put_forward(Duration::from_mins(1));
    let answer = server.call(&access, "GET", "/v1/profiles", &json!(null)).await;
    assert_eq!(answer.problem().0, 401);
    assert!(answer.json()["detail"].as_str().unwrap().contains("expired"), "{:?}", answer.body);
}

#[tokio::test]
async fn an_access_token_of_another_server_lets_nobody_in() {
    let (server, other) = (Guarded::start().await, Guarded::start().await);
    other.user("ada", false).await;
    let (access, _) = other.tokens("ada").await;
    assert_eq!(server.asked(&access, "GET", "/v1/profiles", &json!(null)).await.0, 401);
}

#[tokio::test]
async fn a_database_that_is_away_is_no_reason_to_say_no() {
    let Guarded { running, store, .. } = Guarded::start().await;
    let key = super::support::key(&store, &["*=admin"]).await;
    running.pool.close().await;
    running.server.cluster.stop().await.unwrap();
    let who = format!("Bearer {key}");
    let headers = [("authorization", who.as_str()), ("content-type", "application/json")];
    let body = batch(uuid::Uuid::nil(), &records(0, 1)).to_string();
    let answer = call(running.address, "POST", "/v1/records", &headers, body).await.unwrap();
    assert_eq!(answer.problem(), (503, "unavailable".to_owned()));
}
