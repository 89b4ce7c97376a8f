//! A connection that goes back to the others only when what was done on it came to its end.

use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, Postgres};

use super::Store;

/// A connection that is closed where it is dropped without being given back.
///
/// What is broken off on it may still be under way: a `COPY` that was not ended leaves an answer that whoever has the connection next would
/// take for its own, and rows that nobody reads any more would be read to their last before it is free.
#[derive(Debug)]
pub(super) struct Lent {
    connection: PoolConnection<Postgres>,
    done: bool,
}

impl Store {
    /// A connection for something that must not be broken off and then gone on with.
    pub(super) async fn lend(&self) -> Result<Lent, sqlx::Error> {
        Ok(Lent { connection: self.pool.acquire().await?, done: false })
    }
}

impl Lent {
    /// The connection.
    pub(super) fn session(&mut self) -> &mut PgConnection {
        &mut self.connection
    }

    /// Gives it back where all went well or the database said no, since a statement is over then; closes it otherwise.
    pub(super) fn give_back_after<T>(mut self, outcome: &Result<T, sqlx::Error>) {
        self.done = matches!(outcome, Ok(_) | Err(sqlx::Error::Database(_)));
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if !self.done {
            self.connection.close_on_drop();
        }
    }
}
