//! The connection to the database.

use std::time::Duration;

use sqlx::PgPool;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use super::StoreError;

/// How long a statement waits for a free connection.
const PATIENCE: Duration = Duration::from_secs(10);

/// What connections call themselves; `settled` looks for it.
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
        let pool = PgPoolOptions::new().max_connections(connections).acquire_timeout(PATIENCE);
        let pool = pool.connect_with(options.application_name(APPLICATION)).await?;
        let (number, found): (i32, String) = sqlx::query_as(
            "SELECT current_setting('server_version_num')::int, current_setting('server_version')",
        )
        .fetch_one(&pool)
        .await?;
        if number < 140_000 {
            return Err(StoreError::TooOld { found });
        }
        migrations().run(&pool).await?;
        Ok(Self { pool })
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// It does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1").execute(&self.pool).await?;
        Ok(())
    }

    /// Gives the connections back, once what runs on them is done.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

fn migrations() -> Migrator {
    let mut migrations = sqlx::migrate!();
    migrations.set_ignore_missing(true);
    migrations
}
