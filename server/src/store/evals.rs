//! What is to be evaluated, as it was sent, by when it was made.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Store, StoreError, Toward};

/// Something to evaluate that is kept.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct KeptEval {
    /// Which.
    pub uid: Uuid,
    /// When the database took it.
    pub arrived: DateTime<Utc>,
    /// What the application calls it.
    pub id: Option<String>,
    /// The conversation that it belongs to.
    pub session: Option<String>,
    /// The trace that it came from, 16 bytes.
    pub trace: Option<Vec<u8>>,
    /// A JSON object as it was sent.
    pub context: String,
    /// How many were found before contexts that are too large together were left out.
    pub found: i64,
}

/// The statement that lists what is to be evaluated, in one order: found by the primary keys of the days between two uids.
macro_rules! listed {
    ($order:literal) => {
        concat!(
            "SELECT uid, arrived, id, session, trace, context, found
             FROM (
                 SELECT *, count(*) OVER () AS found, sum(octet_length(context)) OVER (ORDER BY uid ",
            $order,
            ") - octet_length(context) AS ahead
                 FROM (
                     SELECT uid, arrived, id, session, trace, context FROM eval_records
                     WHERE profile = $1 AND uid > $2 AND uid < $3 ORDER BY uid ",
            $order,
            " LIMIT $4
                 ) AS listed
             ) AS measured
             WHERE ahead < $5 ORDER BY uid ",
            $order
        )
    };
}

impl Store {
    /// What is to be evaluated of a profile, between two uids: from the last one on or from the first one on, so many at most, and no more once the
    /// contexts before have so many bytes.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn evals(
        &self,
        profile: Uuid,
        (above, below): (Uuid, Uuid),
        toward: Toward,
        most: i64,
        most_bytes: i64,
    ) -> Result<Vec<KeptEval>, StoreError> {
        let rows = sqlx::query_as(match toward {
            Toward::Past => listed!("DESC"),
            Toward::Present => listed!("ASC"),
        });
        let rows = rows.bind(profile).bind(above).bind(below).bind(most).bind(most_bytes);
        Ok(rows.fetch_all(&self.pool).await?)
    }
}
