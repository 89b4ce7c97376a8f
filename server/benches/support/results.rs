//! What jobs found, read as drift over time.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use scouter_server::registry::Profile;
use scouter_server::series::{Span, series};
use scouter_server::store::{Store, Window};
use sqlx::PgPool;
use tokio::time::Instant;
use uuid::Uuid;

use super::outcome::Outcome;

const DAYS: i64 = 90;
const ROUNDS: usize = 20;

/// Writes down what jobs found of a profile that ran so often until then, with documents of some two kilobytes.
pub(crate) async fn fill(
    pool: &PgPool,
    profile: Uuid,
    features: usize,
    ended: DateTime<Utc>,
    every: &str,
) -> Outcome<()> {
    sqlx::query(
        "INSERT INTO drift_results (profile, began, ended, rows, drifted, document, counts, means, squares)
         SELECT $1, at - $4::interval, at, 100, '{}', repeat(md5(at::text), 60), $5, '{}', '{}'
         FROM generate_series($2::timestamptz, $3::timestamptz, $4::interval) AS at",
    )
    .bind(profile)
    .bind(ended - TimeDelta::days(DAYS))
    .bind(ended)
    .bind(every)
    .bind(vec![7_i64; features * 13])
    .execute(pool)
    .await?;
    sqlx::query("ANALYZE drift_results").execute(pool).await?;
    Ok(())
}

/// The median and the longest of the times that drift over 30 days in 100 points takes.
pub(crate) async fn month(
    store: &Store,
    uid: Uuid,
    profile: &Profile,
    ended: DateTime<Utc>,
) -> Outcome<(Duration, Duration)> {
    let span = Span { window: Window { began: ended - TimeDelta::days(30), ended }, parts: 100 };
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let begin = Instant::now();
        series(store, uid, profile, span).await?;
        times.push(begin.elapsed());
    }
    times.sort_unstable();
    Ok((times[ROUNDS / 2], times[ROUNDS - 1]))
}
