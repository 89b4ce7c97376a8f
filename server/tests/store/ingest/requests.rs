//! Requests to an application: kept for any of its profiles, and put together by route.

use std::time::Duration;

use scouter_server::http::Bounds;
use scouter_server::ingest::IngestOptions;
use scouter_server::store::RequestsRow;
use serde_json::{Value, json};
use uuid::Uuid;

use super::running::{Running, batch, bounded, call, count, evaluated, post, registered, requests, running};
use crate::support::uid_of;

const NOW: u64 = 1_790_000_000_000;
const WHEN: &str = "start_datetime=2026-09-21T00:00:00Z&end_datetime=2026-09-22T00:00:00Z";

async fn get(server: &Running, profile: Uuid, query: &str) -> (u16, Value) {
    let path = format!("/v1/profiles/{profile}/requests?{query}");
    let answer = call(server.address, "GET", &path, &[], "").await.unwrap();
    (answer.status, answer.json())
}

#[tokio::test]
async fn requests_are_kept_once_and_told_by_route() {
    let server = running().await;
    let profile = registered(server.address, "m", true).await;
    let latency = json!({"p5": 0.3, "p25": 0.4, "p50": 0.5, "p95": 0.75, "p99": 3.0});
    let more = json!({"/predict": {"count": 6, "latency": latency, "statuses": {"200": 5}}, "/ünï": {"count": 1, "latency": latency}});
    let sent = batch(profile, &[requests(0), json!({"uid": uid_of(NOW + 1), "requests": more})]);
    for _ in 0..2 {
        assert_eq!(post(server.address, &sent).await.receipt().accepted, 2);
    }
    assert_eq!(count(&server.pool, "requests").await, 2);
    let (status, told) = get(&server, profile, WHEN).await;
    assert_eq!((status, &told["left_out"]), (200, &json!(0)), "{told}");
    let predict = &told["routes"]["/predict"];
    assert_eq!((&predict["count"], &predict["errors"]), (&json!(8), &json!(1)));
    assert_eq!(predict["statuses"], json!({"200": 6, "500": 1}));
    // Two requests of the first record, six of the second.
    let near = |field: &Value, wanted: f64| (field.as_f64().unwrap() - wanted).abs() < 1e-12;
    assert!(near(&predict["latency"]["p50"], 0.4375) && near(&predict["latency"]["p99"], 2.5), "{predict}");
    assert!(near(&predict["error_latency"], 0.5), "{predict}");
    assert_eq!(told["routes"]["/ünï"]["count"], 1);
}

#[tokio::test]
async fn only_requests_of_the_profile_and_the_time_are_told() {
    let server = running().await;
    let (one, two) = (registered(server.address, "m", true).await, evaluated(server.address).await);
    let day = 86_400_000;
    assert_eq!(post(server.address, &batch(one, &[requests(0), requests(day)])).await.receipt().accepted, 2);
    assert_eq!(post(server.address, &batch(two, &[requests(1)])).await.receipt().accepted, 1);
    for profile in [one, two] {
        assert_eq!(get(&server, profile, WHEN).await.1["routes"]["/predict"]["count"], 2);
    }
    let (_, none) =
        get(&server, one, "start_datetime=2020-01-01T00:00:00Z&end_datetime=2020-01-02T00:00:00Z").await;
    assert_eq!(none, json!({"routes": {}, "left_out": 0}));
}

#[tokio::test]
async fn questions_that_are_none_are_told_so() {
    let server = running().await;
    let profile = registered(server.address, "m", true).await;
    assert_eq!(get(&server, Uuid::from_u128(7), WHEN).await.0, 404);
    for query in
        ["", "start_datetime=noon", "start_datetime=2026-01-02T00:00:00Z&end_datetime=2026-01-01T00:00:00Z"]
    {
        assert_eq!(get(&server, profile, query).await.0, 422, "{query}");
    }
}

/// So many records of one request each.
async fn many(server: &Running, profile: Uuid, records: u64) {
    let latency = json!({"p5": 0.5, "p25": 0.5, "p50": 0.5, "p95": 0.5, "p99": 0.5});
    let statuses = json!([{"status": 200, "count": 1}]);
    let route = json!({"route": "/", "count": 1, "errors": 0, "latency": latency, "error_latency": 0.0, "statuses": statuses});
    let routes = json!([route]).to_string();
    let row = |at| RequestsRow { profile, uid: uid_of(NOW + at), routes: routes.clone() };
    let rows: Vec<_> = (0..records).map(row).collect();
    server.server.store().await.add_requests(&rows).await.unwrap();
}

#[tokio::test]
async fn requests_of_a_long_time_are_all_put_together() {
    let server = running().await;
    let profile = registered(server.address, "m", true).await;
    many(&server, profile, 100_001).await;
    let (status, told) = get(&server, profile, WHEN).await;
    let route = &told["routes"]["/"];
    assert_eq!((status, &route["count"], &route["statuses"]["200"]), (200, &json!(100_001), &json!(100_001)));
    assert_eq!(route["latency"]["p50"], 0.5);
}

#[tokio::test]
async fn requests_that_take_too_long_to_put_together_are_told_so() {
    let bounds = Bounds { summary: Duration::ZERO, ..Bounds::default() };
    let server = bounded(IngestOptions::default().queue, bounds).await;
    let profile = registered(server.address, "m", true).await;
    many(&server, profile, 10_000).await;
    let (status, problem) = get(&server, profile, WHEN).await;
    let detail =
        "the requests of that time are too many to be put together within 0 s: ask for a shorter one";
    assert_eq!((status, problem["detail"].as_str()), (422, Some(detail)));
}
