//! What arrived in a stretch of time.

use chrono::{DateTime, Utc};
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use uuid::Uuid;

use super::{Store, StoreError};

/// A stretch of time: all that arrived after it began and until it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// What arrived then belongs to the window before.
    pub began: DateTime<Utc>,
    /// What arrived then belongs to it.
    pub ended: DateTime<Utc>,
}

/// The values of a record: numbers, and texts where the profile has any.
pub type Values = (Vec<f64>, Option<Vec<Option<String>>>);

impl Store {
    /// Until when nothing more will arrive: what was begun before has been committed, or never will be.
    ///
    /// A record's `arrived` is when its transaction began, and others see it when it is committed. So a window must not reach beyond the
    /// beginning of the oldest transaction that is open; and by a second less, since one that has just begun may not be listed yet.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn settled(&self) -> Result<DateTime<Utc>, StoreError> {
        let settled = sqlx::query_scalar(
            "SELECT least(now(), min(xact_start)) - interval '1 second' FROM pg_stat_activity
             WHERE application_name = 'scouter' AND datname = current_database() AND pid <> pg_backend_pid()",
        );
        Ok(settled.fetch_one(&self.pool).await?)
    }

    /// Rows of counts of a profile, in no order.
    pub fn bin_counts(&self, profile: Uuid, window: Window) -> BoxStream<'_, Result<Vec<i64>, StoreError>> {
        let rows = sqlx::query_scalar(
            "SELECT counts FROM bin_counts WHERE profile = $1 AND arrived > $2 AND arrived <= $3",
        );
        let rows = rows.bind(profile).bind(window.began).bind(window.ended).fetch(&self.pool);
        rows.map_err(StoreError::from).boxed()
    }

    /// Values of the records of a profile, in no order.
    pub fn records(&self, profile: Uuid, window: Window) -> BoxStream<'_, Result<Values, StoreError>> {
        let rows = sqlx::query_as(
            "SELECT numbers, texts FROM records WHERE profile = $1 AND arrived > $2 AND arrived <= $3",
        );
        let rows = rows.bind(profile).bind(window.began).bind(window.ended).fetch(&self.pool);
        rows.map_err(StoreError::from).boxed()
    }

    /// Values of the records of a profile, in the order in which they were made.
    pub fn records_in_order(
        &self,
        profile: Uuid,
        window: Window,
    ) -> BoxStream<'_, Result<Values, StoreError>> {
        // The window is found by when records arrived and then sorted: reading all there ever were in order would cost more.
        let rows = sqlx::query_as(
            "WITH found AS MATERIALIZED (
                 SELECT uid, numbers, texts FROM records WHERE profile = $1 AND arrived > $2 AND arrived <= $3
             )
             SELECT numbers, texts FROM found ORDER BY uid",
        );
        let rows = rows.bind(profile).bind(window.began).bind(window.ended).fetch(&self.pool);
        rows.map_err(StoreError::from).boxed()
    }
}
