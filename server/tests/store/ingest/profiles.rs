//! Profiles over HTTP.

use scouter_server::registry::Profile;
use scouter_tasks::profile::Dispatch;
use serde_json::{Value, json};
use uuid::Uuid;

use super::running::{Running, batch, call, document, post, records, registered, running};
use crate::samples::custom;

async fn send(server: &Running, method: &str, path: &str, body: Value) -> (u16, Value) {
    let answer = call(server.address, method, path, &[], body.to_string()).await.unwrap();
    (answer.status, answer.json())
}

/// The document of a profile that is larger than a batch.
pub(super) fn wide() -> Value {
    let mut wide = document("wide");
    let x = wide["features"]["x"].clone();
    let features = wide["features"].as_object_mut().unwrap();
    for at in 0..12_000 {
        features.insert(format!("feature_{at}"), x.clone());
    }
    wide
}

#[tokio::test]
async fn the_same_profile_is_registered_once() {
    let server = running().await;
    let uid = registered(server.address, "m", false).await;
    let (status, mut again) = send(&server, "POST", "/v1/profiles", json!({"profile": document("m")})).await;
    again.as_object_mut().unwrap().remove("remark");
    assert_eq!((status, again), (200, json!({"uid": uid, "version": "0.1.0", "new": false})));
}

#[tokio::test]
async fn a_profile_with_a_baseline_of_few_rows_is_registered_with_a_remark() {
    let server = running().await;
    let (status, told) = send(&server, "POST", "/v1/profiles", json!({"profile": document("m")})).await;
    let remark = "of the drift of `carrier` nothing is ever said, for the baseline has fewer than 30 rows";
    assert_eq!((status, told["remark"].as_str()), (201, Some(remark)));
}

#[tokio::test]
async fn a_profile_that_names_whom_the_server_cannot_tell_is_registered_with_a_remark() {
    let server = running().await;
    let mut profile = custom();
    profile.config.alert_config.dispatch_config = Dispatch::Slack { channel: "#drift".to_owned() };
    let document: Value = serde_json::from_str(&Profile::Custom(profile).write().unwrap()).unwrap();
    let (status, told) = send(&server, "POST", "/v1/profiles", json!({"profile": document})).await;
    let remark = told["remark"].as_str().unwrap();
    assert_eq!(status, 201);
    assert!(remark.contains("on this server Slack is not configured: set `SCOUTER_SLACK_TOKEN`"), "{remark}");
}

#[tokio::test]
async fn another_profile_of_the_same_version_is_a_conflict() {
    let server = running().await;
    registered(server.address, "m", false).await;
    let mut other = document("m");
    other["config"]["alert_config"]["schedule"] = json!("0 0 * * *");
    let (status, problem) = send(&server, "POST", "/v1/profiles", json!({"profile": other})).await;
    assert_eq!((status, problem["code"].as_str()), (409, Some("conflict")));
}

#[tokio::test]
async fn what_is_no_profile_is_told_so() {
    let server = running().await;
    for (body, status, detail) in [
        (
            json!({"profile": {}}),
            422,
            "failed to read the profile: it has no `format`: it is no `profile`, or it is damaged",
        ),
        (
            json!({"profile": 1}),
            422,
            "failed to read the profile: it has no `format`: it is no `profile`, or it is damaged",
        ),
        (json!({}), 400, "read JSON: missing field `profile` at line 1 column 2"),
    ] {
        let (told, problem) = send(&server, "POST", "/v1/profiles", body).await;
        assert_eq!((told, problem["detail"].as_str()), (status, Some(detail)));
    }
}

#[tokio::test]
async fn profiles_are_found_page_by_page_and_whole() {
    let server = running().await;
    for name in ["a", "b", "c"] {
        registered(server.address, name, name == "b").await;
    }
    let names = |page: &Value| -> Vec<String> {
        page["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let (_, first) = send(&server, "GET", "/v1/profiles?limit=2&space=production", json!(null)).await;
    let next = first["next"].as_str().unwrap();
    let (_, second) = send(&server, "GET", &format!("/v1/profiles?limit=2&after={next}"), json!(null)).await;
    assert_eq!([names(&first), names(&second)].concat(), ["c", "b", "a"]);
    assert_eq!(second.get("next"), None);

    let (_, active) = send(&server, "GET", "/v1/profiles?active=true&kind=psi", json!(null)).await;
    assert_eq!(names(&active), ["b"]);
    let uid = active["items"][0]["uid"].as_str().unwrap();
    let (_, whole) = send(&server, "GET", &format!("/v1/profiles/{uid}"), json!(null)).await;
    assert_eq!(whole["profile"], active["items"][0]);
    assert_eq!(whole["document"]["features"], document("b")["features"]);
}

#[tokio::test]
async fn profiles_that_are_not_there_and_questions_that_are_none_are_told_so() {
    let server = running().await;
    let nobody = format!("/v1/profiles/{}", Uuid::from_u128(7));
    for (method, path, status) in [
        ("GET", nobody.clone(), 404),
        ("PUT", format!("{nobody}/status"), 404),
        ("GET", "/v1/profiles/mine".to_owned(), 422),
        ("GET", "/v1/profiles?after=x".to_owned(), 422),
        ("GET", "/v1/profiles?limit=x".to_owned(), 422),
    ] {
        assert_eq!(send(&server, method, &path, json!({"active": true})).await.0, status, "{path}");
    }
}

#[tokio::test]
async fn a_profile_that_is_switched_off_takes_no_records_soon_after() {
    let server = running().await;
    let uid = registered(server.address, "m", true).await;
    assert_eq!(post(server.address, &batch(uid, &records(0, 1))).await.receipt().accepted, 1);
    let (status, profile) =
        send(&server, "PUT", &format!("/v1/profiles/{uid}/status"), json!({"active": false})).await;
    assert_eq!((status, &profile["active"]), (200, &json!(false)));
    let refused = async {
        while post(server.address, &batch(uid, &records(0, 1))).await.receipt().refused.is_empty() {}
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), refused).await.unwrap();
}

#[tokio::test]
async fn a_profile_that_is_switched_on_takes_the_next_record() {
    let server = running().await;
    let uid = registered(server.address, "m", false).await;
    let taken = async || post(server.address, &batch(uid, &records(0, 1))).await.receipt().accepted;
    assert_eq!(taken().await, 0);
    send(&server, "PUT", &format!("/v1/profiles/{uid}/status"), json!({"active": true})).await;
    assert_eq!(taken().await, 1);
}

#[tokio::test]
async fn records_of_the_uid_that_the_same_profile_came_with_are_of_the_one_that_is_there() {
    let server = running().await;
    let (uid, sent) = (registered(server.address, "m", true).await, Uuid::from_u128(7));
    let mut same = document("m");
    same["config"]["uid"] = json!(sent);
    assert_eq!(send(&server, "POST", "/v1/profiles", json!({"profile": same})).await.0, 200);
    // First it is looked up, then it is known.
    for at in 0..2 {
        let answer = post(server.address, &batch(sent, &records(at, 1))).await;
        assert_eq!(answer.receipt().accepted, 1);
    }
    let kept: Vec<Uuid> =
        sqlx::query_scalar("SELECT profile FROM records").fetch_all(&server.pool).await.unwrap();
    assert_eq!(kept, [uid, uid]);
}

#[tokio::test]
async fn a_profile_may_be_larger_than_a_batch() {
    let server = running().await;
    let body = json!({"profile": wide(), "activate": true}).to_string();
    assert!(body.len() > scouter_wire::MAX_BYTES, "{}", body.len());
    let answer = call(server.address, "POST", "/v1/profiles", &[], body).await.unwrap();
    assert_eq!(answer.status, 201, "{:?}", answer.body);
    // What is too large all the same is not told to divide itself.
    let answer = call(server.address, "POST", "/v1/profiles", &[], vec![b' '; 33 << 20]).await.unwrap();
    assert_eq!(answer.problem(), (413, "too_large".to_owned()));
    assert_eq!(answer.json()["detail"], "a body has at most 32 MB once it is unpacked");
}

#[tokio::test]
async fn others_are_not_switched_off_without_one_that_is_switched_on() {
    let server = running().await;
    let uid = registered(server.address, "m", true).await;
    for (method, path, body) in [
        ("POST", "/v1/profiles".to_owned(), json!({"profile": document("m"), "deactivate_others": true})),
        ("PUT", format!("/v1/profiles/{uid}/status"), json!({"active": false, "deactivate_others": true})),
    ] {
        let (status, problem) = send(&server, method, &path, body).await;
        assert_eq!(status, 422);
        assert!(
            problem["detail"].as_str().unwrap().starts_with("`deactivate_others` goes with `activ"),
            "{problem}"
        );
    }
    assert_eq!(
        send(&server, "GET", &format!("/v1/profiles/{uid}"), json!(null)).await.1["profile"]["active"],
        true
    );
}
