//! Drift is looked for when it is due, by one server, once.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use scouter_drift::column::Tally;
use scouter_drift::psi::Counts;
use scouter_engine::SystemClock;
use scouter_server::jobs::Worker;
use scouter_server::registry::{Profile, register};
use scouter_server::store::{
    Activation, BinCountsRow, DriftRow, Finding, Key, Lease, Measures, RecordRow, Store, Telling, Window,
};
use scouter_tasks::profile::{CustomMap, Document, PsiMap, SpcMap, read};
use scouter_tasks::value::from_json;
use sqlx::PgPool;
use uuid::Uuid;

use crate::alerts::receiver::no_routes;
use crate::samples::{custom, psi, spc};
use crate::support::{fresh, uid_of};

pub(crate) const NOW: u64 = 1_790_000_000_000;
pub(crate) const MINUTE: Duration = Duration::from_mins(1);

pub(crate) fn worker(store: &Store) -> Worker {
    Worker::new(store.clone(), Arc::new(SystemClock), 4, no_routes())
}

pub(crate) async fn active(store: &Store, profile: Profile) -> Uuid {
    register(store, &SystemClock, profile, Activation::On).await.unwrap().uid
}

/// Plans what is to be planned, and lets days pass: everything that is there arrived a day ago, and each job was due then.
pub(crate) async fn a_day_later(store: &Store, pool: &PgPool) {
    worker(store).run_due().await.unwrap();
    for statement in [
        "UPDATE records SET arrived = arrived - interval '1 day'",
        "UPDATE record_counts SET arrived = arrived - interval '1 day'",
        "UPDATE bin_counts SET arrived = arrived - interval '1 day'",
        "UPDATE drift_jobs SET seen = seen - interval '2 days', due = now() - interval '1 day'",
    ] {
        sqlx::query(statement).execute(pool).await.unwrap();
    }
}

pub(crate) async fn found(store: &Store, profile: Uuid) -> Vec<DriftRow> {
    let all =
        Window { began: DateTime::UNIX_EPOCH, ended: DateTime::from_timestamp(5_000_000_000, 0).unwrap() };
    store.drift_found(profile, all, 100).await.unwrap()
}

fn document<D: Document>(row: &DriftRow) -> D {
    read(&from_json(&row.document).unwrap()).unwrap()
}

pub(crate) fn row(profile: Uuid, at: u64, numbers: &[f64], texts: Option<&[Option<&str>]>) -> RecordRow {
    let texts = texts.map(|texts| texts.iter().map(|text| text.map(str::to_owned)).collect());
    RecordRow { profile, uid: uid_of(NOW + at), numbers: numbers.to_vec(), texts }
}

#[tokio::test]
async fn rows_that_were_counted_and_rows_that_were_not_make_one_index() {
    let (_server, store, pool) = fresh().await;
    let values: Vec<f64> = (0..1000).map(f64::from).collect();
    let profile = psi("1.0.0", &values);
    let uid = active(&store, Profile::Psi(profile.clone())).await;
    let x = &profile.features["x"].baseline;
    let carrier = &profile.features["carrier"].baseline;

    // More rows than are read in one piece, all in the upper half.
    let raw: Vec<f64> = (0..5000).map(|i| f64::from(500 + i % 500)).collect();
    let texts = ["AA", "ünï", "ZZ"].map(Some);
    let rows: Vec<_> =
        (0..).zip(&raw).map(|(i, x)| row(uid, i, &[*x], Some(&[texts[(i % 3) as usize]]))).collect();
    store.add_records(&rows).await.unwrap();
    let counted = x.count_numbers(&values[..]).unwrap();
    let parts = |counts: &Counts| counts.parts().map(|(_, count)| count.cast_signed()).collect::<Vec<_>>();
    let mut counts = parts(&counted);
    let other = Counts { bins: vec![600, 300], other: 0, unseen: 0, missing: 100 };
    counts.extend(parts(&other));
    for at in [1, 2] {
        let row = BinCountsRow { profile: uid, uid: uid_of(NOW + at), counts: counts.clone() };
        store.add_bin_counts(&[row]).await.unwrap();
    }
    a_day_later(&store, &pool).await;
    assert_eq!(worker(&store).run_due().await.unwrap(), 1);

    let mut tally = Tally::default();
    tally.add((0..5000).map(|i| texts[i % 3]));
    let mut expected = [x.count_numbers(&raw[..]).unwrap(), carrier.count_categories(&tally).unwrap()];
    for _ in 0..2 {
        expected[0].merge(&counted).unwrap();
        expected[1].merge(&other).unwrap();
    }
    let results = found(&store, uid).await;
    let [result] = &results[..] else { panic!("{results:?}") };
    assert_eq!((result.rows, result.drifted.contains(&"x".to_owned())), (7000, true));
    let map: PsiMap = document(result);
    assert_eq!(map.features["x"].counts, expected[0]);
    assert_eq!(map.features["carrier"].counts, expected[1]);
}

#[tokio::test]
async fn charts_take_records_in_the_order_in_which_they_were_made() {
    let (_server, store, pool) = fresh().await;
    let values: Vec<f64> = (0..100).map(|i| f64::from(i % 7)).collect();
    let profile = spc(&values);
    let uid = active(&store, Profile::Spc(profile.clone())).await;
    let texts = [Some("UA"), None, Some("AA"), Some("ZZ")];
    let mut rows: Vec<_> =
        (0..20).map(|i| row(uid, i, &[i as f64], Some(&[texts[(i % 4) as usize]]))).collect();
    rows.reverse();
    store.add_records(&rows).await.unwrap();
    a_day_later(&store, &pool).await;
    worker(&store).run_due().await.unwrap();

    let result = &found(&store, uid).await[0];
    assert_eq!((result.rows, &result.drifted[..]), (20, ["x".to_owned()].as_slice()));
    let map: SpcMap = document(result);
    assert_eq!(map.features["x"].drift.means, [2.0, 7.0, 12.0, 17.0]);
    // Texts by their numbers; one that is not known has the next, and one that is missing is left out.
    let carrier = &map.features["carrier"].drift;
    assert_eq!((&carrier.means[..3], carrier.left_out), ([1.0, 0.0, 2.0].as_slice(), 5));
}

#[tokio::test]
async fn metrics_are_judged_by_their_newest_value() {
    let (_server, store, pool) = fresh().await;
    let uid = active(&store, Profile::Custom(custom())).await;
    store.add_records(&[row(uid, 2, &[3.0], None), row(uid, 1, &[0.5], None)]).await.unwrap();
    a_day_later(&store, &pool).await;
    worker(&store).run_due().await.unwrap();
    let result = &found(&store, uid).await[0];
    assert_eq!(result.drifted, ["mae"]);
    let map: CustomMap = document(result);
    assert_eq!((map.metrics["mae"].value, map.metrics["mae"].count), (3.0, 2));
}

#[tokio::test]
async fn what_was_missed_is_looked_at_once_and_what_was_seen_never_again() {
    let (_server, store, pool) = fresh().await;
    let uid = active(&store, Profile::Custom(custom())).await;
    store.add_records(&[row(uid, 1, &[1.0], None)]).await.unwrap();
    a_day_later(&store, &pool).await;
    sqlx::query("UPDATE drift_jobs SET due = now() - interval '30 days'").execute(&pool).await.unwrap();
    let worker = worker(&store);
    assert_eq!((worker.run_due().await.unwrap(), worker.run_due().await.unwrap()), (1, 0));
    let (due, seen): (DateTime<Utc>, DateTime<Utc>) =
        sqlx::query_as("SELECT due, seen FROM drift_jobs").fetch_one(&pool).await.unwrap();
    let first = found(&store, uid).await.remove(0);
    assert_eq!((first.rows, first.ended), (1, seen));
    // The schedule is every day at midnight.
    assert_eq!(due, first.ended.date_naive().succ_opt().unwrap().and_time(chrono::NaiveTime::MIN).and_utc());

    a_day_later(&store, &pool).await;
    sqlx::query("UPDATE drift_jobs SET seen = $1").bind(seen).execute(&pool).await.unwrap();
    sqlx::query("UPDATE records SET arrived = $1").bind(seen).execute(&pool).await.unwrap();
    worker.run_due().await.unwrap();
    let results = found(&store, uid).await;
    assert_eq!(results.iter().map(|result| result.rows).collect::<Vec<_>>(), [0, 1]);
    assert_eq!(results[0].began, first.ended);
}

#[tokio::test]
async fn a_job_is_due_at_a_time_of_day_in_the_zone_of_its_schedule() {
    let (_server, store, pool) = fresh().await;
    let mut profile = custom();
    profile.config.alert_config.schedule = "CRON_TZ=Asia/Kolkata 15 9 * * *".parse().unwrap();
    let uid = active(&store, Profile::Custom(profile)).await;
    store.add_records(&[row(uid, 1, &[1.0], None)]).await.unwrap();
    a_day_later(&store, &pool).await;
    assert_eq!(worker(&store).run_due().await.unwrap(), 1);
    let due: DateTime<Utc> = sqlx::query_scalar("SELECT due FROM drift_jobs").fetch_one(&pool).await.unwrap();
    let ended = found(&store, uid).await[0].ended;
    assert!(ended < due && due - ended <= TimeDelta::days(1), "{ended} {due}");
    // India is five and a half hours ahead of UTC, all year round.
    assert_eq!(due.time(), chrono::NaiveTime::from_hms_opt(3, 45, 0).unwrap());
}

#[tokio::test]
async fn of_many_servers_one_does_each_job() {
    let (server, store, pool) = fresh().await;
    for i in 0..12 {
        let mut profile = custom();
        profile.config.identity.name = format!("model_{i}");
        active(&store, Profile::Custom(profile)).await;
    }
    a_day_later(&store, &pool).await;
    let mut servers = tokio::task::JoinSet::new();
    for _ in 0..3 {
        let worker = worker(&server.store().await);
        servers.spawn(async move {
            let mut done = 0;
            loop {
                match worker.run_due().await.unwrap() {
                    0 => return done,
                    more => done += more,
                }
            }
        });
    }
    assert_eq!(servers.join_all().await.into_iter().sum::<usize>(), 12);
    let results: Vec<i64> = sqlx::query_scalar("SELECT count(*) FROM drift_results GROUP BY profile")
        .fetch_all(&pool)
        .await
        .unwrap();
    assert_eq!(results, [1; 12]);
}

#[tokio::test]
async fn profiles_that_are_switched_off_are_left_alone() {
    let (_server, store, pool) = fresh().await;
    let uid = active(&store, Profile::Custom(custom())).await;
    a_day_later(&store, &pool).await;
    store.activate_profile(uid, Activation::Off).await.unwrap();
    assert_eq!(worker(&store).run_due().await.unwrap(), 0);
    store.activate_profile(uid, Activation::On).await.unwrap();
    assert_eq!(worker(&store).run_due().await.unwrap(), 1);
}

#[tokio::test]
async fn a_job_that_fails_says_why_and_is_tried_again_later() {
    let (_server, store, pool) = fresh().await;
    let uid = active(&store, Profile::Custom(custom())).await;
    a_day_later(&store, &pool).await;
    sqlx::query("UPDATE profiles SET document = 'broken ' || document").execute(&pool).await.unwrap();
    worker(&store).run_due().await.unwrap();
    let state =
        "SELECT failures, failure, due > now() AND due < now() + interval '1 minute', lease FROM drift_jobs";
    let (failures, failure, soon, lease): (i32, String, bool, Option<Uuid>) =
        sqlx::query_as(state).fetch_one(&pool).await.unwrap();
    assert_eq!((failures, soon, lease), (1, true, None));
    assert!(failure.starts_with("failed to read the profile: "), "{failure}");
    assert!(found(&store, uid).await.is_empty());

    sqlx::query("UPDATE profiles SET document = substr(document, 8)").execute(&pool).await.unwrap();
    sqlx::query("UPDATE drift_jobs SET due = now()").execute(&pool).await.unwrap();
    worker(&store).run_due().await.unwrap();
    let failures: (i32, Option<String>) =
        sqlx::query_as("SELECT failures, failure FROM drift_jobs").fetch_one(&pool).await.unwrap();
    assert_eq!((failures, found(&store, uid).await.len()), ((0, None), 1));
}

#[tokio::test]
async fn a_row_of_another_length_is_left_out_and_the_others_are_looked_at() {
    let (_server, store, pool) = fresh().await;
    let values: Vec<f64> = (0..100).map(f64::from).collect();
    let mut profile = psi("1.0.0", &values);
    profile.config.alert_config.min_values = 1;
    let by_psi = active(&store, Profile::Psi(profile)).await;
    let by_custom = active(&store, Profile::Custom(custom())).await;
    store
        .add_records(&[row(by_custom, 1, &[3.0], None), row(by_custom, 2, &[1.0, 2.0], None)])
        .await
        .unwrap();
    store
        .add_records(&[row(by_psi, 1, &[3.0], Some(&[Some("AA")])), row(by_psi, 2, &[], None)])
        .await
        .unwrap();
    let short = BinCountsRow { profile: by_psi, uid: uid_of(NOW), counts: vec![1, 2] };
    store.add_bin_counts(&[short]).await.unwrap();
    a_day_later(&store, &pool).await;
    worker(&store).run_due().await.unwrap();
    for uid in [by_psi, by_custom] {
        assert_eq!(found(&store, uid).await[0].rows, 1);
    }
    let failures: Vec<i32> =
        sqlx::query_scalar("SELECT failures FROM drift_jobs").fetch_all(&pool).await.unwrap();
    assert_eq!(failures, [0, 0]);
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Claim,
    Extend(usize),
    Finish(usize),
    GiveBack(usize),
    Expire,
    Due,
}

/// Whoever has a job is alone with it, whatever happens in whatever order: what was claimed before is fenced off.
#[test]
fn a_job_is_whose_lease_is_the_newest() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (_server, store, pool) = runtime.block_on(fresh());
    runtime.block_on(async {
        for name in ["a", "b"] {
            let mut profile = custom();
            profile.config.identity.name = name.to_owned();
            active(&store, Profile::Custom(profile)).await;
        }
        worker(&store).run_due().await.unwrap();
    });
    let step = prop_oneof![
        3 => Just(Step::Claim),
        1 => (0..4_usize).prop_map(Step::Extend),
        2 => (0..4_usize).prop_map(Step::Finish),
        1 => (0..4_usize).prop_map(Step::GiveBack),
        2 => Just(Step::Expire),
        2 => Just(Step::Due),
    ];
    let mut runner = TestRunner::new(Config { cases: 40, failure_persistence: None, ..Config::default() });
    let outcome = runner
        .run(&proptest::collection::vec(step, 1..25), |steps| runtime.block_on(play(&store, &pool, &steps)));
    outcome.unwrap();
}

#[derive(Debug, Default)]
struct Job {
    holder: Option<Uuid>,
    expired: bool,
    waits: bool,
    /// It came due again after it was claimed.
    asked: bool,
    finished: i64,
}

/// Nobody is told.
fn nobody() -> Telling {
    let key = Key { space: String::new(), name: String::new(), kind: String::new(), version: String::new() };
    Telling { key, targets: Vec::new(), cool_down: Duration::ZERO }
}

async fn play(store: &Store, pool: &PgPool, steps: &[Step]) -> Result<(), TestCaseError> {
    let run = |statement| sqlx::query(statement).execute(pool);
    run("DELETE FROM drift_results").await.unwrap();
    run("UPDATE drift_jobs SET due = now(), lease = NULL, leased_until = NULL").await.unwrap();
    let profiles: Vec<Uuid> =
        sqlx::query_scalar("SELECT profile FROM drift_jobs").fetch_all(pool).await.unwrap();
    let mut jobs: BTreeMap<Uuid, Job> = profiles.into_iter().map(|uid| (uid, Job::default())).collect();
    let mut leases: Vec<Lease> = Vec::new();
    let later = DateTime::from_timestamp(4_000_000_000, 0).unwrap();
    for (at, step) in steps.iter().enumerate() {
        let lease = |newest: usize| leases.iter().rev().nth(newest).cloned();
        match *step {
            Step::Claim => {
                let free = |job: &Job| !job.waits && (job.holder.is_none() || job.expired);
                let expected: Vec<Uuid> =
                    jobs.iter().filter(|(_, job)| free(job)).map(|(uid, _)| *uid).collect();
                let token = Uuid::from_u128(at as u128 + 1);
                let mut claimed = store.claim(token, MINUTE, 5).await.unwrap();
                claimed.sort_by_key(|lease| lease.profile);
                prop_assert_eq!(claimed.iter().map(|lease| lease.profile).collect::<Vec<_>>(), expected);
                for lease in &claimed {
                    let job = jobs.get_mut(&lease.profile).unwrap();
                    (job.holder, job.expired, job.asked) = (Some(token), false, false);
                }
                leases.extend(claimed);
            }
            Step::Extend(newest) => {
                let Some(lease) = lease(newest) else { continue };
                let job = jobs.get_mut(&lease.profile).unwrap();
                let held = store.extend(&lease, MINUTE).await.unwrap().is_ok();
                prop_assert_eq!(held, job.holder == Some(lease.lease));
                job.expired &= !held;
            }
            Step::Finish(newest) => {
                let Some(lease) = lease(newest) else { continue };
                let job = jobs.get_mut(&lease.profile).unwrap();
                let ended = later + TimeDelta::seconds(i64::try_from(at).unwrap());
                let row =
                    DriftRow { began: later, ended, rows: 0, drifted: Vec::new(), document: String::new() };
                let (judged, measures) = (BTreeMap::new(), Measures::default());
                let found = Finding { row, judged, lost: Vec::new(), measures, carried: None };
                let held = store.finish(&lease, &found, later, &nobody()).await.unwrap().is_ok();
                prop_assert_eq!(held, job.holder == Some(lease.lease));
                if held {
                    *job = Job { waits: !job.asked, finished: job.finished + 1, ..Job::default() };
                }
            }
            Step::GiveBack(newest) => {
                let Some(lease) = lease(newest) else { continue };
                let job = jobs.get_mut(&lease.profile).unwrap();
                let held = store.give_back(&lease, Some("broken"), later).await.unwrap().is_ok();
                prop_assert_eq!(held, job.holder == Some(lease.lease));
                if held {
                    *job = Job { waits: !job.asked, finished: job.finished, ..Job::default() };
                }
            }
            Step::Expire => {
                // Longer ago than any number of failures keeps it back.
                run(
                    "UPDATE drift_jobs SET leased_until = now() - interval '2 hours' WHERE lease IS NOT NULL",
                )
                .await
                .unwrap();
                for job in jobs.values_mut() {
                    job.expired = job.holder.is_some();
                }
            }
            Step::Due => {
                run("UPDATE drift_jobs SET due = now()").await.unwrap();
                for job in jobs.values_mut() {
                    job.waits = false;
                    job.asked = job.holder.is_some();
                }
            }
        }
    }
    for (uid, job) in jobs {
        let written: i64 = sqlx::query_scalar("SELECT count(*) FROM drift_results WHERE profile = $1")
            .bind(uid)
            .fetch_one(pool)
            .await
            .unwrap();
        prop_assert_eq!(written, job.finished);
    }
    Ok(())
}
