//! The days that tables are cut into, made ahead and dropped.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use uuid::Uuid;

use super::retry::retried;
use super::{Store, StoreError};

/// For how many days there are partitions before they come: clocks of clients that are ahead by less find theirs.
pub const DAYS_AHEAD: usize = 7;

/// How many rows that belong to no day are dropped in one transaction.
const FALLEN: i32 = 10_000;

/// A table that is cut into days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Table {
    /// Rows of features and metrics.
    Records,
    /// What rows of features came to that were counted when they were kept.
    RecordCounts,
    /// Rows that were counted by bin.
    BinCounts,
    /// What is to be evaluated.
    EvalRecords,
    /// Requests by route.
    Requests,
}

impl Table {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Records, Self::RecordCounts, Self::BinCounts, Self::EvalRecords, Self::Requests];

    /// Its name in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Records => "records",
            Self::RecordCounts => "record_counts",
            Self::BinCounts => "bin_counts",
            Self::EvalRecords => "eval_records",
            Self::Requests => "requests",
        }
    }
}

/// What was dropped of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dropped {
    /// The names of the partitions that are gone.
    pub days: Vec<String>,
    /// Profiles that have lost rows which their jobs had yet to look at; ten of each day at most.
    pub lost: BTreeSet<Uuid>,
}

impl Store {
    /// The day that it is, by the clock of the database.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn today(&self) -> Result<NaiveDate, StoreError> {
        retried(|| sqlx::query_scalar("SELECT (now() AT TIME ZONE 'UTC')::date").fetch_one(&self.pool)).await
    }

    /// Makes the days from yesterday on that are to come and are not there yet, in all tables. What stood in the default partition of them
    /// moves there. How many were made. Any number of servers may do this at once.
    ///
    /// # Errors
    /// The database cannot be reached, or a long query holds a table up: everything else waits as long as this does, so it is given up after two
    /// seconds, to be tried again later.
    pub async fn make_days(&self, today: NaiveDate) -> Result<usize, StoreError> {
        let mut made = 0;
        for table in Table::ALL {
            for day in std::iter::successors(today.pred_opt(), NaiveDate::succ_opt).take(DAYS_AHEAD + 2) {
                let new: bool = retried(|| {
                    sqlx::query_scalar("SELECT make_day($1, $2)")
                        .bind(table.name())
                        .bind(day)
                        .fetch_one(&self.pool)
                })
                .await?;
                made += usize::from(new);
            }
        }
        Ok(made)
    }

    /// Drops the days of a table that are more than so many days ago, one after another, and what arrived longer ago without belonging to a day.
    /// Rows that a job has yet to look at stay: for 31 days more where they are few, as in a window that waits for more; where they are many, as those of
    /// a job that fails, their day stays for a week more.
    ///
    /// # Errors
    /// As [`make_days`](Self::make_days). What is gone by then stays so.
    pub async fn drop_days(&self, table: Table, today: NaiveDate, keep: Days) -> Result<Dropped, StoreError> {
        let mut dropped = Dropped::default();
        let Some(before) = today.checked_sub_days(keep) else { return Ok(dropped) };
        let drop_day = || {
            sqlx::query_as::<_, (Option<String>, Vec<Uuid>)>("SELECT part, lost FROM drop_oldest_day($1, $2)")
                .bind(table.name())
                .bind(before)
                .fetch_one(&self.pool)
        };
        while let (Some(day), lost) = retried(drop_day).await? {
            dropped.days.push(day);
            dropped.lost.extend(lost);
        }
        let lost = || {
            sqlx::query_scalar::<_, Vec<Uuid>>(
                "SELECT lost_in($1, $1 || '_default', ($2::date - 31)::timestamp AT TIME ZONE 'UTC')",
            )
            .bind(table.name())
            .bind(before)
            .fetch_one(&self.pool)
        };
        dropped.lost.extend(retried(lost).await?);
        let drop_fallen = || {
            sqlx::query_scalar::<_, i64>("SELECT drop_fallen($1, $2, $3)")
                .bind(table.name())
                .bind(before)
                .bind(FALLEN)
                .fetch_one(&self.pool)
        };
        while retried(drop_fallen).await? == i64::from(FALLEN) {}
        Ok(dropped)
    }
}
