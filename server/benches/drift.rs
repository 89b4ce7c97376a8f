//! Drift over 30 days in 100 points, of a profile that is looked at every hour and of one that is looked at every minute; and a job over ten million
//! rows that clients have counted.
//!
//! `cargo bench -p scouter-server --bench drift`; on a Postgres of its own, with ninety days of other profiles beside.

use std::error::Error;
use std::fmt::Display;
use std::io::{Write, stdout};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use indexmap::IndexMap;
use scouter_drift::psi::{Binning, PsiBaseline, ZeroBins};
use scouter_engine::SystemClock;
use scouter_server::alerts::Routes;
use scouter_server::jobs::Worker;
use scouter_server::postgres::{Cluster, ClusterOptions};
use scouter_server::registry::{Profile, register};
use scouter_server::series::{Span, series};
use scouter_server::store::{Activation, Store, Window};
use scouter_tasks::profile::{Identity, PsiConfig, PsiFeature, PsiProfile};
use sqlx::PgPool;
use tokio::time::Instant;

const FEATURES: usize = 20;
const DAYS: i64 = 90;
const OTHERS: usize = 10;
const ROUNDS: usize = 20;
/// How many messages of counts there are, and how many rows are in each bin of one.
const COUNTED: i32 = 10_000;
const IN_BIN: i64 = 100;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

fn say(what: impl Display) {
    // A pipe that is closed is no matter of the benchmark.
    let _ = writeln!(stdout(), "{what}");
}

fn profile(name: String) -> Outcome<Profile> {
    let numbers: Vec<f64> = (1..=100).map(f64::from).collect();
    let baseline = PsiBaseline::of_numbers(&numbers[..], Binning::default(), ZeroBins::default())?;
    let feature = |at| {
        let id = format!("feature_{at}");
        let timestamp = DateTime::UNIX_EPOCH;
        (id.clone(), PsiFeature { id, timestamp, baseline: baseline.clone() })
    };
    let identity = Identity { space: "bench".to_owned(), name, ..Identity::default() };
    Ok(Profile::Psi(PsiProfile {
        scouter_version: String::new(),
        config: PsiConfig { identity, ..PsiConfig::default() },
        features: (0..FEATURES).map(feature).collect(),
        absent: IndexMap::new(),
    }))
}

/// Registers a profile with what jobs found of it that ran so often, with documents of some two kilobytes.
async fn filled(store: &Store, pool: &PgPool, name: String, every: &str) -> Outcome<(uuid::Uuid, Profile)> {
    let profile = profile(name)?;
    let uid = register(store, &SystemClock, profile.clone(), Activation::On).await?.uid;
    sqlx::query(
        "INSERT INTO drift_results (profile, began, ended, rows, drifted, document, counts, means, squares)
         SELECT $1, at - $4::interval, at, 100, '{}', repeat(md5(at::text), 60), $5, '{}', '{}'
         FROM generate_series($2::timestamptz, $3::timestamptz, $4::interval) AS at",
    )
    .bind(uid)
    .bind(end() - TimeDelta::days(DAYS))
    .bind(end())
    .bind(every)
    .bind(vec![7_i64; FEATURES * 13])
    .execute(pool)
    .await?;
    Ok((uid, profile))
}

fn end() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000)
}

/// A job over ten million rows, ten bins of each feature.
async fn job(store: &Store, pool: &PgPool) -> Outcome<()> {
    let uid = register(store, &SystemClock, profile("job".to_owned())?, Activation::On).await?.uid;
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
        filled(&store, &pool, format!("other_{other}"), "1 hour").await?;
    }
    for every in ["1 hour", "1 minute"] {
        let (uid, profile) = filled(&store, &pool, every.replace(' ', "_"), every).await?;
        sqlx::query("ANALYZE drift_results").execute(&pool).await?;
        let span = Span { window: Window { began: end() - TimeDelta::days(30), ended: end() }, parts: 100 };
        let mut times = Vec::new();
        for _ in 0..ROUNDS {
            let begin = Instant::now();
            series(&store, uid, &profile, span).await?;
            times.push(begin.elapsed());
        }
        times.sort_unstable();
        let (median, longest) = (times[ROUNDS / 2], times[ROUNDS - 1]);
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
