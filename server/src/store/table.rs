//! Records as they were sent, by when they were made.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Store, StoreError, Values};

/// A record that is kept.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct KeptRow {
    /// Which.
    pub uid: Uuid,
    /// When the database took it.
    pub arrived: DateTime<Utc>,
    numbers: Vec<f64>,
    texts: Option<Vec<Option<String>>>,
}

impl KeptRow {
    /// Its values.
    pub fn into_values(self) -> Values {
        (self.numbers, self.texts)
    }
}

/// Records of a profile between two uids: found by the primary keys of the days between them.
pub const TABLE: &str = "SELECT uid, arrived, numbers, texts FROM records
     WHERE profile = $1 AND uid > $2 AND uid < $3 ORDER BY uid LIMIT $4";

/// What the uids of a moment are not below.
pub fn least_uid(moment: DateTime<Utc>) -> Uuid {
    let millis = u64::try_from(moment.timestamp_millis()).unwrap_or(0);
    Uuid::from_u128(u128::from(millis) << 80)
}

/// When the record of a uid was made, by the clock of whoever made it.
pub fn made(uid: Uuid) -> DateTime<Utc> {
    let millis = i64::try_from(uid.as_u128() >> 80).unwrap_or(i64::MAX);
    DateTime::from_timestamp_millis(millis).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

impl Store {
    /// Reads records of a profile that have uids between these two, in their order, and so many at most. It ends at the first error, of the
    /// database or of the visitor.
    ///
    /// # Errors
    /// The database cannot be reached, or the visitor fails.
    pub async fn table<E: From<StoreError>>(
        &self,
        profile: Uuid,
        (above, below): (Uuid, Uuid),
        most: i64,
        visit: impl FnMut(KeptRow) -> Result<(), E> + Send,
    ) -> Result<(), E> {
        let rows = sqlx::query_as(TABLE).bind(profile).bind(above).bind(below).bind(most);
        self.each(None, rows, visit).await
    }
}
