//! API keys over HTTP.

use serde_json::{Value, json};

use super::support::Guarded;

fn asked(grants: &Value) -> Value {
    json!({"name": "loader", "grants": grants})
}

#[tokio::test]
async fn a_key_that_was_made_lets_in_until_it_is_revoked() {
    let server = Guarded::start().await;
    let admin = server.key(&["shop=admin"]).await;
    let made = server.call(&admin, "POST", "/v1/keys", &asked(&json!({"shop": "read"}))).await;
    assert_eq!(made.status, 201, "{:?}", made.body);
    let (key, prefix) = (made.json()["key"].as_str().unwrap().to_owned(), made.json()["prefix"].clone());
    assert_eq!(server.asked(&key, "GET", "/v1/profiles?space=shop", &json!(null)).await.0, 200);
    let listed = server.call(&admin, "GET", "/v1/keys", &json!(null)).await;
    assert!(!String::from_utf8_lossy(&listed.body).contains(&key));
    let item = &listed.json()["items"][0];
    assert_eq!(
        (&item["prefix"], &item["name"], &item["grants"]),
        (&prefix, &json!("loader"), &json!({"shop": "read"}))
    );
    let path = format!("/v1/keys/{}", prefix.as_str().unwrap());
    assert_eq!(server.asked(&admin, "DELETE", &path, &json!(null)).await.0, 204);
    assert_eq!(server.asked(&key, "GET", "/v1/profiles", &json!(null)).await.0, 401);
}

#[tokio::test]
async fn nobody_gives_what_they_do_not_administer() {
    let server = Guarded::start().await;
    let admin = server.key(&["shop=admin", "bank=write"]).await;
    for grants in [json!({"*": "read"}), json!({"bank": "read"}), json!({"shop": "read", "lab": "read"})] {
        let said = server.asked(&admin, "POST", "/v1/keys", &asked(&grants)).await;
        assert_eq!(said, (403, "forbidden".to_owned()), "{grants}");
    }
    let writer = server.key(&["*=write"]).await;
    let said = server.asked(&writer, "POST", "/v1/keys", &asked(&json!({"shop": "read"}))).await;
    assert_eq!(said, (403, "forbidden".to_owned()));
}

#[tokio::test]
async fn keys_of_other_spaces_are_not_there() {
    let server = Guarded::start().await;
    let (admin, other) = (server.key(&["shop=admin"]).await, server.key(&["shop=read", "bank=read"]).await);
    let listed = server.call(&admin, "GET", "/v1/keys", &json!(null)).await.json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    let path = format!("/v1/keys/{}", other.rsplit_once('_').unwrap().0);
    assert_eq!(server.asked(&admin, "DELETE", &path, &json!(null)).await, (404, "not_found".to_owned()));
    assert_eq!(server.asked(&other, "GET", "/v1/profiles", &json!(null)).await.0, 200);
}

#[tokio::test]
async fn what_can_be_no_key_is_told() {
    let server = Guarded::start().await;
    let admin = server.key(&["*=admin"]).await;
    for (body, told) in [
        (json!({"name": "", "grants": {"shop": "read"}}), "1 to 128 bytes"),
        (json!({"name": "a\u{0}", "grants": {"shop": "read"}}), "1 to 128 bytes"),
        (json!({"name": "a", "grants": {"shop": "own"}}), "`shop=own` is no grant"),
        (json!({"name": "a", "grants": {}}), "without a role"),
        (json!({"name": "a", "grants": {"": "read"}}), "`=read` is no grant"),
        (json!({"name": "a", "grants": {"shop": "read"}, "days": 0}), "1 to 36500 days"),
    ] {
        let answer = server.call(&admin, "POST", "/v1/keys", &body).await;
        assert_eq!(answer.problem(), (422, "invalid".to_owned()), "{body}");
        assert!(answer.json()["detail"].as_str().unwrap().contains(told), "{:?}", answer.body);
    }
}
