//! A server from its start to its end.

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use scouter_engine::Clock;
use sqlx::postgres::PgConnectOptions;
use tokio::net::TcpListener;
use tokio::task::{JoinError, JoinSet};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::alerts::{AlertOptions, Dispatcher, Routes, Sender, SetupError};
use crate::http::{Api, Bounds, router, serve};
use crate::ingest::{Ingest, IngestOptions};
use crate::jobs::Worker;
use crate::postgres::{Cluster, ClusterError, ClusterOptions};
use crate::store::{Store, StoreError};

/// How many connections to the database a server has.
const CONNECTIONS: u32 = 10;
/// How long what was handed over may take to be committed once the server is to stop, and how long connections to be given back. With what
/// requests may take it is less than the ten seconds after which most that stop servers lose their patience.
const COMMIT: Duration = Duration::from_secs(3);
const CLOSE: Duration = Duration::from_secs(1);
/// How often partitions are made for the days to come, and how soon again where that failed.
const DAYS: Duration = Duration::from_hours(1);
const DAYS_AGAIN: Duration = Duration::from_mins(1);
/// How many drift jobs a server does at once, and how often it looks for some.
const JOBS: usize = 2;
const LOOK: Duration = Duration::from_secs(10);
/// How often a server looks for something to be told.
const TELL: Duration = Duration::from_secs(2);

/// How a server is to run.
#[derive(Debug, Clone)]
pub struct RunOptions {
    /// Where it listens. Port 0 is any that is free.
    pub listen: SocketAddr,
    /// Whether something before it encrypts and lets in whom it should, so that it may listen beyond this machine.
    pub behind_proxy: bool,
    /// Where everything is kept.
    pub database: Database,
    /// How much waits, and for how long.
    pub ingest: IngestOptions,
    /// Who is told of alerts.
    pub alerts: AlertOptions,
}

/// Where everything is kept.
#[derive(Debug, Clone)]
pub enum Database {
    /// In a Postgres of its own.
    Private(ClusterOptions),
    /// In one that is there, by its URL.
    At(Box<PgConnectOptions>),
}

/// Why a server does not run.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// Anyone who can reach it could do anything.
    #[error(
        "failed to listen on `{0}`, which others can reach: listen on 127.0.0.1, or say `--behind-proxy` where a proxy encrypts and lets in \
         only whom it should"
    )]
    Open(SocketAddr),
    /// The port is taken, or not ours to have.
    #[error("failed to listen on `{address}`: {cause}")]
    Listen {
        /// The port.
        address: SocketAddr,
        /// What the system says.
        cause: io::Error,
    },
    /// The private Postgres does not run.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A part of it broke, without which it would go on as if nothing were wrong.
    #[error("a part of the server broke, so it ended: {0}")]
    Broken(String),
    /// Alerts cannot be sent as the options say.
    #[error(transparent)]
    Alerts(#[from] SetupError),
}

/// Runs a server until `stop` comes, from its first moment on. `ready` is told where it listens.
///
/// # Errors
/// It does not start, or a part of it breaks.
pub async fn run(
    options: RunOptions,
    clock: Arc<dyn Clock>,
    ready: impl FnOnce(SocketAddr),
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), RunError> {
    let stopping = CancellationToken::new();
    let mut running = pin!(start(options, clock, ready, stopping.clone()));
    tokio::select! {
        ended = running.as_mut() => return ended,
        () = stop => stopping.cancel(),
    }
    running.await
}

async fn start(
    options: RunOptions,
    clock: Arc<dyn Clock>,
    ready: impl FnOnce(SocketAddr),
    stopping: CancellationToken,
) -> Result<(), RunError> {
    let RunOptions { listen, behind_proxy, database, ingest, alerts } = options;
    if !(listen.ip().is_loopback() || behind_proxy) {
        return Err(RunError::Open(listen));
    }
    let routes = Routes::from(&alerts);
    let sender = Sender::new(alerts, Arc::clone(&clock))?;
    let unheard = |cause| RunError::Listen { address: listen, cause };
    let listener = TcpListener::bind(listen).await.map_err(unheard)?;
    let address = listener.local_addr().map_err(unheard)?;

    let (cluster, connect) = match database {
        Database::Private(options) => {
            let Some(cluster) = stopping.run_until_cancelled(Cluster::start(options)).await else {
                return Ok(());
            };
            let cluster = cluster?;
            let connect = cluster.connect_options();
            (Some(cluster), connect)
        }
        Database::At(connect) => (None, *connect),
    };
    let served =
        serve_from(connect, ingest, (sender, routes), clock, listener, || ready(address), stopping).await;
    if let Some(cluster) = cluster {
        cluster.stop().await?;
    }
    served
}

async fn serve_from(
    connect: PgConnectOptions,
    ingest: IngestOptions,
    (sender, routes): (Sender, Routes),
    clock: Arc<dyn Clock>,
    listener: TcpListener,
    ready: impl FnOnce(),
    stopping: CancellationToken,
) -> Result<(), RunError> {
    // Other servers may be at the tables, for as long as that takes.
    let Some(store) = stopping.run_until_cancelled(Store::connect(connect, CONNECTIONS)).await else {
        return Ok(());
    };
    let store = store?;
    let made = stopping.run_until_cancelled(make_days(&store)).await.unwrap_or(DAYS_AGAIN);
    let mut background = JoinSet::new();
    background.spawn(keep_days(store.clone(), made));
    let worker = Worker::new(store.clone(), Arc::clone(&clock), JOBS, routes);
    background.spawn(async move { worker.work(LOOK).await });
    let dispatcher = Dispatcher::new(store.clone(), sender, Arc::clone(&clock));
    background.spawn(async move { dispatcher.work(TELL).await });
    let (ingest, mut committers) = Ingest::start(&store, ingest);
    let bounds = Bounds::default();
    let api =
        Api { ingest: Arc::new(ingest), store: store.clone(), clock, bounds, stopping: stopping.clone() };
    ready();
    // None of the others ends by itself.
    let ended = tokio::select! {
        () = serve(listener, router(api), bounds, stopping.clone()) => Ok(()),
        Some(end) = background.join_next() => Err(broken(end.err())),
        why = committers.ended() => Err(broken(why)),
    };
    stopping.cancel();
    if timeout(COMMIT, committers.finish()).await.is_err() {
        tracing::warn!("records that nobody was told are kept were not committed in time");
    }
    background.shutdown().await;
    if timeout(CLOSE, store.close()).await.is_err() {
        tracing::warn!("connections to the database were cut off");
    }
    ended
}

fn broken(why: Option<JoinError>) -> RunError {
    RunError::Broken(why.map_or_else(|| "it ended before its time".to_owned(), |why| why.to_string()))
}

async fn keep_days(store: Store, first: Duration) {
    let mut again = first;
    loop {
        sleep(again).await;
        again = make_days(&store).await;
    }
}

/// Makes partitions for the days to come. After how long it is to be done again.
async fn make_days(store: &Store) -> Duration {
    let made = async { store.make_days(store.today().await?).await };
    match made.await {
        Ok(_) => DAYS,
        Err(error) => {
            tracing::warn!(%error, "failed to make partitions for the days to come");
            DAYS_AGAIN
        }
    }
}
