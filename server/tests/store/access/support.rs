//! A server that asks who one is, and people who say so.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use scouter_engine::{Clock, SystemClock};
use scouter_server::access::{Grant, Grants, Key, hash};
use scouter_server::http::Bounds;
use scouter_server::ingest::IngestOptions;
use scouter_server::store::{NewKey, NewPassword, Store};
use scouter_tasks::result::NewUid;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::ingest::running::{Answer, Door, Running, behind, call, document};

pub(super) const PASSWORD: &str = "correct horse battery";

/// A clock that can be put forward.
#[derive(Debug, Default)]
pub(super) struct Ahead(AtomicU64);

impl Ahead {
    pub(super) fn put_forward(&self, by: Duration) {
        self.0.fetch_add(by.as_secs(), Ordering::SeqCst);
    }
}

impl Clock for Ahead {
    fn now(&self) -> SystemTime {
        SystemClock.now() + Duration::from_secs(self.0.load(Ordering::SeqCst))
    }

    fn instant(&self) -> Instant {
        SystemClock.instant()
    }
}

/// A server that asks everybody.
pub(super) struct Guarded {
    pub(super) running: Running,
    pub(super) store: Store,
    pub(super) clock: Arc<Ahead>,
}

impl Guarded {
    pub(super) async fn start() -> Self {
        let clock = Arc::new(Ahead::default());
        let door = Door { open: false, tls: None, clock: clock.clone() };
        let running = behind(door, IngestOptions::default().queue, Bounds::default()).await;
        let store = running.server.store().await;
        Self { running, store, clock }
    }

    /// A key with these grants.
    pub(super) async fn key(&self, grants: &[&str]) -> String {
        key(&self.store, grants).await
    }

    /// A user with the password of all of them.
    pub(super) async fn user(&self, name: &str, one_time: bool) {
        let new = NewPassword { hash: &hash(PASSWORD).unwrap(), one_time };
        let (uid, grants) = (self.clock.new_uid(), granted(&["shop=write"]));
        assert!(self.store.add_user("test", uid, name, new, &grants).await.unwrap());
    }

    /// Sends a request as whoever has this token or key.
    pub(super) async fn call(&self, who: &str, method: &str, path: &str, body: &Value) -> Answer {
        let who = format!("Bearer {who}");
        let headers = [("authorization", who.as_str()), ("content-type", "application/json")];
        call(self.running.address, method, path, &headers, body.to_string()).await.unwrap()
    }

    /// The status of a request, and the code of the problem where there is one.
    pub(super) async fn asked(&self, who: &str, method: &str, path: &str, body: &Value) -> (u16, String) {
        let answer = self.call(who, method, path, body).await;
        if answer.status < 300 { (answer.status, String::new()) } else { answer.problem() }
    }

    /// Asks for or by tokens.
    pub(super) async fn auth(&self, operation: &str, body: &Value) -> Answer {
        let path = format!("/v1/auth/{operation}");
        call(self.running.address, "POST", &path, &[], body.to_string()).await.unwrap()
    }

    /// Tokens of a login.
    pub(super) async fn tokens(&self, name: &str) -> (String, String) {
        tokens(&self.auth("login", &json!({"username": name, "password": PASSWORD})).await)
    }

    /// Registers an active profile.
    pub(super) async fn profile(&self, space: &str, name: &str) -> Uuid {
        let admin = self.key(&["*=admin"]).await;
        let answer = self.call(&admin, "POST", "/v1/profiles", &registration(space, name)).await;
        assert_eq!(answer.status, 201, "{:?}", answer.body);
        answer.json()["uid"].as_str().unwrap().parse().unwrap()
    }

    /// What the audit says was done, oldest first.
    pub(super) async fn audit(&self) -> Vec<(String, String, String)> {
        let rows = self.store.audit(100).await.unwrap().into_iter().rev();
        rows.map(|row| (row.actor, row.action, row.subject)).collect()
    }
}

pub(super) fn granted(grants: &[&str]) -> Grants {
    grants.iter().map(|grant| grant.parse::<Grant>().unwrap()).collect()
}

pub(super) async fn key(store: &Store, grants: &[&str]) -> String {
    let key = Key::new().unwrap();
    let new = NewKey { prefix: key.prefix(), hash: &key.hash(), name: "test", days: None };
    assert!(store.add_key("test", new, &granted(grants)).await.unwrap());
    key.reveal().to_owned()
}

/// The access token and the refresh token of an answer.
pub(super) fn tokens(answer: &Answer) -> (String, String) {
    assert_eq!(answer.status, 200, "{:?}", answer.body);
    let body = answer.json();
    let text = |name: &str| body[name].as_str().unwrap().to_owned();
    (text("access_token"), text("refresh_token"))
}

/// What registers a profile of a space.
pub(super) fn registration(space: &str, name: &str) -> Value {
    let mut profile = document(name);
    profile["config"]["space"] = json!(space);
    json!({"profile": profile, "activate": true})
}
