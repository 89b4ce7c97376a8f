//! Ingest beside a bare `COPY` of the same rows into the same table, on the same Postgres with `fsync` on, in one run.
//!
//! `cargo bench -p scouter-server --bench ingest`; the client runs in the same process, on the same cores.

mod support {
    pub(crate) mod bare;
    pub(crate) mod client;
    pub(crate) mod outcome;
    pub(crate) mod pace;
    pub(crate) mod profile;
}

use std::sync::Arc;

use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};
use scouter_engine::SystemClock;
use scouter_server::access::{Access, SecretSource, SigningSecret};
use scouter_server::http::{Api, Bounds, router, serve};
use scouter_server::ingest::{Ingest, IngestOptions};
use scouter_server::postgres::{Cluster, ClusterOptions};
use scouter_server::registry::register;
use scouter_server::store::{Activation, Store};
use scouter_tasks::result::NewUid;
use sqlx::PgPool;
use tokio::net::TcpListener;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use support::bare;
use support::client::{Http, batch, client, send};
use support::outcome::{Outcome, say};
use support::pace::{Pace, Times};
use support::profile::profile;

const FEATURES: usize = 10;
const BATCH: usize = 500;
/// Rows that are sent as fast as may be.
const ROWS: usize = 200_000;
/// Rows that are sent evenly: a thousand batches, so that ten of them are beyond the 99th percentile.
const EVENLY: usize = 500_000;
const IN_FLIGHT: usize = 16;

/// Batches as they are sent.
fn bodies(profile: Uuid, rows: usize) -> Outcome<Vec<Bytes>> {
    let body = |first| batch(profile, FEATURES, first..first + BATCH, |_| SystemClock.new_uid());
    (0..rows).step_by(BATCH).map(body).collect()
}

/// Rows a second where as many batches as may be are under way.
async fn throughput(client: &Http, url: &str, bodies: Vec<Bytes>) -> Outcome<f64> {
    let begin = Instant::now();
    let accepted: Vec<u64> = stream::iter(bodies)
        .map(|body| send(client, url, body))
        .buffer_unordered(IN_FLIGHT)
        .try_collect()
        .await?;
    Ok(accepted.iter().sum::<u64>() as f64 / begin.elapsed().as_secs_f64())
}

/// How long batches take to be acknowledged that are sent evenly.
async fn latency(client: &Http, url: &str, bodies: Vec<Bytes>, pace: Pace) -> Outcome<Times> {
    let times: Vec<_> = stream::iter(bodies.into_iter().enumerate())
        .map(|(at, body)| async move {
            pace.wait_for(at).await;
            send(client, url, body).await?;
            Outcome::Ok(pace.since(at))
        })
        .buffer_unordered(IN_FLIGHT * 4)
        .try_collect()
        .await?;
    Ok(times.into())
}

/// Empties the table and has Postgres write down all that is left to write: nothing that is measured makes up for what was before.
async fn empty(pool: &PgPool) -> Outcome<()> {
    sqlx::query("TRUNCATE records").execute(pool).await?;
    sqlx::query("CHECKPOINT").execute(pool).await?;
    Ok(())
}

#[tokio::main]
async fn main() -> Outcome<()> {
    let dir = tempfile::tempdir()?;
    let cluster = Cluster::start(ClusterOptions::new(dir.path())).await?;
    let store = Store::connect(cluster.connect_options(), 10).await?;
    store.make_days(store.today().await?).await?;
    let pool = PgPool::connect_with(cluster.connect_options()).await?;
    let registered = register(&store, &SystemClock, profile("ingest", FEATURES)?, Activation::On).await?;

    let (ingest, committers) = Ingest::start(&store, IngestOptions::default());
    let (bounds, stopping) = (Bounds::default(), CancellationToken::new());
    let (ingest, clock) = (Arc::new(ingest), Arc::new(SystemClock));
    let secret = SigningSecret::of(&SecretSource::Forgotten)?;
    let access = Arc::new(Access::new(store.clone(), clock.clone(), &secret, true));
    let routes = Arc::default();
    let wake = Arc::default();
    let open_windows = Arc::default();
    let api =
        Api { ingest, access, store, routes, wake, open_windows, clock, bounds, stopping: stopping.clone() };
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/v1/records", listener.local_addr()?);
    let serving = tokio::spawn(serve(listener, None, router(api), bounds, stopping.clone()));
    let client = client();

    say(format_args!("{ROWS} rows of {FEATURES} features, batches of {BATCH}, {IN_FLIGHT} under way"));
    for round in 0..3 {
        empty(&pool).await?;
        let sent = throughput(&client, &url, bodies(registered.uid, ROWS)?).await?;
        let rows = bare::rows(&pool, BATCH).await?;
        empty(&pool).await?;
        let copied = bare::throughput(&pool, &rows).await? * BATCH as f64;
        say(format_args!(
            "round {round}: ingest until committed {sent:.0} rows/s, bare COPY {copied:.0} rows/s: {:.2}",
            sent / copied
        ));
        let half = sent / 2.0 / BATCH as f64;
        let evenly = bodies(registered.uid, EVENLY)?;
        empty(&pool).await?;
        let acknowledged = latency(&client, &url, evenly, Pace::of(half)).await?;
        let rows = bare::rows(&pool, BATCH).await?;
        empty(&pool).await?;
        let committed = bare::latency(&pool, &rows, Pace::of(half)).await?;
        say(format_args!(
            "round {round}: {EVENLY} rows at half of that load: acknowledged {acknowledged}, bare COPY committed {committed}"
        ));
    }
    stopping.cancel();
    serving.await?;
    committers.finish().await;
    pool.close().await;
    cluster.stop().await?;
    Ok(())
}
