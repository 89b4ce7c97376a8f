//! Postgres, as the rest of the server sees it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgSslMode};
use sqlx::{ConnectOptions, Connection, PgConnection};
use tokio::sync::oneshot;
use tokio::time::sleep;

use super::directory;
use super::error::ClusterError;
use super::initdb::OWNER;
use super::keeper::Keeper;

/// How often a Postgres that was started is asked whether it is ready.
const GLANCE: Duration = Duration::from_millis(20);

/// Where a private Postgres keeps its data, and where its programs are.
#[derive(Debug, Clone)]
pub struct ClusterOptions {
    /// The data directory. Made where there is none; its parents too.
    pub data: PathBuf,
    /// The folder of the programs; none where they are to be looked for.
    pub binaries: Option<PathBuf>,
    /// The folder of the programs that came with Scouter, looked into first.
    pub bundled: Option<PathBuf>,
}

impl ClusterOptions {
    /// With programs that are looked for on the system.
    pub fn new(data: impl Into<PathBuf>) -> Self {
        Self { data: data.into(), binaries: None, bundled: None }
    }
}

/// A private Postgres that runs. It is started again when it ends by itself, and ends with this value or with this process, however that ends.
#[derive(Debug)]
pub struct Cluster {
    options: ClusterOptions,
    sockets: PathBuf,
    stop: oneshot::Sender<()>,
    ended: oneshot::Receiver<Result<(), ClusterError>>,
}

impl Cluster {
    /// Starts it, and waits until it lets us in: for as long as it takes to recover what was written before a crash. A cluster is made
    /// where there is none.
    ///
    /// # Errors
    /// There are no programs of a version that can read the data, the directory is in use, the system forbids something, or Postgres ends at
    /// once; with what it said.
    pub async fn start(options: ClusterOptions) -> Result<Self, ClusterError> {
        let Keeper { stop, started, ready, mut ended } = Keeper::spawn(options.clone())?;
        let Ok(sockets) = started.await else { return Err(why(ended.await)) };
        let cluster = connect_options(&sockets, "postgres");
        let mut connection = loop {
            match cluster.connect().await {
                Ok(connection) => break connection,
                Err(error) if !passes(&error) => {
                    return Err(ClusterError::Connect { dir: options.data, cause: error });
                }
                Err(_) => {}
            }
            tokio::select! {
                end = &mut ended => return Err(why(end)),
                () = sleep(GLANCE) => {}
            }
        };
        ready.store(true, Ordering::Relaxed);
        let made = make_database(&mut connection).await;
        made.map_err(|cause| ClusterError::Connect { dir: options.data.clone(), cause })?;
        Ok(Self { options, sockets, stop, ended })
    }

    /// Starts one that is there: none is made.
    ///
    /// # Errors
    /// There is none, or what [`Cluster::start`] fails with.
    pub async fn open(options: ClusterOptions) -> Result<Self, ClusterError> {
        if directory::holds_data(&options.data) {
            Self::start(options).await
        } else {
            Err(ClusterError::Nothing { dir: options.data })
        }
    }

    /// How to connect to the database of one that another process has started on a data directory.
    ///
    /// # Errors
    /// None runs there.
    pub fn connect_to_running(data: &Path) -> Result<PgConnectOptions, ClusterError> {
        let file = data.join("postgres/postmaster.pid");
        let written = fs::read_to_string(&file).map_err(ClusterError::io("read", &file))?;
        // The fifth line is where its sockets are.
        let sockets = written.lines().nth(4).filter(|sockets| !sockets.is_empty());
        sockets.map(|sockets| connect_options(Path::new(sockets), OWNER)).ok_or(ClusterError::Gone)
    }

    /// How to connect to its database.
    pub fn connect_options(&self) -> PgConnectOptions {
        connect_options(&self.sockets, OWNER)
    }

    /// What it was started with.
    pub fn options(&self) -> &ClusterOptions {
        &self.options
    }

    /// Ends it: sessions are cut off, and what was committed is on the disk.
    ///
    /// # Errors
    /// It could not be told to end, or had ended before.
    pub async fn stop(self) -> Result<(), ClusterError> {
        drop(self.stop);
        match self.ended.await {
            Ok(end) => end,
            Err(gone) => Err(why(Err(gone))),
        }
    }
}

fn connect_options(sockets: &Path, database: &str) -> PgConnectOptions {
    PgConnectOptions::new_without_pgpass()
        .socket(sockets)
        .port(5432)
        .username(OWNER)
        .database(database)
        .ssl_mode(PgSslMode::Disable)
}

/// Whether a Postgres that was just started may yet let us in: its socket is not there yet, or it still recovers.
fn passes(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) => true,
        sqlx::Error::Database(error) => error.code().is_some_and(|code| code == "57P03"),
        _ => false,
    }
}

async fn make_database(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let there: bool = sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_database WHERE datname = 'scouter')")
        .fetch_one(&mut *connection)
        .await?;
    if !there {
        sqlx::query("CREATE DATABASE scouter").execute(&mut *connection).await?;
    }
    connection.ping().await
}

fn why(end: Result<Result<(), ClusterError>, oneshot::error::RecvError>) -> ClusterError {
    match end {
        Ok(Err(error)) => error,
        Ok(Ok(())) | Err(_) => ClusterError::Gone,
    }
}
