//! Jobs begin when they are due, or when somebody asks for them.

use std::time::Duration;

use chrono::{DateTime, TimeDelta};
use scouter_server::registry::Profile;
use serde_json::json;
use uuid::Uuid;

use crate::alerts::receiver::soon;
use crate::ingest::running::{call, evaluated, registered, running};
use crate::jobs::{MINUTE, active, found, worker};
use crate::samples::custom;
use crate::support::fresh;

#[tokio::test]
async fn a_worker_is_there_when_a_job_is_due_however_seldom_it_looks() {
    let (_server, store, _pool) = fresh().await;
    let mut profile = custom();
    profile.config.alert_config.schedule = "* * * * * *".parse().unwrap();
    let uid = active(&store, Profile::Custom(profile)).await;
    let worker = worker(&store);
    let working = tokio::spawn(async move { worker.work(Duration::from_hours(10)).await });
    let twice = async {
        while found(&store, uid).await.len() < 2 {
            tokio::task::yield_now().await;
        }
    };
    soon(twice).await;
    working.abort();
}

#[tokio::test]
async fn a_worker_that_is_woken_looks_at_once() {
    let (_server, store, _pool) = fresh().await;
    let worker = worker(&store);
    let wake = worker.wake();
    let working = tokio::spawn(async move { worker.work(Duration::from_hours(10)).await });
    let uid = active(&store, Profile::Custom(custom())).await;
    assert!(store.due_now(uid).await.unwrap().is_some());
    wake.notify_one();
    let once = async {
        while found(&store, uid).await.is_empty() {
            tokio::task::yield_now().await;
        }
    };
    soon(once).await;
    working.abort();
}

#[tokio::test]
async fn when_the_next_job_is_due_is_known() {
    let (_server, store, pool) = fresh().await;
    assert_eq!(store.until_due().await.unwrap(), None);
    active(&store, Profile::Custom(custom())).await;
    worker(&store).run_due().await.unwrap();
    for (due, least, most) in [("2 minutes", 60, 120), ("-2 minutes", 0, 0)] {
        sqlx::query("UPDATE drift_jobs SET due = now() + $1::interval")
            .bind(due)
            .execute(&pool)
            .await
            .unwrap();
        let due = store.until_due().await.unwrap().unwrap();
        assert!((Duration::from_secs(least)..=Duration::from_secs(most)).contains(&due), "{due:?}");
    }
    // One that somebody is at is not waited for.
    sqlx::query("UPDATE drift_jobs SET leased_until = now()").execute(&pool).await.unwrap();
    assert_eq!(store.until_due().await.unwrap(), None);
}

#[tokio::test]
async fn a_job_is_due_when_it_is_asked_for() {
    let server = running().await;
    let uid = registered(server.address, "m", true).await;
    for _ in 0..2 {
        let answer = call(server.address, "POST", &format!("/v1/profiles/{uid}/run"), &[], "").await.unwrap();
        assert_eq!((answer.status, &answer.json()["profile"]), (202, &json!(uid)));
    }
    let due: Vec<bool> =
        sqlx::query_scalar("SELECT due <= now() FROM drift_jobs").fetch_all(&server.pool).await.unwrap();
    assert_eq!(due, [true]);
}

#[tokio::test]
async fn a_job_that_is_asked_for_while_it_is_under_way_looks_once_more() {
    let (_server, store, _pool) = fresh().await;
    let uid = active(&store, Profile::Custom(custom())).await;
    for failure in [None, Some("broken")] {
        store.due_now(uid).await.unwrap();
        let lease = store.claim(Uuid::from_u128(1), MINUTE, 1).await.unwrap().pop().unwrap();
        let asked = store.due_now(uid).await.unwrap().unwrap();
        assert!(asked > lease.claimed);
        let later = lease.claimed + TimeDelta::days(1);
        assert!(store.give_back(&lease, failure, later).await.unwrap().is_ok());
        let job = store.job(uid).await.unwrap().unwrap();
        assert!(job.under_way && job.due == asked && job.failure.as_deref() == failure, "{job:?}");
    }
}

#[tokio::test]
async fn how_things_stand_with_a_job_is_told() {
    let server = running().await;
    let uid = registered(server.address, "m", true).await;
    let path = format!("/v1/profiles/{uid}/job");
    let told = async || call(server.address, "GET", &path, &[], "").await.unwrap().json();
    assert_eq!(told().await, json!({"profile": uid, "under_way": false}));
    let run = format!("/v1/profiles/{uid}/run");
    let asked = call(server.address, "POST", &run, &[], "").await.unwrap().json();
    let due = told().await;
    assert_eq!((&due["under_way"], &due["due_at"]), (&json!(true), &asked["asked_at"]));
    for statement in [
        "UPDATE drift_jobs SET due = '2999-01-01T00:00:00Z', failure = 'broken'",
        "INSERT INTO drift_results (profile, began, ended, rows, drifted, document)
         SELECT profile, '2026-03-01T00:00:00Z', '2026-03-01T01:00:00Z', 7, '{x}', '' FROM drift_jobs",
    ] {
        sqlx::query(statement).execute(&server.pool).await.unwrap();
    }
    let last = json!({"began": "2026-03-01T00:00:00Z", "ended": "2026-03-01T01:00:00Z", "rows": 7, "drifted": ["x"]});
    let over = json!({"profile": uid, "under_way": false, "due_at": "2999-01-01T00:00:00Z", "failure": "broken", "last": last});
    assert_eq!(told().await, over);
    let nobody = format!("/v1/profiles/{}/job", Uuid::from_u128(7));
    let answer = call(server.address, "GET", &nobody, &[], "").await.unwrap();
    assert_eq!(answer.problem(), (404, "not_found".to_owned()));
}

#[tokio::test]
async fn rows_that_wait_and_the_alert_that_is_open_are_told_with_the_job() {
    let server = running().await;
    let uid = registered(server.address, "m", true).await;
    let path = format!("/v1/profiles/{uid}/job");
    let told = async || call(server.address, "GET", &path, &[], "").await.unwrap().json();
    let run = async |statement: &'static str| sqlx::query(statement).execute(&server.pool).await.unwrap();
    server.server.store().await.plan(uid, DateTime::UNIX_EPOCH).await.unwrap();
    run("UPDATE drift_jobs SET few_since = seen, few_rows = 12, few_needed = 30").await;
    run("INSERT INTO alerts (profile, drifted) SELECT profile, '{}' FROM drift_jobs").await;
    let job = told().await;
    assert_eq!((&job["waiting"], &job["alert"]), (&json!({"rows": 12, "needed": 30}), &json!(1)));
    // A job of a version that knows nothing of it has ended the window.
    run("UPDATE drift_jobs SET seen = now()").await;
    run("UPDATE alerts SET resolved = now()").await;
    let job = told().await;
    assert_eq!((job.get("waiting"), job.get("alert")), (None, None));
}

#[tokio::test]
async fn a_job_of_a_profile_that_is_not_there_or_not_active_cannot_be_asked_for() {
    let server = running().await;
    let inactive = registered(server.address, "m", false).await;
    for (uid, status, code) in [(inactive, 409, "conflict"), (Uuid::from_u128(7), 404, "not_found")] {
        let path = format!("/v1/profiles/{uid}/run");
        let answer = call(server.address, "POST", &path, &[], "").await.unwrap();
        assert_eq!(answer.problem(), (status, code.to_owned()));
    }
}

#[tokio::test]
async fn a_job_that_nobody_does_cannot_be_asked_for_whether_its_profile_is_active_or_not() {
    let server = running().await;
    let uid = evaluated(server.address).await;
    for active in [true, false] {
        let (status, body) = (format!("/v1/profiles/{uid}/status"), json!({"active": active}).to_string());
        assert_eq!(call(server.address, "PUT", &status, &[], body).await.unwrap().status, 200);
        let path = format!("/v1/profiles/{uid}/run");
        let answer = call(server.address, "POST", &path, &[], "").await.unwrap();
        assert_eq!(answer.problem(), (422, "invalid".to_owned()));
        assert_eq!(answer.json()["detail"], "no job looks at what came for a profile of `genai`");
    }
}
