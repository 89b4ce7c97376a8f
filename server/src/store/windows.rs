//! What arrived in a stretch of time.

use chrono::{DateTime, Utc};
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

/// A window may take far longer than any other statement, and a little longer than a job.
const LONG: Option<&str> = Some("SET LOCAL statement_timeout = '11min'");

/// Each of these reads the window of a profile's job, up to a time, row by row: the job is to be claimed, and the window begins where the one
/// before ended. It ends at the first error, of the database or of the visitor.
impl Store {
    /// Rows of counts, of clients and of what was counted when it was kept, in no order.
    ///
    /// # Errors
    /// The database cannot be reached, or the visitor fails.
    pub async fn bin_counts<E: From<StoreError>>(
        &self,
        profile: Uuid,
        ended: DateTime<Utc>,
        mut visit: impl FnMut(Vec<i64>) -> Result<(), E> + Send,
    ) -> Result<(), E> {
        const ROWS: &str = "SELECT counts FROM bin_counts AS sent JOIN drift_jobs AS job USING (profile)
             WHERE profile = $1 AND is_in_window(sent.arrived, sent.xact, job, $2)
             UNION ALL
             SELECT counts FROM record_counts AS sent JOIN drift_jobs AS job USING (profile)
             WHERE profile = $1 AND is_in_window(sent.arrived, sent.xact, job, $2)";
        let rows = sqlx::query_as(ROWS).bind(profile).bind(ended);
        self.each(LONG, rows, |(counts,): (Vec<i64>,)| visit(counts)).await
    }

    /// Values of records that are in no row of counts, in no order.
    ///
    /// # Errors
    /// As [`bin_counts`](Self::bin_counts).
    pub async fn uncounted_records<E: From<StoreError>>(
        &self,
        profile: Uuid,
        ended: DateTime<Utc>,
        visit: impl FnMut(Values) -> Result<(), E> + Send,
    ) -> Result<(), E> {
        const ROWS: &str = "SELECT numbers, texts FROM records AS sent JOIN drift_jobs AS job USING (profile)
             WHERE profile = $1 AND is_in_window(sent.arrived, sent.xact, job, $2) AND counted IS NOT TRUE";
        self.each(LONG, sqlx::query_as(ROWS).bind(profile).bind(ended), visit).await
    }

    /// Values of records, in the order in which they were made.
    ///
    /// # Errors
    /// As [`bin_counts`](Self::bin_counts).
    pub async fn records_in_order<E: From<StoreError>>(
        &self,
        profile: Uuid,
        ended: DateTime<Utc>,
        visit: impl FnMut(Values) -> Result<(), E> + Send,
    ) -> Result<(), E> {
        // The window is found by when records arrived and then sorted: reading all there ever were in order would cost more.
        const ROWS: &str = "WITH found AS MATERIALIZED (
                 SELECT uid, numbers, texts FROM records AS sent JOIN drift_jobs AS job USING (profile)
                 WHERE profile = $1 AND is_in_window(sent.arrived, sent.xact, job, $2)
             )
             SELECT numbers, texts FROM found ORDER BY uid";
        self.each(LONG, sqlx::query_as(ROWS).bind(profile).bind(ended), visit).await
    }
}
