//! A server from its start to its end.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use scouter_engine::Clock;
use sqlx::postgres::PgConnectOptions;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::http::{Api, router, serve};
use crate::ingest::{Ingest, IngestOptions};
use crate::jobs::Worker;
use crate::postgres::{Cluster, ClusterError, ClusterOptions};
use crate::store::{Store, StoreError};

/// How many connections to the database a server has.
const CONNECTIONS: u32 = 10;
/// How long requests that are under way may take once the server is to stop; and then what they handed over.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often partitions are made for the days to come.
const DAYS: Duration = Duration::from_hours(1);
/// How many drift jobs a server does at once, and how often it looks for some.
const JOBS: usize = 2;
const LOOK: Duration = Duration::from_secs(10);

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
}

/// Runs a server until `stop` comes. `ready` is told where it listens.
///
/// # Errors
/// It does not start.
pub async fn run(
    options: RunOptions,
    clock: Arc<dyn Clock>,
    ready: impl FnOnce(SocketAddr),
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), RunError> {
    let RunOptions { listen, behind_proxy, database, ingest } = options;
    if !(listen.ip().is_loopback() || behind_proxy) {
        return Err(RunError::Open(listen));
    }
    let unheard = |cause| RunError::Listen { address: listen, cause };
    let listener = TcpListener::bind(listen).await.map_err(unheard)?;
    let address = listener.local_addr().map_err(unheard)?;

    let (cluster, connect) = match database {
        Database::Private(options) => {
            let cluster = Cluster::start(options).await?;
            let connect = cluster.connect_options();
            (Some(cluster), connect)
        }
        Database::At(connect) => (None, *connect),
    };
    let served = serve_from(connect, ingest, clock, (listener, address), ready, stop).await;
    if let Some(cluster) = cluster {
        cluster.stop().await?;
    }
    served
}

async fn serve_from(
    connect: PgConnectOptions,
    ingest: IngestOptions,
    clock: Arc<dyn Clock>,
    (listener, address): (TcpListener, SocketAddr),
    ready: impl FnOnce(SocketAddr),
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), RunError> {
    let store = Store::connect(connect, CONNECTIONS).await?;
    let mut background = JoinSet::new();
    background.spawn(make_days(store.clone(), Arc::clone(&clock)));
    let worker = Worker::new(store.clone(), Arc::clone(&clock), JOBS);
    background.spawn(async move { worker.work(LOOK).await });
    let (ingest, committers) = Ingest::start(&store, ingest);
    let api = Api { ingest: Arc::new(ingest), store: store.clone(), clock };
    ready(address);
    let served = serve(listener, router(api), stop, PATIENCE).await;
    if timeout(PATIENCE, committers.finish()).await.is_err() {
        tracing::warn!("records that nobody was told are kept were not committed in time");
    }
    background.shutdown().await;
    store.close().await;
    served.map_err(|cause| RunError::Listen { address, cause })
}

fn today(clock: &dyn Clock) -> chrono::NaiveDate {
    DateTime::<Utc>::from(clock.now()).date_naive()
}

async fn make_days(store: Store, clock: Arc<dyn Clock>) {
    let mut often = interval(DAYS);
    often.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        often.tick().await;
        if let Err(error) = store.make_days(today(&*clock)).await {
            tracing::warn!(%error, "failed to make partitions for the days to come");
        }
    }
}
