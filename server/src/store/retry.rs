//! Transactions that are tried again where another was in the way.

use std::io;
use std::time::Duration;

use tokio::time::{sleep, timeout};

use super::StoreError;

/// How often a transaction is tried.
const TRIES: u32 = 5;
/// How long is waited before the second try; twice as long before each further one.
const PAUSE: Duration = Duration::from_millis(10);
/// How long one may take. The database ends it before; this is for one that is gone without a word.
const LONGEST: Duration = Duration::from_secs(45);

/// Runs a whole transaction, and again from the start where the database broke it off because of another one: it cannot be serialised
/// (40001), each waited for the other (40P01), or the day of a row was made while it was on its way to the default partition (23514, which
/// nothing else leads to: the tables have no conditions of their own).
pub(super) async fn retried<T, F>(mut transaction: impl FnMut() -> F) -> Result<T, StoreError>
where
    F: Future<Output = Result<T, sqlx::Error>>,
{
    let mut tries = 1;
    loop {
        let late = |_| Err(sqlx::Error::Io(io::Error::new(io::ErrorKind::TimedOut, "it does not answer")));
        match timeout(LONGEST, transaction()).await.unwrap_or_else(late) {
            Err(error) if tries < TRIES && in_the_way(&error) => {
                sleep(PAUSE * 2_u32.pow(tries - 1)).await;
                tries += 1;
            }
            other => return Ok(other?),
        }
    }
}

fn in_the_way(error: &sqlx::Error) -> bool {
    ["40001", "40P01", "23514"].into_iter().any(|code| code_is(error, code))
}

/// Whether the database refused a statement with this SQLSTATE.
pub(super) fn code_is(error: &sqlx::Error, code: &str) -> bool {
    error.as_database_error().and_then(sqlx::error::DatabaseError::code).is_some_and(|found| found == code)
}
