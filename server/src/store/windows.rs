//! What arrived in a stretch of time.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use sqlx::postgres::PgRow;
use uuid::Uuid;

use super::{Store, StoreError};

/// A stretch of time: all that arrived after it began and until it ended.
///
/// That of a job has what was committed late too: records that arrived before it began and could not be seen yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// What arrived then belongs to the window before.
    pub began: DateTime<Utc>,
    /// What arrived then belongs to it.
    pub ended: DateTime<Utc>,
}

/// The values of a record: numbers, and texts where the profile has any.
pub type Values = (Vec<f64>, Option<Vec<Option<String>>>);

/// Rows that the job of a profile has yet to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Awaited {
    /// Whose job it is.
    pub profile: Uuid,
    /// What arrived up to then.
    pub ended: DateTime<Utc>,
    /// Who reads them.
    pub reader: Reader,
}

/// Who reads what a job has yet to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// The job, which is claimed. What could not be seen by then is left to the next window.
    Job,
    /// Somebody who asks how things stand, and claims nothing: all that can be seen, unless it is too much to be waited for.
    Asker,
}

impl Awaited {
    /// How many rows an asker reads of a table at most.
    pub const MOST: u64 = 100_000;

    /// Whether so many rows are more than the reader takes.
    pub fn is_beyond(&self, rows: u64) -> bool {
        self.reader == Reader::Asker && rows > Self::MOST
    }
}

impl Reader {
    /// What comes before its statement. A job may take far longer than anything else, and a little longer than it has. An asker has no time, and
    /// few rows of many, which Postgres cannot know beforehand: they are found by the index.
    fn first(self) -> &'static str {
        match self {
            Self::Job => "SET LOCAL statement_timeout = '11min'",
            Self::Asker => {
                "SELECT set_config('statement_timeout', '500ms', true), set_config('enable_seqscan', 'off', true)"
            }
        }
    }
}

/// A statement whose parts have the rows of the reader between them. An asker reads one row more than it takes, so that it knows of it.
macro_rules! read_by {
    ($reader:expr, $first:literal $(, $next:literal)+) => {
        match $reader {
            Reader::Job => concat!($first $(, "is_in_window(sent.arrived, sent.xact, job, $2)", $next)+),
            Reader::Asker => concat!(
                $first $(, "is_awaited(sent.arrived, sent.xact, job) AND sent.arrived <= $2 LIMIT 100001", $next)+
            ),
        }
    };
}

/// Each of these reads, row by row, what the job of a profile has yet to look at: the window begins where the one before ended. That of a job ends
/// where it was claimed. It ends at the first error, of the database or of the visitor.
impl Store {
    /// Rows of counts, of clients and of what was counted when it was kept, in no order.
    ///
    /// # Errors
    /// The database cannot be reached, or the visitor fails.
    pub async fn bin_counts<E: From<StoreError>>(
        &self,
        awaited: Awaited,
        mut visit: impl FnMut(Vec<i64>) -> Result<(), E> + Send,
    ) -> Result<(), E> {
        let rows = read_by!(
            awaited.reader,
            "(SELECT counts FROM bin_counts AS sent JOIN drift_jobs AS job USING (profile)
             WHERE profile = $1 AND ",
            ")
             UNION ALL
             (SELECT counts FROM record_counts AS sent JOIN drift_jobs AS job USING (profile)
             WHERE profile = $1 AND ",
            ")"
        );
        self.each_awaited(awaited, rows, |(counts,): (Vec<i64>,)| visit(counts)).await
    }

    /// Values of records that are in no row of counts, in no order.
    ///
    /// # Errors
    /// As [`bin_counts`](Self::bin_counts).
    pub async fn uncounted_records<E: From<StoreError>>(
        &self,
        awaited: Awaited,
        visit: impl FnMut(Values) -> Result<(), E> + Send,
    ) -> Result<(), E> {
        let rows = read_by!(
            awaited.reader,
            "SELECT numbers, texts FROM records AS sent JOIN drift_jobs AS job USING (profile)
             WHERE profile = $1 AND counted IS NOT TRUE AND ",
            ""
        );
        self.each_awaited(awaited, rows, visit).await
    }

    /// Values of records, in the order in which they were made.
    ///
    /// # Errors
    /// As [`bin_counts`](Self::bin_counts).
    pub async fn records_in_order<E: From<StoreError>>(
        &self,
        awaited: Awaited,
        visit: impl FnMut(Values) -> Result<(), E> + Send,
    ) -> Result<(), E> {
        // The window is found by when records arrived and then sorted: reading all there ever were in order would cost more.
        let rows = read_by!(
            awaited.reader,
            "WITH found AS MATERIALIZED (
                 SELECT uid, numbers, texts FROM records AS sent JOIN drift_jobs AS job USING (profile)
                 WHERE profile = $1 AND ",
            "
             )
             SELECT numbers, texts FROM found ORDER BY uid"
        );
        self.each_awaited(awaited, rows, visit).await
    }

    async fn each_awaited<T, E>(
        &self,
        Awaited { profile, ended, reader }: Awaited,
        rows: &'static str,
        visit: impl FnMut(T) -> Result<(), E> + Send,
    ) -> Result<(), E>
    where
        T: for<'r> FromRow<'r, PgRow> + Send + Unpin + 'static,
        E: From<StoreError>,
    {
        self.each(Some(reader.first()), sqlx::query_as(rows).bind(profile).bind(ended), visit).await
    }
}
