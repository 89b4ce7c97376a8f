//! What the database said no to.

use sqlx::migrate::MigrateError;

/// What the database said no to.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It is not there, or lets nobody in just now: it may be later.
    #[error("the database cannot be reached: {0}")]
    Unavailable(#[source] sqlx::Error),
    /// It refused a statement.
    #[error("the database refused a statement: {0}")]
    Refused(#[source] sqlx::Error),
    /// It is too old.
    #[error(
        "the database is Postgres {found}: version 14 is the least; upgrade it, or set DATABASE_URL to another"
    )]
    TooOld {
        /// Its version.
        found: String,
    },
    /// Its tables are of an earlier version, and are to stay as they are.
    #[error(
        "the tables of the database are of version {found}, and this program works with {own}: run `migrate`, or start without `--no-migrate`"
    )]
    Behind {
        /// Their version; 0 where there are none.
        found: i64,
        /// That of this program.
        own: i64,
    },
    /// Its tables could not be brought up to date.
    #[error("failed to bring the tables of the database up to date: {0}")]
    Migration(#[from] MigrateError),
    /// Something in it is not what was written there.
    #[error("what the database holds of {what} cannot be read: {why}")]
    Damaged {
        /// Of what.
        what: String,
        /// What is wrong.
        why: String,
    },
}

impl StoreError {
    /// Whether the database had not the time or the room for what was asked of it: less may be what it can do.
    pub fn is_too_much(&self) -> bool {
        let Self::Unavailable(sqlx::Error::Database(error)) = self else { return false };
        error.code().is_some_and(|code| code == "57014" || code.starts_with("53") && code != "53300")
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let away = match &error {
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => true,
            // Connection exceptions, others that are in the way, too few resources, a lock that did not come, and an operator who
            // shuts it down.
            sqlx::Error::Database(database) => database.code().is_some_and(|code| {
                ["08", "40", "53", "55P03", "57"].iter().any(|class| code.starts_with(class))
            }),
            _ => false,
        };
        if away { Self::Unavailable(error) } else { Self::Refused(error) }
    }
}
