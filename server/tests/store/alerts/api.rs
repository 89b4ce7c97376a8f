//! Alerts over HTTP.

use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

use crate::ingest::running::{Running, call, registered, running};

async fn send(server: &Running, method: &str, path: &str) -> (u16, Value) {
    let answer = call(server.address, method, path, &[], "").await.unwrap();
    (answer.status, answer.json())
}

/// Five alerts, of which the newest is not gone; the second and the third were found at the same time.
async fn alerts(pool: &PgPool, profile: Uuid) -> Vec<i64> {
    let mut ids = Vec::new();
    for (day, resolved) in [(1, true), (2, true), (2, true), (3, true), (4, false)] {
        let id = sqlx::query_scalar(
            "INSERT INTO alerts (profile, created, drifted, resolved)
             VALUES ($1, make_timestamptz(2026, 1, $2, 0, 0, 0, 'UTC'), '{\"x\": \"PSI 0.4\"}', CASE WHEN $3 THEN now() END)
             RETURNING id",
        );
        ids.push(id.bind(profile).bind(day).bind(resolved).fetch_one(pool).await.unwrap());
    }
    ids
}

fn ids(page: &Value) -> Vec<i64> {
    page["items"].as_array().unwrap().iter().map(|item| item["id"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn alerts_are_found_page_by_page_in_both_directions() {
    let server = running().await;
    let profile = registered(server.address, "m", true).await;
    let mut all = alerts(&server.pool, profile).await;
    all.reverse();
    let path = format!("/v1/profiles/{profile}/alerts?limit=2");
    let follow = |cursor: &Value, direction: &str| {
        let created = cursor["created_at"].as_str().unwrap();
        format!("{path}&cursor_created_at={created}&cursor_id={}&direction={direction}", cursor["id"])
    };
    let (_, first) = send(&server, "GET", &path).await;
    assert_eq!(
        (ids(&first), &first["has_next"], &first["has_previous"]),
        (all[..2].to_vec(), &json!(false), &json!(true))
    );
    let (_, second) = send(&server, "GET", &follow(&first["previous_cursor"], "previous")).await;
    assert_eq!((ids(&second), &second["has_next"]), (all[2..4].to_vec(), &json!(true)));
    let (_, third) = send(&server, "GET", &follow(&second["previous_cursor"], "previous")).await;
    assert_eq!(
        (ids(&third), &third["has_previous"], third.get("previous_cursor")),
        (all[4..].to_vec(), &json!(false), None)
    );
    let (_, back) = send(&server, "GET", &follow(&third["next_cursor"], "next")).await;
    assert_eq!(
        (ids(&back), &back["has_next"], &back["has_previous"]),
        (all[2..4].to_vec(), &json!(true), &json!(true))
    );
}

#[tokio::test]
async fn alerts_are_found_by_time_and_by_whether_they_are_gone() {
    let server = running().await;
    let profile = registered(server.address, "m", true).await;
    let all = alerts(&server.pool, profile).await;
    let path = format!("/v1/profiles/{profile}/alerts");
    let (_, active) = send(&server, "GET", &format!("{path}?active=true")).await;
    assert_eq!(ids(&active), all[4..]);
    let item = &active["items"][0];
    assert_eq!((&item["active"], &item["alert"]), (&json!(true), &json!({"x": "PSI 0.4"})));
    assert_eq!(item["entity_name"], "production/m/0.1.0");
    let between = "start_datetime=2026-01-02T00:00:00Z&end_datetime=2026-01-03T00:00:00Z";
    let (_, some) = send(&server, "GET", &format!("{path}?{between}")).await;
    assert_eq!(ids(&some), [all[2], all[1]]);
}

#[tokio::test]
async fn alerts_of_all_profiles_are_found_newest_first() {
    let server = running().await;
    let mut all = Vec::new();
    for name in ["m", "n"] {
        let profile = registered(server.address, name, true).await;
        all.extend(alerts(&server.pool, profile).await);
    }
    let (_, first) = send(&server, "GET", "/v1/alerts?space=production&limit=3").await;
    assert_eq!((ids(&first), &first["has_previous"]), (vec![all[9], all[4], all[8]], &json!(true)));
    let cursor = &first["previous_cursor"];
    let created = cursor["created_at"].as_str().unwrap();
    let rest = format!("/v1/alerts?limit=3&cursor_created_at={created}&cursor_id={}", cursor["id"]);
    assert_eq!(ids(&send(&server, "GET", &rest).await.1), [all[3], all[7], all[6]]);
    let (_, active) = send(&server, "GET", "/v1/alerts?active=true").await;
    assert_eq!(ids(&active), [all[9], all[4]]);
    let (status, none) = send(&server, "GET", "/v1/alerts?space=nowhere").await;
    assert_eq!((status, ids(&none)), (200, Vec::new()));
}

#[tokio::test]
async fn an_alert_is_acknowledged_once() {
    let server = running().await;
    let profile = registered(server.address, "m", true).await;
    let id = alerts(&server.pool, profile).await[4];
    let path = format!("/v1/alerts/{id}/acknowledge");
    let (status, first) = send(&server, "POST", &path).await;
    let (_, again) = send(&server, "POST", &path).await;
    assert_eq!((status, &first["active"], first["acknowledged_at"].is_string()), (200, &json!(true), true));
    assert_eq!(first, again);
}

#[tokio::test]
async fn an_alert_says_how_many_notices_of_it_arrived_wait_and_were_given_up() {
    let server = running().await;
    let profile = registered(server.address, "m", true).await;
    let id = alerts(&server.pool, profile).await[4];
    let deliveries = sqlx::query(
        "INSERT INTO deliveries (alert, target, notice, due, failure, ended)
         SELECT $1, '\"console\"', '{}', now() + interval '1 day', failure, ended
         FROM (VALUES (NULL, now()), ('it answered 500', now()), ('it answered 500', NULL), (NULL, NULL)) AS became (failure, ended)",
    );
    deliveries.bind(id).execute(&server.pool).await.unwrap();
    let told = json!({"delivered": 1, "waiting": 2, "given_up": 1});
    let (_, active) = send(&server, "GET", "/v1/alerts?active=true").await;
    assert_eq!(active["items"][0]["deliveries"], told);
    let (_, acknowledged) = send(&server, "POST", &format!("/v1/alerts/{id}/acknowledge")).await;
    assert_eq!(acknowledged["deliveries"], told);
    let (_, all) = send(&server, "GET", &format!("/v1/profiles/{profile}/alerts")).await;
    assert_eq!(all["items"][1]["deliveries"], json!({"delivered": 0, "waiting": 0, "given_up": 0}));
}

#[tokio::test]
async fn questions_about_alerts_that_are_none_are_told_so() {
    let server = running().await;
    let profile = registered(server.address, "m", true).await;
    let nobody = Uuid::from_u128(7);
    for (method, path, status, detail) in [
        ("GET", format!("/v1/profiles/{nobody}/alerts"), 404, "there is no profile"),
        ("GET", format!("/v1/profiles/{profile}/alerts?cursor_id=1"), 422, "a cursor is"),
        ("GET", format!("/v1/profiles/{profile}/alerts?direction=up"), 422, "`direction` is `up`"),
        ("GET", format!("/v1/profiles/{profile}/alerts?limit=x"), 422, "limit"),
        ("GET", "/v1/alerts?space=a%00".to_owned(), 422, "`space` has the character U+0000"),
        ("GET", "/v1/alerts?cursor_id=1".to_owned(), 422, "a cursor is"),
        ("POST", "/v1/alerts/7/acknowledge".to_owned(), 404, "there is no alert `7`"),
        ("POST", "/v1/alerts/x/acknowledge".to_owned(), 422, "no number of an alert"),
    ] {
        let (told, problem) = send(&server, method, &path).await;
        assert_eq!(told, status, "{path}");
        assert!(problem["detail"].as_str().unwrap().contains(detail), "{problem}");
    }
}
