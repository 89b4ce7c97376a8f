//! Ingest beside a bare `COPY` of the same rows into the same table, on the same Postgres with `fsync` on, in one run.
//!
//! `cargo bench -p scouter-server --bench ingest`; the client runs in the same process, on the same cores.

mod support {
    pub(crate) mod client;
    pub(crate) mod outcome;
    pub(crate) mod profile;
}

use std::sync::Arc;
use std::time::Duration;

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
use sqlx::postgres::PgPoolCopyExt;
use tokio::net::TcpListener;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use support::client::{Http, batch, client, send};
use support::outcome::{Outcome, say};
use support::profile::profile;

const FEATURES: usize = 10;
const ROWS: usize = 200_000;
const BATCH: usize = 500;
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

/// The median and the 99th percentile of the time to an acknowledgement, where so many rows a second are sent evenly.
async fn latency(client: &Http, url: &str, bodies: Vec<Bytes>, rate: f64) -> Outcome<(Duration, Duration)> {
    let begin = Instant::now();
    let pause = BATCH as f64 / rate;
    let mut times: Vec<Duration> = stream::iter(bodies.into_iter().enumerate())
        .map(|(at, body)| async move {
            let due = begin + Duration::from_secs_f64(pause * at as f64);
            sleep_until(due).await;
            send(client, url, body).await?;
            // From when it was due, so that waiting for others counts.
            Outcome::Ok(due.elapsed())
        })
        .buffer_unordered(IN_FLIGHT * 4)
        .try_collect()
        .await?;
    times.sort_unstable();
    Ok((times[times.len() / 2], times[times.len() * 99 / 100]))
}

/// Rows a second of one `COPY` of the rows that are there into the same table, emptied.
async fn bare(pool: &PgPool) -> Outcome<f64> {
    let out =
        "COPY (SELECT profile, uid, numbers, texts FROM records ORDER BY uid) TO STDOUT (FORMAT binary)";
    let rows: Vec<Bytes> = pool.copy_out_raw(out).await?.try_collect().await?;
    sqlx::query("TRUNCATE records").execute(pool).await?;
    let begin = Instant::now();
    let mut copy =
        pool.copy_in_raw("COPY records (profile, uid, numbers, texts) FROM STDIN (FORMAT binary)").await?;
    copy.send(rows.concat()).await?;
    let rows = copy.finish().await?;
    Ok(rows as f64 / begin.elapsed().as_secs_f64())
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
    let wake = Arc::default();
    let api = Api { ingest, access, store, wake, clock, bounds, stopping: stopping.clone() };
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/v1/records", listener.local_addr()?);
    let serving = tokio::spawn(serve(listener, None, router(api), bounds, stopping.clone()));
    let client = client();

    say(format_args!("{ROWS} rows of {FEATURES} features, batches of {BATCH}, {IN_FLIGHT} under way"));
    for round in 0..3 {
        sqlx::query("TRUNCATE records").execute(&pool).await?;
        let sent = throughput(&client, &url, bodies(registered.uid, ROWS)?).await?;
        let bare = bare(&pool).await?;
        say(format_args!(
            "round {round}: ingest until committed {sent:.0} rows/s, bare COPY {bare:.0} rows/s: {:.2}",
            sent / bare
        ));
        let (median, p99) = latency(&client, &url, bodies(registered.uid, ROWS)?, sent / 2.0).await?;
        say(format_args!(
            "round {round}: acknowledged at half of that load: median {median:.1?}, p99 {p99:.1?}"
        ));
    }
    stopping.cancel();
    serving.await?;
    committers.finish().await;
    pool.close().await;
    cluster.stop().await?;
    Ok(())
}
