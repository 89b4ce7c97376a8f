//! Windows that are put together: what they come to over time stays the same.

use std::ops::Range;

use chrono::{DateTime, TimeDelta, Utc};
use scouter_server::registry::Profile;
use scouter_server::series::{Span, series};
use scouter_server::store::{Measures, ROLLED, RolledUp, Store, StoreError, Window};
use scouter_wire::drift::BinnedDrift;
use sqlx::PgPool;
use uuid::Uuid;

use crate::jobs::active;
use crate::samples::{custom, psi};
use crate::support::fresh;

pub(crate) const TOGETHER: i64 = ROLLED as i64;

pub(crate) fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000, 0).unwrap()
}

/// Windows of a minute that ended so many minutes after the start, each with other counts.
pub(crate) async fn found(
    pool: &PgPool,
    profile: Uuid,
    minutes: Range<i64>,
    measures: impl Fn(i64) -> Measures,
) {
    for minute in minutes {
        let Measures { counts, means, squares } = measures(minute);
        sqlx::query(
            "INSERT INTO drift_results (profile, began, ended, rows, drifted, document, counts, means, squares)
             VALUES ($1, $2 - interval '1 minute', $2, 1, '{}', '', $3, $4, $5)",
        )
        .bind(profile)
        .bind(start() + TimeDelta::minutes(minute))
        .bind(counts)
        .bind(means)
        .bind(squares)
        .execute(pool)
        .await
        .unwrap();
    }
}

/// A profile of the stability index, and what a window of it came to.
pub(crate) async fn indexed(store: &Store) -> (Uuid, Profile, impl Fn(i64) -> Measures) {
    let values: Vec<f64> = (0..1000).map(f64::from).collect();
    let profile = psi("1.0.0", &values);
    let bins = i64::try_from(profile.features["x"].baseline.counts.bins.len()).unwrap();
    let uid = active(store, Profile::Psi(profile.clone())).await;
    let measures = move |minute: i64| {
        let counts = (0..bins).map(|bin| 1 + (minute * 7 + bin * 3) % 11).chain([0; 3]);
        Measures { counts: counts.chain([0; 5]).collect(), ..Measures::default() }
    };
    (uid, Profile::Psi(profile), measures)
}

fn span(from: i64, to: i64, parts: u32) -> Span {
    let at = |minute| start() + TimeDelta::minutes(minute);
    Span { window: Window { began: at(from), ended: at(to) }, parts }
}

/// Stretches of time that begin and end within roll-ups, between them and beyond them, in few parts and in many.
fn spans() -> [Span; 8] {
    [
        span(0, 130, 1),
        span(0, 120, 6),
        span(0, 130, 13),
        span(5, 125, 3),
        span(-50, 200, 5),
        span(41, 59, 2),
        span(20, 40, 1),
        span(0, 130, 130),
    ]
}

async fn over(store: &Store, uid: Uuid, profile: &Profile) -> Vec<BinnedDrift> {
    let mut drift = Vec::new();
    for span in spans() {
        drift.push(series(store, uid, profile, span).await.unwrap());
    }
    drift
}

pub(crate) async fn count(pool: &PgPool) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM drift_rollups").fetch_one(pool).await.unwrap()
}

#[tokio::test]
async fn drift_over_time_is_the_same_before_and_after_windows_are_put_together() {
    let (_server, store, pool) = fresh().await;
    let (uid, profile, measures) = indexed(&store).await;
    found(&pool, uid, 1..131, measures).await;
    let before = over(&store, uid, &profile).await;
    assert_eq!(store.roll_up().await.unwrap().made, 6);
    assert_eq!(over(&store, uid, &profile).await, before);
    // Nothing more is to be put together.
    assert_eq!((store.roll_up().await.unwrap().made, count(&pool).await), (0, 6));
}

#[tokio::test]
async fn windows_that_lie_in_one_point_are_read_as_one() {
    let (_server, store, pool) = fresh().await;
    let (uid, profile, measures) = indexed(&store).await;
    found(&pool, uid, 1..131, measures).await;
    // The first 100 windows are in the first part, the last 30 in the second.
    let span = span(0, 200, 2);
    let before = series(&store, uid, &profile, span).await.unwrap();
    store.roll_up().await.unwrap();
    let of_rollups = sqlx::query("DELETE FROM drift_results WHERE ended <= $1");
    let of_rollups = of_rollups.bind(start() + TimeDelta::minutes(120)).execute(&pool).await.unwrap();
    assert_eq!(of_rollups.rows_affected(), 120);
    assert_eq!(series(&store, uid, &profile, span).await.unwrap(), before);
}

#[tokio::test]
async fn means_and_deviations_stay_those_of_all_values() {
    let (_server, store, pool) = fresh().await;
    let profile = Profile::Custom(custom());
    let uid = active(&store, profile.clone()).await;
    let measures = |minute: i64| {
        // Every fourth has no values.
        let (count, mean) = (minute % 4, (minute % 13 * (minute % 4).signum()) as f64);
        Measures { counts: vec![count], means: vec![mean], squares: vec![mean / 2.0] }
    };
    found(&pool, uid, 1..131, measures).await;
    let before = over(&store, uid, &profile).await;
    store.roll_up().await.unwrap();
    let numbers = |drift: &[BinnedDrift]| {
        let metrics = drift.iter().flat_map(|drift| match drift {
            BinnedDrift::Custom { metrics, .. } => metrics.values().flat_map(|metric| metric.stats.clone()),
            other => panic!("{other:?}"),
        });
        metrics.flat_map(|stats| [stats.avg, stats.lower_bound, stats.upper_bound]).collect::<Vec<_>>()
    };
    let (before, after) = (numbers(&before), numbers(&over(&store, uid, &profile).await));
    assert_eq!(before.len(), after.len());
    for (before, after) in before.iter().zip(&after) {
        assert!((before - after).abs() < 1e-9, "{before} and {after}");
    }
}

#[tokio::test]
async fn servers_that_put_windows_together_at_once_take_none_twice() {
    let (server, store, pool) = fresh().await;
    let (uid, profile, measures) = indexed(&store).await;
    found(&pool, uid, 1..131, measures).await;
    let before = over(&store, uid, &profile).await;
    let other = server.store().await;
    let (a, b, c) = tokio::join!(store.roll_up(), other.roll_up(), other.roll_up());
    assert_eq!(a.unwrap().made + b.unwrap().made + c.unwrap().made, 6);
    assert_eq!(over(&store, uid, &profile).await, before);
}

#[tokio::test]
async fn what_a_version_before_writes_meanwhile_is_put_together_later() {
    let (_server, store, pool) = fresh().await;
    let (uid, profile, measures) = indexed(&store).await;
    found(&pool, uid, 1..1 + TOGETHER, &measures).await;
    assert_eq!(store.roll_up().await.unwrap().made, 1);
    // One of a version that kept no numbers is in no roll-up, and has no point.
    found(&pool, uid, 1 + TOGETHER..131, &measures).await;
    let clear =
        sqlx::query("UPDATE drift_results SET counts = NULL, means = NULL, squares = NULL WHERE ended = $1");
    clear.bind(start() + TimeDelta::minutes(30)).execute(&pool).await.unwrap();
    let before = over(&store, uid, &profile).await;
    assert_eq!(store.roll_up().await.unwrap().made, 5);
    assert_eq!(over(&store, uid, &profile).await, before);
}

#[tokio::test]
async fn profiles_are_put_together_each_for_itself() {
    let (_server, store, pool) = fresh().await;
    let (one, profile, measures) = indexed(&store).await;
    let two = active(&store, Profile::Custom(custom())).await;
    let metric = |_| Measures { counts: vec![1], means: vec![0.5], squares: vec![0.0] };
    found(&pool, one, 1..1 + 2 * TOGETHER, measures).await;
    found(&pool, two, 1..1 + TOGETHER, metric).await;
    let before = over(&store, one, &profile).await;
    assert_eq!(store.roll_up().await.unwrap().made, 3);
    assert_eq!(over(&store, one, &profile).await, before);
}

#[tokio::test]
async fn windows_that_do_not_fit_each_other_are_left_as_they_are_and_told() {
    let (_server, store, pool) = fresh().await;
    let (uid, profile, measures) = indexed(&store).await;
    found(&pool, uid, 1..TOGETHER, measures).await;
    let odd = |_| Measures { counts: vec![1], ..Measures::default() };
    found(&pool, uid, TOGETHER..TOGETHER + 1, odd).await;
    for _ in 0..2 {
        assert_eq!(store.roll_up().await.unwrap(), RolledUp { made: 0, unlike: vec![uid] });
    }
    assert_eq!(count(&pool).await, 0);
    let error = series(&store, uid, &profile, span(0, 130, 1)).await.unwrap_err();
    assert!(matches!(&error, StoreError::Damaged { .. }), "{error}");
}
