//! Requests to applications, by when they were counted.

use uuid::Uuid;

use super::{Store, StoreError};

impl Store {
    /// Reads the routes of a profile's records that have uids between these two, in their order, and of so many records at most: each with its uid, as
    /// a JSON array. It ends at the first error, of the database or of the visitor.
    ///
    /// # Errors
    /// The database cannot be reached, or the visitor fails.
    pub async fn requests<E: From<StoreError>>(
        &self,
        profile: Uuid,
        (above, below): (Uuid, Uuid),
        most: i64,
        mut visit: impl FnMut(Uuid, String) -> Result<(), E> + Send,
    ) -> Result<(), E> {
        // Found by the primary keys of the days between them.
        const ROWS: &str = "SELECT uid, routes FROM requests WHERE profile = $1 AND uid > $2 AND uid < $3 ORDER BY uid LIMIT $4";
        let rows = sqlx::query_as(ROWS).bind(profile).bind(above).bind(below).bind(most);
        self.each(None, rows, |(uid, routes): (Uuid, String)| visit(uid, routes)).await
    }
}
