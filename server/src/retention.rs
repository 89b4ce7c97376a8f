//! The days to come are made, what was kept long enough is dropped, each kind after a time of its own, and windows that are over are put together.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::Days;
use clap::builder::RangedI64ValueParser;
use clap::{Args, value_parser};
use tokio::time::sleep;
use uuid::Uuid;

use crate::store::{Dropped, RolledUp, Store, StoreError, Table};

/// How often it is done, and how soon again where it failed.
const OFTEN: Duration = Duration::from_hours(1);
const AGAIN: Duration = Duration::from_mins(1);

/// For how many days each kind is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Args)]
pub struct Keep {
    /// For how many days records of features and metrics are kept.
    #[arg(long, env = "SCOUTER_KEEP_RECORDS", default_value_t = 90, value_parser = days())]
    pub keep_records: u32,
    /// For how many days records that clients have counted are kept.
    #[arg(long, env = "SCOUTER_KEEP_COUNTS", default_value_t = 90, value_parser = days())]
    pub keep_counts: u32,
    /// For how many days records that are to be evaluated are kept.
    #[arg(long, env = "SCOUTER_KEEP_EVALS", default_value_t = 90, value_parser = days())]
    pub keep_evals: u32,
    /// For how many days requests to applications are kept.
    #[arg(long, env = "SCOUTER_KEEP_REQUESTS", default_value_t = 90, value_parser = days())]
    pub keep_requests: u32,
    /// For how many days what drift jobs found is kept.
    #[arg(long, env = "SCOUTER_KEEP_RESULTS", default_value_t = 400, value_parser = days())]
    pub keep_results: u32,
    /// For how many days alerts are kept once they are resolved.
    #[arg(long, env = "SCOUTER_KEEP_ALERTS", default_value_t = 400, value_parser = days())]
    pub keep_alerts: u32,
    /// For how many days it is kept who did what.
    #[arg(long, env = "SCOUTER_KEEP_AUDIT", default_value_t = 400, value_parser = days())]
    pub keep_audit: u32,
}

/// A day at least: what came in today has not been looked at yet.
fn days() -> RangedI64ValueParser<u32> {
    value_parser!(u32).range(1..=100_000)
}

impl Keep {
    fn of(self, table: Table) -> Days {
        let days = match table {
            Table::Records | Table::RecordCounts => self.keep_records,
            Table::BinCounts => self.keep_counts,
            Table::EvalRecords => self.keep_evals,
            Table::Requests => self.keep_requests,
        };
        Days::new(u64::from(days))
    }
}

/// Makes partitions for the days to come. After how long it is to be done again.
pub async fn make_days(store: &Store) -> Duration {
    let made = async { store.make_days(store.today().await?).await };
    match made.await {
        Ok(_) => OFTEN,
        Err(error) => {
            tracing::warn!(%error, "failed to make partitions for the days to come");
            AGAIN
        }
    }
}

/// Drops what is older than it is kept. What one kind is kept by does not keep the others.
///
/// # Errors
/// The database cannot be reached, or a long query holds a table up; then later.
pub async fn drop_old(store: &Store, keep: Keep) -> Result<(), StoreError> {
    // By the clock of the database: that of a server may be wrong, and what is dropped is gone.
    let today = store.today().await?;
    let mut outcome = Ok(());
    for table in Table::ALL {
        match store.drop_days(table, today, keep.of(table)).await {
            Ok(Dropped { days, lost }) => {
                if !days.is_empty() {
                    tracing::info!(dropped = ?days, "days that were kept long enough are dropped");
                }
                for profile in lost {
                    tracing::warn!(
                        table = table.name(),
                        %profile,
                        "rows were dropped that the drift job of the profile had not looked at: see whether it fails, or keep them for longer"
                    );
                }
            }
            Err(error) => outcome = Err(error),
        }
    }
    for gone in [
        store.drop_results(keep.keep_results).await,
        store.drop_alerts(keep.keep_alerts).await,
        store.drop_audit(keep.keep_audit).await,
    ] {
        outcome = gone.map(drop).and(outcome);
    }
    outcome
}

/// Puts windows together, for drift over time. After how long it is to be done again. Of which profiles it was told that they cannot be is kept: that
/// goes on being so.
async fn roll_up(store: &Store, told: &mut BTreeSet<Uuid>) -> Duration {
    match store.roll_up().await {
        Ok(RolledUp { unlike, .. }) => {
            for profile in unlike {
                if told.insert(profile) {
                    tracing::warn!(%profile, "windows with other features than those before are not put together");
                }
            }
            OFTEN
        }
        Err(error) => {
            tracing::warn!(%error, "failed to put windows together for drift over time");
            AGAIN
        }
    }
}

/// Drops what is over, makes the days to come and puts windows together, again and again until it is dropped itself. Days were made before: they are
/// made again after so long.
pub async fn keep_days(store: Store, keep: Keep, first: Duration) {
    let (mut made, mut told) = (first, BTreeSet::new());
    loop {
        let dropped = match drop_old(&store, keep).await {
            Ok(()) => OFTEN,
            Err(error) => {
                tracing::warn!(%error, "failed to drop what was kept long enough");
                AGAIN
            }
        };
        let rolled = roll_up(&store, &mut told).await;
        sleep(made.min(dropped).min(rolled)).await;
        made = make_days(&store).await;
    }
}
