//! Records of evaluations over HTTP: kept, and nothing more yet.

use scouter_wire::receipt::RefusalCode;
use serde_json::{Value, json};

use super::running::{batch, call, count, eval, evaluated, post, records, registered, running};
use crate::jobs::worker;
use crate::support::uid_of;

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

#[tokio::test]
async fn no_job_is_planned_for_a_profile_of_evaluations() {
    let server = running().await;
    let profile = evaluated(server.address).await;
    assert_eq!(post(server.address, &batch(profile, &[eval(1)])).await.receipt().accepted, 1);
    assert_eq!(worker(&server.server.store().await).run_due().await.unwrap(), 0);
    assert_eq!(count(&server.pool, "drift_jobs").await, 0);
}
