//! The connection to the database, and what every session of it keeps to.

use std::io;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions, Connection, PgConnection, PgPool};
use tokio::time::timeout;

use super::StoreError;
use super::look::{Facts, Schema, migrations};
use super::retry::retried;

/// How long a statement waits for a free connection.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long a connection may take to show that it is there, before it is used and after.
const GLANCE: Duration = Duration::from_secs(2);

/// What connections call themselves, for whoever looks at `pg_stat_activity`.
const APPLICATION: &str = "scouter";

/// Everything that is kept. Copies share their connections.
#[derive(Debug, Clone)]
pub struct Store {
    pub(super) pool: PgPool,
}

impl Store {
    /// Connects, looks whether the database is one that can be used, and brings its tables up to date. Tables that a later version made
    /// stay as they are: versions follow one another without a gap, and an older one still runs beside them.
    ///
    /// # Errors
    /// The database cannot be reached, is too old, or its tables cannot be brought up to date.
    pub async fn connect(options: PgConnectOptions, connections: u32) -> Result<Self, StoreError> {
        Self::migrate(&options).await?;
        Self::open(options, connections).await
    }

    /// Connects to a database whose tables are up to date, or of a later version, and leaves them as they are.
    ///
    /// # Errors
    /// The database cannot be reached, is too old, or its tables are.
    pub async fn connect_to_tables(options: PgConnectOptions, connections: u32) -> Result<Self, StoreError> {
        let mut session = session(&options).await?;
        let Schema { at, missing, own } = Schema::of(&mut session).await?;
        session.close().await?;
        if missing.is_empty() {
            Self::open(options, connections).await
        } else {
            Err(StoreError::Behind { found: at.unwrap_or_default(), own })
        }
    }

    /// Brings the tables up to date, on a session of its own: it waits for others that do so, as long as that takes.
    ///
    /// # Errors
    /// The database cannot be reached, is too old, or its tables cannot be brought up to date.
    pub async fn migrate(options: &PgConnectOptions) -> Result<(), StoreError> {
        let mut session = session(options).await?;
        // That tables are there already is no news to anybody.
        sqlx::query("SET client_min_messages = warning").execute(&mut session).await?;
        migrations().run(&mut session).await?;
        session.close().await?;
        Ok(())
    }

    async fn open(options: PgConnectOptions, connections: u32) -> Result<Self, StoreError> {
        let options = options.application_name(APPLICATION);
        let pool = PgPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(PATIENCE)
            .test_before_acquire(false)
            .before_acquire(|session, _| Box::pin(lives(session)))
            // Before the pool asks the same without an end, as it does of each that is given back: its place would be lost.
            .after_release(|session, _| Box::pin(lives(session)))
            .after_connect(|session, _| Box::pin(keep_to(session)));
        Ok(Self { pool: pool.connect_with(options).await? })
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// It does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1").execute(&self.pool).await?;
        Ok(())
    }

    /// How many messages about alerts wait to be sent, and how many drift jobs have been due for ten seconds without anybody being at them.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn backlog(&self) -> Result<(i64, i64), StoreError> {
        let backlog = || {
            sqlx::query_as(
            "SELECT (SELECT count(*) FROM deliveries WHERE ended IS NULL),
                 (SELECT count(*) FROM drift_jobs JOIN profiles ON uid = profile
                  WHERE active AND due <= now() - interval '10 seconds' AND (leased_until IS NULL OR leased_until <= now()))",
        ).fetch_one(&self.pool)
        };
        retried(backlog).await
    }

    /// Gives the connections back, once what runs on them is done.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

/// Whether a session is there yet, and free of what was broken off on it. One whose database is gone without a word would be asked for ever.
async fn lives(session: &mut PgConnection) -> Result<bool, sqlx::Error> {
    let late = |_| sqlx::Error::Io(io::Error::new(io::ErrorKind::TimedOut, "it does not answer"));
    timeout(GLANCE, session.ping()).await.map_err(late)?.map(|()| true)
}

/// A session beside those of the pool, on a Postgres that can be used.
async fn session(options: &PgConnectOptions) -> Result<PgConnection, StoreError> {
    let mut session = options.clone().application_name(APPLICATION).connect().await?;
    if !Facts::of(&mut session).await?.fsync {
        tracing::warn!(
            "`fsync` of the database is off: what is acknowledged may be lost when its machine goes down"
        );
    }
    Ok(session)
}

/// Sets what a session keeps to, whatever its role, its database and its system say. By a statement and not when it is opened, which poolers
/// in between refuse.
///
/// - What is committed is on the disk, since that is what an acknowledgement says.
/// - Nothing lasts for ever: neither a statement, nor the wait for a lock, nor a transaction that nobody goes on with.
/// - What the database notes and is no warning stays there.
/// - The database notices within half a minute that a machine is gone. Until then it would hold the rows that were on their way from there,
///   and everybody who sends the same ones would wait.
async fn keep_to(session: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query(
        "SELECT set_config(name, value, false)
         FROM (VALUES
             ('lock_timeout', '5s'),
             ('statement_timeout', '30s'),
             ('idle_in_transaction_session_timeout', '30s'),
             ('tcp_keepalives_idle', '15'),
             ('tcp_keepalives_interval', '5'),
             ('tcp_keepalives_count', '3'),
             ('tcp_user_timeout', '30s'),
             ('client_min_messages', 'warning'),
             ('synchronous_commit',
                 CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END)
         ) AS own (name, value)",
    )
    .execute(session)
    .await
    .map(drop)
}
