//! What was kept long enough is dropped, where it is not cut into days.

use super::retry::retried;
use super::{Store, StoreError};

/// How many rows are deleted at once, so that none is locked for long.
const AT_ONCE: i64 = 10_000;

impl Store {
    /// Drops what jobs found more than so many days ago. How many rows are gone.
    ///
    /// # Errors
    /// The database cannot be reached. What is gone by then stays so.
    pub async fn drop_results(&self, days: u32) -> Result<u64, StoreError> {
        let windows = self.delete_old(
            "DELETE FROM drift_results WHERE (profile, ended) IN (
                 SELECT profile, ended FROM drift_results WHERE ended < now() - $1 * interval '1 day' LIMIT $2
             )",
            days,
        );
        let windows = windows.await?;
        // After its windows: one of them that were left alone would be in no roll-up, and older than what is in one.
        let rollups = self.delete_old(
            "DELETE FROM drift_rollups WHERE (profile, ended) IN (
                 SELECT profile, ended FROM drift_rollups WHERE ended < now() - $1 * interval '1 day' LIMIT $2
             )",
            days,
        );
        Ok(windows + rollups.await?)
    }

    /// Drops alerts that were resolved more than so many days ago, with what was told of them. How many are gone.
    ///
    /// # Errors
    /// As [`drop_results`](Self::drop_results).
    pub async fn drop_alerts(&self, days: u32) -> Result<u64, StoreError> {
        self.delete_old(
            "DELETE FROM alerts WHERE id IN (
                 SELECT id FROM alerts WHERE resolved < now() - $1 * interval '1 day' LIMIT $2
             )",
            days,
        )
        .await
    }

    /// Drops what was done more than so many days ago. How many lines are gone.
    ///
    /// # Errors
    /// As [`drop_results`](Self::drop_results).
    pub async fn drop_audit(&self, days: u32) -> Result<u64, StoreError> {
        self.delete_old(
            "DELETE FROM audit WHERE id IN (
                 SELECT id FROM audit WHERE at < now() - $1 * interval '1 day' LIMIT $2
             )",
            days,
        )
        .await
    }

    async fn delete_old(&self, statement: &'static str, days: u32) -> Result<u64, StoreError> {
        let mut gone = 0;
        loop {
            let delete = || sqlx::query(statement).bind(i64::from(days)).bind(AT_ONCE).execute(&self.pool);
            match retried(delete).await?.rows_affected() {
                0 => return Ok(gone),
                more => gone += more,
            }
        }
    }
}
