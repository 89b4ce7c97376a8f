//! What is to be told to whom: a delivery is a row that one server at a time sends, for as long as its lease lasts.

use std::time::Duration;

use uuid::Uuid;

use super::retry::retried;
use super::{Lost, Store, StoreError};

/// Something that is to be told, and the right to send it until a time.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Delivery {
    /// Which; the same however often it is sent.
    pub id: i64,
    /// What tells its lease from all before and after.
    pub lease: Uuid,
    /// Who is told: JSON.
    pub target: String,
    /// What is told: JSON.
    pub notice: String,
    /// How often it was tried, this time included.
    pub tries: i32,
}

impl Store {
    /// Claims what is due and nobody sends: no more than so many, long overdue ones first. What was told of an alert before comes before. Whoever was
    /// told thirty times within a minute is told the rest later, so that many alerts at once are not taken for an attack.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn claim_deliveries(
        &self,
        lease: Uuid,
        lasts: Duration,
        most: i64,
    ) -> Result<Vec<Delivery>, StoreError> {
        let claim = || {
            sqlx::query_as(
                "UPDATE deliveries SET lease = $1, leased_until = now() + $2 * interval '1 second', tries = tries + 1
                 WHERE id IN (
                     SELECT id FROM deliveries AS own
                     WHERE ended IS NULL AND due <= now() AND (leased_until IS NULL OR leased_until <= now())
                         AND NOT EXISTS (
                             SELECT FROM deliveries AS before
                             WHERE before.alert = own.alert AND before.id < own.id AND before.ended IS NULL
                                 AND before.target = own.target
                         )
                         AND target NOT IN (
                             SELECT target FROM deliveries WHERE ended > now() - interval '1 minute'
                             GROUP BY target HAVING count(*) >= 30
                         )
                     ORDER BY due LIMIT $3 FOR UPDATE SKIP LOCKED
                 )
                 RETURNING id, lease, target, notice, tries",
            )
            .bind(lease)
            .bind(lasts.as_secs_f64())
            .bind(most)
            .fetch_all(&self.pool)
        };
        retried(claim).await
    }

    /// A delivery has arrived, or is given up for this reason.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn end_delivery(
        &self,
        delivery: &Delivery,
        failure: Option<&str>,
    ) -> Result<Result<(), Lost>, StoreError> {
        let end = || {
            sqlx::query(
                "UPDATE deliveries SET ended = now(), failure = $3, lease = NULL, leased_until = NULL
                 WHERE id = $1 AND lease = $2",
            )
            .bind(delivery.id)
            .bind(delivery.lease)
            .bind(failure)
            .execute(&self.pool)
        };
        Ok(Lost::unless(retried(end).await?.rows_affected()))
    }

    /// A delivery has not arrived, and is tried again after a while.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn put_off_delivery(
        &self,
        delivery: &Delivery,
        failure: &str,
        after: Duration,
    ) -> Result<Result<(), Lost>, StoreError> {
        let put_off = || {
            sqlx::query(
                "UPDATE deliveries
                 SET due = now() + $4 * interval '1 second', failure = $3, lease = NULL, leased_until = NULL
                 WHERE id = $1 AND lease = $2",
            )
            .bind(delivery.id)
            .bind(delivery.lease)
            .bind(failure)
            .bind(after.as_secs_f64())
            .execute(&self.pool)
        };
        Ok(Lost::unless(retried(put_off).await?.rows_affected()))
    }
}
