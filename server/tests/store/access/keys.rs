//! API keys over HTTP.

use serde_json::{Value, json};

use super::support::{Guarded, granted};

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

/// The path of what a key may do.
fn grants_of(key: &str) -> String {
    format!("/v1/keys/{}/grants", key.rsplit_once('_').unwrap().0)
}

#[tokio::test]
async fn what_a_key_may_do_is_changed_from_its_next_request_on() {
    let server = Guarded::start().await;
    let profile = server.profile("shop", "m").await;
    let (admin, key) = (server.key(&["shop=admin", "lab=admin"]).await, server.key(&["shop=read"]).await);
    let (status, off) = (format!("/v1/profiles/{profile}/status"), json!({"active": false}));
    assert_eq!(server.asked(&key, "PUT", &status, &off).await.0, 403);
    let grants = json!({"grants": {"shop": "write", "lab": "read"}});
    let answer = server.call(&admin, "PUT", &grants_of(&key), &grants).await;
    assert_eq!((answer.status, &answer.json()["grants"]), (200, &grants["grants"]));
    assert_eq!(server.asked(&key, "PUT", &status, &off).await.0, 200);
    // What is not said is not kept.
    assert_eq!(
        server.asked(&admin, "PUT", &grants_of(&key), &json!({"grants": {"lab": "read"}})).await.0,
        200
    );
    assert_eq!(server.asked(&key, "PUT", &status, &off).await, (404, "not_found".to_owned()));
    let changed = server.audit().await.into_iter().filter(|(_, action, _)| action == "key_changed");
    let prefix = |key: &str| key.rsplit_once('_').unwrap().0.to_owned();
    let who: Vec<_> = changed.map(|(actor, _, subject)| (actor, subject)).collect();
    assert_eq!(who, [(); 2].map(|()| (prefix(&admin), prefix(&key))));
}

#[tokio::test]
async fn what_a_key_may_do_is_changed_by_who_administers_what_it_is_before_and_after() {
    let server = Guarded::start().await;
    let admin = server.key(&["shop=admin", "bank=write"]).await;
    let (own, other) = (server.key(&["shop=read"]).await, server.key(&["shop=read", "bank=read"]).await);
    let read = json!({"grants": {"shop": "read"}});
    let said = server.asked(&admin, "PUT", &grants_of(&other), &read).await;
    assert_eq!(said, (404, "not_found".to_owned()));
    for grants in [json!({"*": "read"}), json!({"bank": "read"}), json!({"shop": "read", "lab": "read"})] {
        let said = server.asked(&admin, "PUT", &grants_of(&own), &json!({"grants": grants})).await;
        assert_eq!(said, (403, "forbidden".to_owned()), "{grants}");
    }
    let writer = server.key(&["*=write"]).await;
    let said = server.asked(&writer, "PUT", &grants_of(&own), &read).await;
    assert_eq!(said, (403, "forbidden".to_owned()));
    assert!(!server.audit().await.iter().any(|(_, action, _)| action == "key_changed"));
}

#[tokio::test]
async fn what_was_revoked_is_not_changed() {
    let server = Guarded::start().await;
    let (admin, key) = (server.key(&["*=admin"]).await, server.key(&["shop=read"]).await);
    let path = grants_of(&key);
    assert_eq!(server.asked(&admin, "DELETE", path.trim_end_matches("/grants"), &json!(null)).await.0, 204);
    let said = server.asked(&admin, "PUT", &path, &json!({"grants": {"shop": "write"}})).await;
    assert_eq!(said, (404, "not_found".to_owned()));
}

#[tokio::test]
async fn grants_that_somebody_else_changed_meanwhile_are_left_as_they_are() {
    let server = Guarded::start().await;
    let key = server.key(&["shop=read", "bank=read"]).await;
    let prefix = key.rsplit_once('_').unwrap().0;
    let (seen, new) = (granted(&["shop=read"]), granted(&["shop=write"]));
    assert!(!server.store.set_key_grants("test", prefix, &new, Some(&seen)).await.unwrap());
    let there = granted(&["bank=read", "shop=read"]);
    assert_eq!(server.store.key(prefix).await.unwrap().unwrap().grants, there);
    assert!(server.store.set_key_grants("test", prefix, &new, Some(&there)).await.unwrap());
}

#[tokio::test]
async fn what_a_key_cannot_be_changed_to_is_told() {
    let server = Guarded::start().await;
    let (admin, key) = (server.key(&["*=admin"]).await, server.key(&["shop=read"]).await);
    for (grants, told) in [
        (json!({"shop": "own"}), "`shop=own` is no grant"),
        (json!({}), "without a role"),
        (json!({"": "read"}), "`=read` is no grant"),
    ] {
        let answer = server.call(&admin, "PUT", &grants_of(&key), &json!({"grants": grants})).await;
        assert_eq!(answer.problem(), (422, "invalid".to_owned()), "{grants}");
        assert!(answer.json()["detail"].as_str().unwrap().contains(told), "{:?}", answer.body);
    }
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
