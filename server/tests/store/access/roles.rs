//! What those may do who are let in.

use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

use super::support::{Guarded, registration};
use crate::ingest::running::{batch, count, records};

/// Good questions about a profile.
const DRIFT: &str = "drift?time_interval=one_hour&max_data_points=1";
const RECORDS: &str = "records?start_datetime=2020-01-01T00:00:00Z";
const REQUESTS: &str = "requests?start_datetime=2020-01-01T00:00:00Z";

async fn alert(pool: &PgPool, profile: Uuid) -> i64 {
    let add = sqlx::query_scalar("INSERT INTO alerts (profile, drifted) VALUES ($1, '{}') RETURNING id");
    add.bind(profile).fetch_one(pool).await.unwrap()
}

#[tokio::test]
async fn who_reads_does_not_write() {
    let server = Guarded::start().await;
    let profile = server.profile("shop", "m").await;
    let alert = alert(&server.running.pool, profile).await;
    let reader = server.key(&["shop=read"]).await;
    for (method, path, body) in [
        ("POST", "/v1/profiles".to_owned(), registration("shop", "other")),
        ("PUT", format!("/v1/profiles/{profile}/status"), json!({"active": false})),
        ("POST", format!("/v1/profiles/{profile}/run"), json!(null)),
        ("POST", format!("/v1/alerts/{alert}/acknowledge"), json!(null)),
    ] {
        let said = server.asked(&reader, method, &path, &body).await;
        assert_eq!(said, (403, "forbidden".to_owned()), "{method} {path}");
    }
    for path in [
        "/v1/profiles".to_owned(),
        format!("/v1/profiles/{profile}"),
        format!("/v1/profiles/{profile}/alerts"),
        "/v1/alerts".to_owned(),
        format!("/v1/profiles/{profile}/{DRIFT}"),
        format!("/v1/profiles/{profile}/job"),
        format!("/v1/profiles/{profile}/{RECORDS}"),
        format!("/v1/profiles/{profile}/{REQUESTS}"),
    ] {
        assert_eq!(server.asked(&reader, "GET", &path, &json!(null)).await.0, 200, "{path}");
    }
}

#[tokio::test]
async fn records_of_who_may_write_nowhere_are_refused_as_those_of_another_space_are() {
    let server = Guarded::start().await;
    let profile = server.profile("shop", "m").await;
    for grant in ["shop=read", "bank=write"] {
        let key = server.key(&[grant]).await;
        let receipt =
            server.call(&key, "POST", "/v1/records", &batch(profile, &records(0, 1))).await.receipt();
        assert_eq!(receipt.accepted, 0, "{grant}");
        assert_eq!(receipt.refused[0].code.as_str(), "forbidden", "{grant}");
    }
    assert_eq!(count(&server.running.pool, "records").await, 0);
}

#[tokio::test]
async fn registering_what_is_there_already_is_not_written_down() {
    let server = Guarded::start().await;
    let writer = server.key(&["shop=write"]).await;
    let mut sent = registration("shop", "m");
    sent["activate"] = json!(false);
    for status in [201, 200, 200] {
        assert_eq!(server.call(&writer, "POST", "/v1/profiles", &sent).await.status, status);
    }
    let registered = server.audit().await.into_iter().filter(|(_, action, _)| action == "POST /v1/profiles");
    assert_eq!(registered.count(), 1);
}

#[tokio::test]
async fn who_writes_may_do_so_in_their_space() {
    let server = Guarded::start().await;
    let writer = server.key(&["shop=write"]).await;
    let answer = server.call(&writer, "POST", "/v1/profiles", &registration("shop", "m")).await;
    let profile: Uuid = answer.json()["uid"].as_str().unwrap().parse().unwrap();
    let alert = alert(&server.running.pool, profile).await;
    let receipt =
        server.call(&writer, "POST", "/v1/records", &batch(profile, &records(0, 3))).await.receipt();
    assert_eq!(receipt.accepted, 3);
    for (method, path, body) in [
        ("PUT", format!("/v1/profiles/{profile}/status"), json!({"active": false})),
        ("POST", format!("/v1/alerts/{alert}/acknowledge"), json!(null)),
    ] {
        assert_eq!(server.asked(&writer, method, &path, &body).await.0, 200, "{path}");
    }
}

#[tokio::test]
async fn what_is_in_another_space_is_not_there() {
    let server = Guarded::start().await;
    let profile = server.profile("bank", "m").await;
    let alert = alert(&server.running.pool, profile).await;
    let stranger = server.key(&["shop=admin"]).await;
    for (method, path, body) in [
        ("GET", format!("/v1/profiles/{profile}"), json!(null)),
        ("GET", format!("/v1/profiles/{profile}/alerts"), json!(null)),
        ("GET", format!("/v1/profiles/{profile}/{DRIFT}"), json!(null)),
        ("GET", format!("/v1/profiles/{profile}/{RECORDS}"), json!(null)),
        ("GET", format!("/v1/profiles/{profile}/{REQUESTS}"), json!(null)),
        ("GET", format!("/v1/profiles/{profile}/evals"), json!(null)),
        ("PUT", format!("/v1/profiles/{profile}/status"), json!({"active": false})),
        ("POST", format!("/v1/profiles/{profile}/run"), json!(null)),
        ("GET", format!("/v1/profiles/{profile}/job"), json!(null)),
        ("POST", format!("/v1/alerts/{alert}/acknowledge"), json!(null)),
    ] {
        let hidden = server.call(&stranger, method, &path, &body).await;
        assert_eq!(hidden.problem(), (404, "not_found".to_owned()), "{method} {path}");
        // Nor is it told from what really is not.
        let nothing = path.replace(&profile.to_string(), &Uuid::nil().to_string());
        let nothing = nothing.replace(&format!("/{alert}/"), "/999999/");
        let detail = server.call(&stranger, method, &nothing, &body).await.json()["detail"].clone();
        let known = hidden.json()["detail"].as_str().unwrap().to_owned();
        let known = known.replace(&profile.to_string(), &Uuid::nil().to_string());
        assert_eq!(detail, json!(known.replace(&format!("`{alert}`"), "`999999`")), "{path}");
    }
}

#[tokio::test]
async fn lists_have_what_one_may_see() {
    let server = Guarded::start().await;
    for (space, name) in [("bank", "a"), ("shop", "b"), ("lab", "c")] {
        server.profile(space, name).await;
    }
    let names = async |key: &str, path: &str| -> Vec<Value> {
        let page = server.call(key, "GET", path, &json!(null)).await.json();
        page["items"].as_array().unwrap().iter().map(|item| item["name"].clone()).collect()
    };
    let some = server.key(&["shop=read", "lab=write"]).await;
    let all = server.key(&["*=read"]).await;
    assert_eq!(names(&some, "/v1/profiles").await, ["c", "b"]);
    assert_eq!(names(&some, "/v1/profiles?space=shop").await, ["b"]);
    assert_eq!(names(&all, "/v1/profiles").await, ["c", "b", "a"]);
    let said = server.asked(&some, "GET", "/v1/profiles?space=bank", &json!(null)).await;
    assert_eq!(said, (403, "forbidden".to_owned()));
}

#[tokio::test]
async fn alerts_of_all_profiles_are_those_of_spaces_that_one_may_read() {
    let server = Guarded::start().await;
    for space in ["bank", "shop"] {
        let profile = server.profile(space, "m").await;
        alert(&server.running.pool, profile).await;
    }
    let key = server.key(&["shop=read"]).await;
    let page = server.call(&key, "GET", "/v1/alerts", &json!(null)).await.json();
    let items = page["items"].as_array().unwrap();
    assert!(items.len() == 1 && items[0]["entity_name"].as_str().unwrap().starts_with("shop/m/"), "{page}");
    let said = server.asked(&key, "GET", "/v1/alerts?space=bank", &json!(null)).await;
    assert_eq!(said, (403, "forbidden".to_owned()));
}

#[tokio::test]
async fn what_belongs_to_no_space_is_told_to_who_reads_in_all() {
    let server = Guarded::start().await;
    let (some, all) = (server.key(&["shop=admin"]).await, server.key(&["*=read"]).await);
    let said = server.asked(&some, "GET", "/metrics", &json!(null)).await;
    assert_eq!(said, (403, "forbidden".to_owned()));
    assert_eq!(server.asked(&all, "GET", "/metrics", &json!(null)).await.0, 200);
}

#[tokio::test]
async fn a_profile_is_registered_only_where_one_may_write() {
    let server = Guarded::start().await;
    let writer = server.key(&["shop=write", "bank=read"]).await;
    for space in ["bank", "lab"] {
        let answer = server.call(&writer, "POST", "/v1/profiles", &registration(space, "m")).await;
        assert_eq!(answer.problem().0, 403);
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(&format!("the role `write` in the space `{space}`")), "{detail}");
    }
}

#[tokio::test]
async fn of_a_batch_what_is_in_another_space_is_refused_and_the_rest_kept() {
    let server = Guarded::start().await;
    let [own, other] = [server.profile("shop", "m").await, server.profile("bank", "m").await];
    let writer = server.key(&["shop=write"]).await;
    let sent = json!({"groups": [
        {"profile": own, "records": records(0, 2)},
        {"profile": other, "records": records(2, 1)},
    ]});
    let receipt = server.call(&writer, "POST", "/v1/records", &sent).await.receipt();
    assert_eq!((receipt.accepted, receipt.refused.len()), (2, 1));
    assert_eq!(receipt.refused[0].code.as_str(), "forbidden");
    assert_eq!(count(&server.running.pool, "records").await, 2);
}

#[tokio::test]
async fn what_the_path_does_not_name_rightly_is_told() {
    let server = Guarded::start().await;
    let reader = server.key(&["shop=read"]).await;
    for path in ["/v1/profiles/x", "/v1/profiles/x/alerts"] {
        let said = server.asked(&reader, "GET", path, &json!(null)).await;
        assert_eq!(said, (422, "invalid".to_owned()), "{path}");
    }
}

#[tokio::test]
async fn what_was_changed_is_written_down_and_what_was_not_is_not() {
    let server = Guarded::start().await;
    let profile = server.profile("shop", "m").await;
    let (reader, writer) = (server.key(&["shop=read"]).await, server.key(&["shop=write"]).await);
    let path = format!("/v1/profiles/{profile}/status");
    for key in [&reader, &writer] {
        server.call(key, "PUT", &path, &json!({"active": false})).await;
    }
    server.call(&writer, "PUT", &path, &json!({"active": 1})).await;
    let register = |(actor, action, subject): &(String, String, String)| {
        actor.starts_with("scouter_") && action == "POST /v1/profiles" && *subject == profile.to_string()
    };
    assert!(server.audit().await.iter().any(register));
    let done: Vec<_> =
        server.audit().await.into_iter().filter(|(_, action, _)| action.contains("PUT")).collect();
    let actor = writer.rsplit_once('_').unwrap().0.to_owned();
    assert_eq!(done, [(actor, "PUT /v1/profiles/{uid}/status".to_owned(), path)]);
}
