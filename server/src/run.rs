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
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::access::{Access, FirstError, FirstUser, SecretError, SecretSource, SigningSecret};
use crate::alerts::{AlertOptions, Dispatcher, Routes, Sender, SetupError};
use crate::http::{Api, Bounds, Encryption, TlsError, TlsFiles, router, serve};
use crate::ingest::{Ingest, IngestOptions};
use crate::jobs::Worker;
use crate::metrics::keep_counters;
use crate::postgres::{Cluster, ClusterError, ClusterOptions};
use crate::retention::{Keep, keep_days, make_days};
use crate::store::{Store, StoreError};

/// How many connections to the database a server has.
pub(crate) const CONNECTIONS: u32 = 10;
/// How long what was handed over may take to be committed once the server is to stop, and how long connections to be given back. With what
/// requests may take it is less than the ten seconds after which most that stop servers lose their patience.
const COMMIT: Duration = Duration::from_secs(3);
const CLOSE: Duration = Duration::from_secs(1);
/// How many drift jobs a server does at once, and how often it looks for some at least, whatever it knows of when they are due.
const JOBS: usize = 2;
const LOOK: Duration = Duration::from_secs(10);
/// How often a server looks for something to be told.
const TELL: Duration = Duration::from_secs(2);

/// How a server is to run.
#[derive(Debug, Clone)]
pub struct RunOptions {
    /// Where it listens. Port 0 is any that is free.
    pub listen: SocketAddr,
    /// Who is let in.
    pub access: AccessOptions,
    /// Where everything is kept.
    pub database: Database,
    /// What becomes of its tables first.
    pub tables: Tables,
    /// How much waits, and for how long.
    pub ingest: IngestOptions,
    /// Who is told of alerts.
    pub alerts: AlertOptions,
    /// How long what is kept is kept.
    pub keep: Keep,
}

/// Who is let in, and how what they say gets here.
#[derive(Debug, Clone)]
pub struct AccessOptions {
    /// Whether everybody is asked who they are, also where only this machine can reach the server.
    pub auth: bool,
    /// Whether something before it encrypts, so that it may listen beyond this machine.
    pub behind_proxy: bool,
    /// What it encrypts with itself.
    pub tls: Option<TlsFiles>,
    /// Where what tokens are signed with comes from.
    pub secret: SecretSource,
}

impl AccessOptions {
    /// Whether a server that listens there lets its machine in without asking: only where nothing says that others may reach it.
    pub(crate) fn is_open(&self, listen: SocketAddr) -> bool {
        listen.ip().is_loopback() && !self.auth && !self.behind_proxy && self.tls.is_none()
    }

    /// Looks whether a server may listen there.
    ///
    /// # Errors
    /// Others could hear what is said, or there is nothing to sign tokens with.
    pub(crate) fn check(&self, listen: SocketAddr) -> Result<(), RunError> {
        let encrypted = self.behind_proxy || self.tls.is_some();
        if !listen.ip().is_loopback() && !encrypted {
            return Err(RunError::Open(listen));
        }
        if !self.is_open(listen) && matches!(self.secret, SecretSource::Forgotten) {
            return Err(RunError::NoSecret);
        }
        Ok(())
    }
}

/// A server that is ready.
#[derive(Debug)]
pub struct Ready {
    /// Where it listens.
    pub address: SocketAddr,
    /// Whether what it says is encrypted.
    pub encrypted: bool,
    /// Whether its machine is let in without being asked.
    pub open: bool,
    /// The first administrator, where one was made.
    pub first: Option<FirstUser>,
}

/// Where everything is kept.
#[derive(Debug, Clone)]
pub enum Database {
    /// In a Postgres of its own.
    Private(ClusterOptions),
    /// In one that is there, by its URL.
    At(Box<PgConnectOptions>),
}

/// What becomes of the tables of a database when a server starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tables {
    /// They are brought up to date.
    UpToDate,
    /// They are left as they are, and a server does not start on those of an earlier version.
    AsTheyAre,
}

/// Why a server does not run.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// Passwords and keys could be read on their way.
    #[error(
        "failed to listen on `{0}`, which others can reach, without encryption: listen on 127.0.0.1, name a certificate by `--tls-cert` and \
         `--tls-key`, or say `--behind-proxy` where a proxy encrypts"
    )]
    Open(SocketAddr),
    /// Tokens would not be known to other servers, nor to this one the next time.
    #[error(
        "there is nothing to sign access tokens with: set SCOUTER_SIGNING_SECRET to the same 32 bytes or more for all servers of the \
         database, or name the directory by `--data-dir` where one is to be made and kept"
    )]
    NoSecret,
    /// There is nothing to sign tokens with.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// There is nothing to encrypt with.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The first administrator cannot be made.
    #[error("failed to make the first administrator: {0}")]
    First(#[from] FirstError),
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

impl RunError {
    /// Whether it is the settings that are wrong, so that another try ends the same.
    pub(crate) fn is_of_settings(&self) -> bool {
        match self {
            Self::Open(_)
            | Self::NoSecret
            | Self::Secret(SecretError::Short { .. })
            | Self::Tls(TlsError::Read { .. } | TlsError::Certificate { .. })
            | Self::Cluster(ClusterError::Nothing { .. } | ClusterError::NoBinaries { .. }) => true,
            Self::Alerts(error) => !matches!(error, SetupError::Client(_)),
            // A certificate and a key that do not go together may be about to be renewed, one after the other.
            Self::Tls(TlsError::Use(_))
            | Self::Secret(_)
            | Self::First(_)
            | Self::Listen { .. }
            | Self::Cluster(_)
            | Self::Store(_)
            | Self::Broken(_) => false,
        }
    }
}

/// Runs a server until `stop` comes, from its first moment on. `ready` is told once it listens.
///
/// # Errors
/// It does not start, or a part of it breaks.
pub async fn run(
    options: RunOptions,
    clock: Arc<dyn Clock>,
    ready: impl FnOnce(Ready),
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
    ready: impl FnOnce(Ready),
    stopping: CancellationToken,
) -> Result<(), RunError> {
    let RunOptions { listen, access, database, tables, ingest, alerts, keep } = options;
    access.check(listen)?;
    let tls = access.tls.clone().map(Encryption::open).transpose()?;
    if let Some(files) = &access.tls {
        files.warn(clock.now().into());
    }
    let routes = Routes::from(&alerts);
    let sender = Sender::new(alerts, Arc::clone(&clock))?;
    for away in sender.unreachable() {
        tracing::warn!("{away}");
    }
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
    let open = access.is_open(listen);
    let encrypted = tls.is_some();
    let ready = |first| ready(Ready { address, encrypted, open, first });
    let door = Door { listener, tls, open, secret: access.secret };
    let served =
        serve_from((connect, tables), (ingest, keep), (sender, routes), clock, door, ready, stopping).await;
    if let Some(cluster) = cluster {
        cluster.stop().await?;
    }
    served
}

/// Where requests come in, and by what they are let in.
struct Door {
    listener: TcpListener,
    tls: Option<Encryption>,
    open: bool,
    secret: SecretSource,
}

async fn serve_from(
    (connect, tables): (PgConnectOptions, Tables),
    (ingest, keep): (IngestOptions, Keep),
    (sender, routes): (Sender, Routes),
    clock: Arc<dyn Clock>,
    Door { listener, tls, open, secret }: Door,
    ready: impl FnOnce(Option<FirstUser>),
    stopping: CancellationToken,
) -> Result<(), RunError> {
    // Other servers may be at the tables, for as long as that takes.
    let connected = async {
        match tables {
            Tables::UpToDate => Store::connect(connect, CONNECTIONS).await,
            Tables::AsTheyAre => Store::connect_to_tables(connect, CONNECTIONS).await,
        }
    };
    let Some(store) = stopping.run_until_cancelled(connected).await else { return Ok(()) };
    let store = store?;
    let access = Access::new(store.clone(), Arc::clone(&clock), &SigningSecret::of(&secret)?, open);
    let first = FirstUser::make(&store, &*clock).await?;
    let made = stopping.run_until_cancelled(make_days(&store)).await.unwrap_or_default();
    let mut background = JoinSet::new();
    background.spawn(keep_days(store.clone(), keep, made));
    let worker = Worker::new(store.clone(), Arc::clone(&clock), JOBS, routes.clone());
    let wake = worker.wake();
    background.spawn(async move { worker.work(LOOK).await });
    background.spawn(keep_counters());
    let acceptor = tls.as_ref().map(Encryption::acceptor);
    if let Some(tls) = tls {
        background.spawn(tls.keep(Arc::clone(&clock)));
    }
    let dispatcher = Dispatcher::new(store.clone(), sender, Arc::clone(&clock));
    background.spawn(async move { dispatcher.work(TELL).await });
    let (ingest, mut committers) = Ingest::start(&store, ingest);
    let bounds = Bounds::default();
    let (ingest, access) = (Arc::new(ingest), Arc::new(access));
    let api = Api {
        ingest,
        access,
        store: store.clone(),
        routes: Arc::new(routes),
        wake,
        open_windows: Arc::default(),
        clock,
        bounds,
        stopping: stopping.clone(),
    };
    ready(first);
    let serving = serve(listener, acceptor, router(api), bounds, stopping.clone());
    let ended = first_end(serving, &mut background, committers.ended()).await;
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

/// How a server comes to its end: it was told to stop, or a part of it broke, since none but `serving` ends by itself.
async fn first_end(
    serving: impl Future<Output = ()>,
    background: &mut JoinSet<()>,
    committing: impl Future<Output = Option<JoinError>>,
) -> Result<(), RunError> {
    tokio::select! {
        () = serving => Ok(()),
        Some(end) = background.join_next() => Err(broken(end.err())),
        why = committing => Err(broken(why)),
    }
}

fn broken(why: Option<JoinError>) -> RunError {
    RunError::Broken(why.map_or_else(|| "it ended before its time".to_owned(), |why| why.to_string()))
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::*;

    #[tokio::test]
    async fn a_task_in_the_background_that_panics_ends_the_server_and_says_so() {
        let mut background = JoinSet::new();
        background.spawn(pending());
        background.spawn(async { panic!("the disk is gone") });
        let ended = first_end(pending(), &mut background, pending()).await;
        let told = ended.unwrap_err().to_string();
        assert!(told.starts_with("a part of the server broke, so it ended: "), "{told}");
        assert!(told.contains("the disk is gone"), "{told}");
    }

    #[tokio::test]
    async fn a_task_in_the_background_that_ends_before_its_time_ends_the_server_too() {
        let mut background = JoinSet::new();
        background.spawn(async {});
        let ended = first_end(pending(), &mut background, pending()).await;
        assert!(matches!(ended, Err(RunError::Broken(why)) if why == "it ended before its time"));
    }

    #[test]
    fn a_secret_that_is_too_short_is_of_the_settings_and_one_that_cannot_be_kept_is_not() {
        let short = SecretError::Short { place: "SCOUTER_SIGNING_SECRET".to_owned() };
        assert!(RunError::from(short).is_of_settings());
        let full = SecretError::File { path: "signing.key".into(), cause: io::ErrorKind::StorageFull.into() };
        assert!(!RunError::from(full).is_of_settings());
    }
}
