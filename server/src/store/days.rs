//! The days that tables are cut into, made ahead and dropped.

use chrono::{Days, NaiveDate};

use super::retry::retried;
use super::{Store, StoreError};

/// For how many days there are partitions before they come: clocks of clients that are ahead by less find theirs.
pub const DAYS_AHEAD: usize = 7;

/// A table that is cut into days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Table {
    /// Rows of features and metrics.
    Records,
    /// Rows that were counted by bin.
    BinCounts,
    /// What is to be evaluated.
    EvalRecords,
}

impl Table {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Records, Self::BinCounts, Self::EvalRecords];

    /// Its name in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Records => "records",
            Self::BinCounts => "bin_counts",
            Self::EvalRecords => "eval_records",
        }
    }
}

impl Store {
    /// Makes the days from yesterday on that are to come and are not there yet, in all tables. What stood in the default partition of them
    /// moves there. How many were made. Any number of servers may do this at once.
    ///
    /// # Errors
    /// The database cannot be reached, or a long query holds a table up; then later.
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

    /// Drops the days of a table that are more than so many days ago, and what arrived longer ago without belonging to a day. The names of the
    /// partitions that are gone.
    ///
    /// # Errors
    /// As [`make_days`](Self::make_days).
    pub async fn drop_days(
        &self,
        table: Table,
        today: NaiveDate,
        keep: Days,
    ) -> Result<Vec<String>, StoreError> {
        let Some(before) = today.checked_sub_days(keep) else { return Ok(Vec::new()) };
        retried(|| {
            sqlx::query_scalar("SELECT drop_days($1, $2)")
                .bind(table.name())
                .bind(before)
                .fetch_all(&self.pool)
        })
        .await
    }
}
