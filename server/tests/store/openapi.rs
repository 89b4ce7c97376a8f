//! What the server says of its API is what it does.

use std::collections::BTreeSet;
use std::sync::Arc;

use scouter_engine::SystemClock;
use scouter_server::http::{Bounds, openapi};
use scouter_server::ingest::IngestOptions;
use serde_json::Value;

use crate::ingest::running::{Door, behind, call, running};

#[tokio::test]
async fn the_description_is_served_to_everybody() {
    let asking = Door { open: false, tls: None, clock: Arc::new(SystemClock) };
    let server = behind(asking, IngestOptions::default().queue, Bounds::default()).await;
    let answer = call(server.address, "GET", "/openapi.json", &[], "").await.unwrap();
    assert_eq!(answer.status, 200);
    assert_eq!(answer.headers["content-type"], "application/json");
    assert_eq!(answer.body, openapi());
}

#[tokio::test]
async fn each_path_takes_the_methods_that_are_described() {
    let server = running().await;
    let document: Value = serde_json::from_str(&openapi()).unwrap();
    for (path, item) in document["paths"].as_object().unwrap() {
        let mut described: BTreeSet<_> =
            item.as_object().unwrap().keys().map(|method| method.to_ascii_uppercase()).collect();
        if described.contains("GET") {
            described.insert("HEAD".to_owned());
        }
        let answer = call(server.address, "TRACE", &path_of(path), &[], "").await.unwrap();
        assert_eq!(answer.problem(), (405, "method_not_allowed".to_owned()), "{path}");
        let allowed = answer.headers["allow"].to_str().unwrap();
        let allowed: BTreeSet<_> = allowed.split(',').map(|method| method.trim().to_owned()).collect();
        assert_eq!(allowed, described, "{path}");
    }
}

#[tokio::test]
async fn parameters_that_no_operation_has_are_refused_by_all_of_them() {
    let server = running().await;
    let document: Value = serde_json::from_str(&openapi()).unwrap();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            // Whoever asks whether the server lives may be a balancer that adds what it likes.
            if operation["tags"][0] == "server" {
                continue;
            }
            let (method, asked) = (method.to_ascii_uppercase(), format!("{}?nonsense=1", path_of(path)));
            let answer = call(server.address, &method, &asked, &[], "").await.unwrap();
            assert_eq!(answer.problem(), (422, "invalid".to_owned()), "{method} {path}");
            let detail = answer.json()["detail"].as_str().unwrap().to_owned();
            assert!(detail.starts_with("`nonsense` is no parameter of this operation"), "{detail}");
            assert!(operation["responses"]["422"].is_object(), "{method} {path}: it is described");
        }
    }
}

#[tokio::test]
async fn what_was_probably_meant_by_a_parameter_is_told() {
    let server = running().await;
    let answer = call(server.address, "GET", "/v1/profiles?spaze=shop", &[], "").await.unwrap();
    assert_eq!(answer.json()["detail"], "`spaze` is no parameter of this operation, did you mean `space`?");
}

/// A path that a pattern matches.
fn path_of(pattern: &str) -> String {
    pattern
        .split('/')
        .map(|part| if part.starts_with('{') { "0" } else { part })
        .collect::<Vec<_>>()
        .join("/")
}

#[tokio::test]
async fn a_path_that_is_no_text_is_told_as_a_problem() {
    let server = running().await;
    for (method, path) in [
        ("DELETE", "/v1/keys/%ff"),
        ("PUT", "/v1/keys/%ff/grants"),
        ("PUT", "/v1/profiles/%ff/status"),
        ("POST", "/v1/alerts/%ff/acknowledge"),
    ] {
        let answer = call(server.address, method, path, &[], "").await.unwrap();
        assert_eq!(answer.problem(), (422, "invalid".to_owned()), "{path}");
    }
}

#[tokio::test]
async fn a_character_that_the_database_does_not_take_is_told_in_a_query() {
    let server = running().await;
    for parameter in ["space", "name", "version"] {
        let path = format!("/v1/profiles?{parameter}=a%00b");
        let answer = call(server.address, "GET", &path, &[], "").await.unwrap();
        assert_eq!(answer.problem(), (422, "invalid".to_owned()), "{path}");
        let why = format!("`{parameter}` has the character U+0000 in it, which no profile has");
        assert_eq!(answer.json()["detail"], why);
    }
}

#[tokio::test]
async fn a_kind_of_profile_that_is_none_is_refused_and_not_looked_for() {
    let server = running().await;
    let answer = call(server.address, "GET", "/v1/profiles?kind=psy", &[], "").await.unwrap();
    assert_eq!(answer.problem(), (422, "invalid".to_owned()));
    let why = "`kind` is `psy`: it is one of `psi`, `spc`, `custom`, `genai`";
    assert_eq!(answer.json()["detail"], why);
}
