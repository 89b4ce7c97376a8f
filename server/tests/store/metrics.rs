//! What is counted is told.

use serde_json::json;
use uuid::Uuid;

use crate::ingest::running::{batch, call, post, records, registered, running};

#[tokio::test]
async fn what_came_in_and_what_waits_is_told_to_prometheus() {
    let server = running().await;
    let uid = registered(server.address, "m", true).await;
    post(server.address, &batch(uid, &records(0, 3))).await;
    post(server.address, &batch(Uuid::from_u128(7), &records(0, 2))).await;
    let broken = json!({"groups": 1});
    assert_eq!(post(server.address, &broken).await.status, 400);
    for statement in [
        "INSERT INTO drift_jobs (profile, seen, due) SELECT uid, now(), now() - interval '11 seconds' FROM profiles",
        "INSERT INTO alerts (profile, drifted) SELECT uid, '{}' FROM profiles",
        "INSERT INTO deliveries (alert, target, notice) SELECT id, '', '' FROM alerts, generate_series(1, 2)",
    ] {
        sqlx::query(statement).execute(&server.pool).await.unwrap();
    }
    let answer = call(server.address, "GET", "/metrics", &[], "").await.unwrap();
    assert_eq!(answer.headers["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    let text = String::from_utf8(answer.body.to_vec()).unwrap();
    for line in [
        "scouter_records_total{result=\"accepted\"} 3",
        "scouter_records_total{result=\"refused\"} 2",
        "scouter_requests_total{method=\"POST\",route=\"/v1/records\",status=\"200\"} 2",
        "scouter_requests_total{method=\"POST\",route=\"/v1/records\",status=\"400\"} 1",
        "scouter_request_seconds_count{route=\"/v1/records\"} 3",
        "scouter_commit_rows_total{table=\"records\",outcome=\"kept\"} 3",
        "scouter_commit_seconds_count 1",
        "scouter_database_up 1",
        "scouter_deliveries_waiting 2",
        "scouter_jobs_overdue 1",
    ] {
        assert!(text.lines().any(|told| told == line), "{line}\n{text}");
    }
}
