//! Drift over 30 days in 100 points, of a profile that is looked at every hour and of one that is looked at every minute; and a job over ten million
//! rows that clients have counted.
//!
//! `cargo bench -p scouter-server --bench drift`; on a Postgres of its own, with ninety days of other profiles beside.

mod support {
    pub(crate) mod outcome;
    pub(crate) mod profile;
    pub(crate) mod results;
}

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use scouter_engine::SystemClock;
use scouter_server::alerts::Routes;
use scouter_server::jobs::Worker;
use scouter_server::postgres::{Cluster, ClusterOptions};
use scouter_server::registry::{Profile, register};
use scouter_server::store::{Activation, Store, Window};
use sqlx::PgPool;
use tokio::time::Instant;
use uuid::Uuid;

use support::outcome::{Outcome, say};
use support::profile::profile;
use support::results::{fill, month};

const FEATURES: usize = 20;
const OTHERS: usize = 10;
const ROUNDS: usize = 20;
/// How many messages of counts there are, and how many rows are in each bin of one.
const COUNTED: i32 = 10_000;
const IN_BIN: i64 = 100;

/// Registers a profile with what jobs found of it that ran so often.
async fn filled(store: &Store, pool: &PgPool, name: &str, every: &str) -> Outcome<(Uuid, Profile)> {
    let profile = profile(name, FEATURES)?;
    let uid = register(store, &SystemClock, profile.clone(), Activation::On).await?.uid;
    fill(pool, uid, FEATURES, end(), every).await?;
    Ok((uid, profile))
}

fn end() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000)
}

/// A job over ten million rows, ten bins of each feature.
async fn job(store: &Store, pool: &PgPool) -> Outcome<()> {
    let uid = register(store, &SystemClock, profile("job", FEATURES)?, Activation::On).await?.uid;
    let routes = Routes { also: Vec::new(), cool_down: Duration::ZERO };
    let worker = Worker::new(store.clone(), Arc::new(SystemClock), 1, routes);
    worker.run_due().await?;
    let counts = [[IN_BIN; 10].as_slice(), &[0; 3]].concat().repeat(FEATURES);
    sqlx::query(
        "INSERT INTO bin_counts (profile, uid, counts) SELECT $1, gen_random_uuid(), $2 FROM generate_series(1, $3)",
    )
    .bind(uid)
    .bind(counts)
    .bind(COUNTED)
    .execute(pool)
    .await?;
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        sqlx::query(
            "UPDATE drift_jobs SET seen = now() - interval '1 hour', seen_xact = '0', due = now() WHERE profile = $1",
        )
        .bind(uid)
        .execute(pool)
        .await?;
        let begin = Instant::now();
        worker.run_due().await?;
        times.push(begin.elapsed());
    }
    times.sort_unstable();
    let all = Window { began: DateTime::UNIX_EPOCH, ended: DateTime::UNIX_EPOCH + TimeDelta::days(40_000) };
    let rows = store.drift_found(uid, all, 1).await?.first().map_or(0, |found| found.rows);
    let (median, longest) = (times[ROUNDS / 2], times[ROUNDS - 1]);
    say(format_args!("a job over the counts of {rows} rows: median {median:.1?}, longest {longest:.1?}"));
    Ok(())
}

#[tokio::main]
async fn main() -> Outcome<()> {
    let dir = tempfile::tempdir()?;
    let cluster = Cluster::start(ClusterOptions::new(dir.path())).await?;
    let store = Store::connect(cluster.connect_options(), 10).await?;
    let pool = PgPool::connect_with(cluster.connect_options()).await?;
    for other in 0..OTHERS {
        filled(&store, &pool, &format!("other_{other}"), "1 hour").await?;
    }
    for every in ["1 hour", "1 minute"] {
        let (uid, profile) = filled(&store, &pool, &every.replace(' ', "_"), every).await?;
        let (median, longest) = month(&store, uid, &profile, end()).await?;
        say(format_args!(
            "a job every {every}, {FEATURES} features, 30 days in 100 points: median {median:.1?}, longest {longest:.1?}"
        ));
    }
    job(&store, &pool).await?;
    store.close().await;
    pool.close().await;
    cluster.stop().await?;
    Ok(())
}
