//! Records come back as they were sent, page by page.

use chrono::{DateTime, TimeDelta, Utc};
use scouter_server::store::{RecordRow, Store, TABLE, least_uid, made};
use serde_json::{Value, json};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::ingest::running::{Running, call, registered, running};
use crate::support::{fresh, uid_of};

fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000, 0).unwrap()
}

/// A record of so many milliseconds after the start.
fn row(profile: Uuid, at: u64, x: f64, carrier: Option<&str>) -> RecordRow {
    let uid = uid_of(1_790_000_000_000 + at);
    RecordRow { profile, uid, numbers: vec![x], texts: Some(vec![carrier.map(str::to_owned)]) }
}

async fn get(server: &Running, uid: Uuid, query: &str) -> (u16, Value) {
    let path = format!("/v1/profiles/{uid}/records?{query}");
    let answer = call(server.address, "GET", &path, &[], "").await.unwrap();
    (answer.status, answer.json())
}

/// The query of a stretch of time, in milliseconds after the start.
fn between(from: i64, to: i64) -> String {
    let at = |millis| (start() + TimeDelta::milliseconds(millis)).format("%FT%T%.3fZ");
    format!("start_datetime={}&end_datetime={}", at(from), at(to))
}

/// A store on the database of a server.
async fn store(server: &Running) -> Store {
    server.server.store().await
}

#[tokio::test]
async fn records_come_back_in_the_order_in_which_they_were_made() {
    let server = running().await;
    let profile = registered(server.address, "m", true).await;
    let rows = [
        row(profile, 3, f64::INFINITY, None),
        row(profile, 1, 0.5, Some("AA")),
        row(profile, 2, f64::NAN, Some("UA")),
        // Before the time, at its end, and of another profile.
        row(profile, 0, 7.0, Some("AA")),
        row(profile, 4, 7.0, Some("AA")),
        row(Uuid::nil(), 2, 7.0, Some("AA")),
    ];
    store(&server).await.add_records(&rows).await.unwrap();
    let (status, told) = get(&server, profile, &between(1, 4)).await;
    assert_eq!(status, 200, "{told}");
    let x = json!({"name": "x", "numbers": [0.5, null, "Infinity"]});
    let carrier = json!({"name": "carrier", "texts": ["AA", "UA", null]});
    assert_eq!(told["columns"], json!([x, carrier]));
    assert_eq!(told["uid"], json!([rows[1].uid, rows[2].uid, rows[0].uid]));
    let moments = [1, 2, 3].map(|at| start() + TimeDelta::milliseconds(at));
    assert_eq!(told["created_at"], json!(moments));
    let arrived: Vec<DateTime<Utc>> =
        sqlx::query_scalar("SELECT arrived FROM records WHERE profile = $1 AND uid = $2")
            .bind(profile)
            .bind(rows[1].uid)
            .fetch_all(&server.pool)
            .await
            .unwrap();
    assert_eq!(told["arrived_at"][0], json!(arrived[0]));
    assert_eq!(told.get("next"), None);
}

#[tokio::test]
async fn pages_end_after_so_many_rows_or_bytes_and_leave_nothing_out() {
    let server = running().await;
    let profile = registered(server.address, "m", true).await;
    let store = store(&server).await;
    let small: Vec<_> = (0..5000).map(|at| row(profile, at, at as f64, None)).collect();
    store.add_records(&small).await.unwrap();
    // Some two thousand of them have 8 MB.
    let large = "x".repeat(4096);
    let large: Vec<_> = (5000..10_000).map(|at| row(profile, at, at as f64, Some(&large))).collect();
    store.add_records(&large).await.unwrap();
    let (mut lens, mut numbers, mut after) = (Vec::new(), Vec::new(), String::new());
    loop {
        let (status, told) = get(&server, profile, &(between(0, 10_000) + &after)).await;
        assert_eq!(status, 200, "{told}");
        let page = told["columns"][0]["numbers"].as_array().unwrap();
        lens.push(page.len());
        numbers.extend(page.iter().map(|number| number.as_f64().unwrap()));
        match told.get("next") {
            Some(next) => after = format!("&after={}", next.as_str().unwrap()),
            None => break,
        }
    }
    assert_eq!(lens[0], 4096);
    assert!(lens[1] < 4096 && lens.len() == 4, "{lens:?}");
    assert_eq!(numbers, (0..10_000).map(f64::from).collect::<Vec<_>>());
}

#[tokio::test]
async fn questions_about_records_that_are_none_are_told_so() {
    let server = running().await;
    let profile = registered(server.address, "m", true).await;
    for (uid, query, status, detail) in [
        (Uuid::from_u128(7), between(0, 1), 404, "there is no profile"),
        (profile, String::new(), 422, "start_datetime"),
        (profile, between(1, 1), 422, "which is not later"),
        (profile, between(0, 1) + "&after=7", 422, "after"),
        (profile, "start_datetime=-262143-01-02T00:00:00Z".to_owned(), 422, "it is in the years 1 to 9999"),
    ] {
        let (told, problem) = get(&server, uid, &query).await;
        assert!(told == status && problem["detail"].as_str().unwrap().contains(detail), "{query}: {problem}");
    }
}

#[test]
fn the_least_uid_of_a_moment_is_below_all_others_of_it() {
    let least = least_uid(start());
    assert!(least < uid_of(1_790_000_000_000) && least > uid_of(1_789_999_999_999));
    assert_eq!(made(uid_of(1_790_000_000_123)), start() + TimeDelta::milliseconds(123));
    assert_eq!(least_uid(DateTime::<Utc>::MIN_UTC), Uuid::nil());
}

#[tokio::test]
async fn a_page_is_read_by_the_keys_of_its_days_and_not_sorted() {
    let (_server, store, pool) = fresh().await;
    for day in 0..5 {
        let first = start().date_naive() + chrono::Days::new(day);
        sqlx::query("SELECT make_day('records', $1)").bind(first).execute(&pool).await.unwrap();
    }
    // A record every ten seconds for four days, of two profiles.
    for profile in [Uuid::from_u128(1), Uuid::from_u128(2)] {
        let rows: Vec<_> = (0..4 * 8640).map(|at| row(profile, at * 10_000, 0.0, None)).collect();
        store.add_records(&rows).await.unwrap();
    }
    sqlx::query("ANALYZE records").execute(&pool).await.unwrap();
    let plan: Vec<String> = sqlx::query_scalar(AssertSqlSafe(format!("EXPLAIN {TABLE}")))
        .bind(Uuid::from_u128(1))
        .bind(least_uid(start() + TimeDelta::hours(10)))
        .bind(least_uid(start() + TimeDelta::hours(50)))
        .bind(4096_i64)
        .fetch_all(&pool)
        .await
        .unwrap();
    let plan = plan.join("\n");
    // Days that are merged name the key by which they are sorted already: that is no sort.
    assert!(plan.contains("_pkey") && !plan.contains("Seq Scan") && !plan.contains("Sort  ("), "{plan}");
    // Days outside of the time are not looked at.
    assert!(!plan.contains("records_20260925"), "{plan}");
}
