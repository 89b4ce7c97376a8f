//! Records of evaluations over HTTP: kept, and nothing more yet.

use scouter_wire::receipt::RefusalCode;
use serde_json::{Value, json};
use uuid::Uuid;

use super::running::{Running, batch, call, count, eval, evaluated, post, records, registered, running};
use crate::jobs::worker;
use crate::support::uid_of;

const NOW: u64 = 1_790_000_000_000;
const REMARK: &str = "its records are kept, and not evaluated yet: this server has no evaluation";

#[tokio::test]
async fn what_is_to_be_evaluated_is_kept_once_as_it_was_sent() {
    let server = running().await;
    let profile = evaluated(server.address).await;
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let context = json!({"b": "ünï", "a": [1, null, 2.5]});
    let whole = json!({"uid": uid_of(1_790_000_000_000), "eval": {"context": context, "id": "7", "session": "s", "trace": trace}});
    let sent = batch(profile, &[whole, eval(1)]);
    for _ in 0..2 {
        let receipt = post(server.address, &sent).await.receipt();
        assert_eq!((receipt.accepted, receipt.refused), (2, vec![]));
    }
    assert_eq!(count(&server.pool, "eval_records").await, 2);
    let row: (String, String, String, Vec<u8>) =
        sqlx::query_as("SELECT id, session, context, trace FROM eval_records ORDER BY uid LIMIT 1")
            .fetch_one(&server.pool)
            .await
            .unwrap();
    assert_eq!((row.0.as_str(), row.1.as_str(), row.2), ("7", "s", context.to_string()));
    assert_eq!((row.3.len(), row.3[0]), (16, 0x4b));
}

#[tokio::test]
async fn one_that_cannot_be_evaluated_is_refused_alone() {
    let server = running().await;
    let (profile, drift) = (evaluated(server.address).await, registered(server.address, "m", true).await);
    let bad = json!({"uid": uid_of(1_790_000_000_009), "eval": {"context": ["no object"]}});
    let other = json!({"profile": drift, "records": [eval(3)]});
    let own = json!({"profile": profile, "records": [eval(1), bad, eval(2), records(4, 1)[0]]});
    let receipt = post(server.address, &json!({"groups": [own, other]})).await.receipt();
    assert_eq!((receipt.accepted, count(&server.pool, "eval_records").await), (2, 2));
    let told: Vec<_> = receipt.refused.into_iter().map(|refused| (refused.code, refused.reason)).collect();
    assert_eq!(
        told,
        [
            (RefusalCode::Type, "its `context` is no object: it is an array".to_owned()),
            (RefusalCode::Kind, "the profile takes `eval`, not `features`".to_owned()),
            (RefusalCode::Kind, "the profile takes `features` and `bins`, not `eval`".to_owned()),
        ]
    );
}

#[tokio::test]
async fn that_nothing_is_evaluated_yet_is_told_wherever_the_profile_is() {
    let server = running().await;
    let drift = registered(server.address, "m", true).await;
    let profile = evaluated(server.address).await;
    let get = async |path: String| -> (u16, Value) {
        let answer = call(server.address, "GET", &path, &[], "").await.unwrap();
        (answer.status, answer.json())
    };
    let (_, list) = get("/v1/profiles".to_owned()).await;
    assert_eq!((&list["items"][0]["remark"], list["items"][1].get("remark")), (&json!(REMARK), None));
    assert_eq!(get(format!("/v1/profiles/{profile}")).await.1["profile"]["remark"], REMARK);
    assert_eq!(get(format!("/v1/profiles/{drift}")).await.1["profile"].get("remark"), None);
    let (status, switched) = {
        let body = json!({"active": true}).to_string();
        let path = format!("/v1/profiles/{profile}/status");
        let answer = call(server.address, "PUT", &path, &[], body).await.unwrap();
        (answer.status, answer.json())
    };
    assert_eq!((status, &switched["remark"]), (200, &json!(REMARK)));
    for path in
        ["drift?time_interval=one_hour&max_data_points=1", "records?start_datetime=2026-01-01T00:00:00Z"]
    {
        let (status, problem) = get(format!("/v1/profiles/{profile}/{path}")).await;
        assert_eq!(status, 422, "{problem}");
        assert_eq!(problem["detail"], format!("profile `{profile}` is one of evaluations: {REMARK}"));
    }
}

/// What a page of records says of itself, and the `n` in the context of each.
fn page(told: &Value) -> (Vec<u64>, bool, bool) {
    let items = told["items"].as_array().unwrap().iter();
    let numbers = items.map(|item| item["context"]["n"].as_u64().unwrap()).collect();
    (numbers, told["has_next"].as_bool().unwrap(), told["has_previous"].as_bool().unwrap())
}

async fn get(server: &Running, profile: Uuid, query: &str) -> (u16, Value) {
    let path = format!("/v1/profiles/{profile}/evals{query}");
    let answer = call(server.address, "GET", &path, &[], "").await.unwrap();
    (answer.status, answer.json())
}

/// A record with a number, of so many milliseconds after the others begin.
fn numbered(n: u64) -> Value {
    json!({"uid": uid_of(NOW + n), "eval": {"context": {"n": n}}})
}

#[tokio::test]
async fn records_come_back_as_they_were_sent() {
    let server = running().await;
    let profile = evaluated(server.address).await;
    let context = r#"{"z": 0.10e0, "big": 9007199254740993, "a": {"ünï": [1.50, null]}}"#;
    let uid = uid_of(NOW);
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let sent = format!(
        r#"{{"groups": [{{"profile": "{profile}", "records": [{{"uid": "{uid}", "eval": {{"context": {context}, "id": "7", "session": "s", "trace": "{trace}"}}}}]}}]}}"#
    );
    let json = [("content-type", "application/json")];
    assert_eq!(call(server.address, "POST", "/v1/records", &json, sent).await.unwrap().receipt().accepted, 1);
    let path = format!("/v1/profiles/{profile}/evals");
    let answer = call(server.address, "GET", &path, &[], "").await.unwrap();
    assert!(String::from_utf8_lossy(&answer.body).contains(&format!("\"context\":{context}")));
    let told = answer.json();
    let item = &told["items"][0];
    assert_eq!((&item["uid"], &item["created_at"]), (&json!(uid), &json!("2026-09-21T14:13:20Z")));
    assert_eq!((&item["id"], &item["session"], &item["trace"]), (&json!("7"), &json!("s"), &json!(trace)));
    assert_eq!((&told["has_next"], &told["has_previous"]), (&json!(false), &json!(false)));
}

#[tokio::test]
async fn records_are_found_page_by_page_in_both_directions_and_by_time() {
    let server = running().await;
    let (profile, other) = (evaluated(server.address).await, registered(server.address, "m", true).await);
    let sent: Vec<_> = (1..=5).map(numbered).collect();
    assert_eq!(post(server.address, &batch(profile, &sent)).await.receipt().accepted, 5);
    let (_, first) = get(&server, profile, "?limit=2").await;
    assert_eq!(page(&first), (vec![5, 4], false, true));
    let behind = |page: &Value, cursor: &str, direction: &str| {
        format!("?limit=2&direction={direction}&cursor={}", page[cursor].as_str().unwrap())
    };
    let (_, second) = get(&server, profile, &behind(&first, "previous_cursor", "previous")).await;
    assert_eq!(page(&second), (vec![3, 2], true, true));
    let (_, third) = get(&server, profile, &behind(&second, "previous_cursor", "previous")).await;
    assert_eq!((page(&third), third.get("previous_cursor")), ((vec![1], true, false), None));
    let (_, back) = get(&server, profile, &behind(&third, "next_cursor", "next")).await;
    assert_eq!(page(&back), (vec![3, 2], true, true));
    let time = "?start_datetime=2026-09-21T14:13:20.002Z&end_datetime=2026-09-21T14:13:20.004Z";
    assert_eq!(page(&get(&server, profile, time).await.1), (vec![3, 2], false, false));
    let (status, problem) = get(&server, other, "").await;
    let why = format!(
        "nothing is evaluated of the profile `{other}` of `psi`: its records are at `/v1/profiles/{other}/records`"
    );
    assert_eq!((status, problem["detail"].as_str()), (422, Some(why.as_str())));
    assert_eq!(get(&server, Uuid::from_u128(7), "").await.0, 404);
    for query in ["?limit=x", "?cursor=1", "?direction=up", "?start_datetime=noon", "?after=1"] {
        assert_eq!(get(&server, profile, query).await.0, 422, "{query}");
    }
}

#[tokio::test]
async fn a_page_of_large_contexts_ends_early_and_none_is_left_out() {
    let server = running().await;
    let profile = evaluated(server.address).await;
    for n in 0..12 {
        let context = json!({"n": n, "text": "x".repeat(1_000_000)});
        let record = json!({"uid": uid_of(NOW + n), "eval": {"context": context}});
        assert_eq!(post(server.address, &batch(profile, &[record])).await.receipt().accepted, 1);
    }
    let (_, first) = get(&server, profile, "").await;
    assert_eq!(page(&first), ((3..12).rev().collect::<Vec<u64>>(), false, true));
    let query = format!("?cursor={}", first["previous_cursor"].as_str().unwrap());
    assert_eq!(page(&get(&server, profile, &query).await.1), (vec![2, 1, 0], true, false));
}

#[tokio::test]
async fn no_job_is_planned_for_a_profile_of_evaluations() {
    let server = running().await;
    let profile = evaluated(server.address).await;
    assert_eq!(post(server.address, &batch(profile, &[eval(1)])).await.receipt().accepted, 1);
    assert_eq!(worker(&server.server.store().await).run_due().await.unwrap(), 0);
    assert_eq!(count(&server.pool, "drift_jobs").await, 0);
}
