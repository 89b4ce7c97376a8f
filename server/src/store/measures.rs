//! What windows came to in numbers, by place in the order of the profile. Those of several windows can be put together.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::visit::Rows;
use super::{Store, StoreError, Window};

/// What a window came to in numbers.
#[derive(Debug, Clone, Default, PartialEq, sqlx::FromRow)]
pub struct Measures {
    /// Of the stability index: rows, feature after feature: each bin, then other, unseen and missing. Of control charts: how many points each
    /// feature has. Of metrics: how many values.
    pub counts: Vec<i64>,
    /// The mean of each; empty of the stability index.
    pub means: Vec<f64>,
    /// The sum of the squared distances of values from their mean; only of metrics.
    pub squares: Vec<f64>,
}

/// Windows of a profile that ended in a stretch of time. Found by the primary key.
pub const MEASURES: &str = "SELECT began, ended, counts, means, squares FROM drift_results
     WHERE profile = $1 AND ended > $2 AND ended <= $3 AND counts IS NOT NULL ORDER BY ended";

impl Measures {
    /// Takes in those of another window of the same profile. Whether they are of the same form.
    ///
    /// Means and sums of squares are put together by the formulae of Chan, Golub and LeVeque (1979).
    #[must_use]
    pub fn merge(&mut self, other: &Self) -> bool {
        let lens = |of: &Self| (of.counts.len(), of.means.len(), of.squares.len());
        if lens(self) != lens(other) {
            return false;
        }
        for at in 0..self.means.len().min(self.counts.len()) {
            let (a, b) = (self.counts[at] as f64, other.counts[at] as f64);
            if b > 0.0 {
                let apart = other.means[at] - self.means[at];
                self.means[at] += apart * b / (a + b);
                if let Some(squares) = self.squares.get_mut(at) {
                    *squares += other.squares[at] + apart * apart * a * b / (a + b);
                }
            }
        }
        for (count, more) in self.counts.iter_mut().zip(&other.counts) {
            *count = count.saturating_add(*more);
        }
        true
    }
}

impl Store {
    /// What windows of a profile came to, one by one, that ended in these stretches of time, in the order of each. It ends at the first error, of
    /// the database or of the visitor.
    ///
    /// # Errors
    /// The database cannot be reached, or the visitor fails.
    pub async fn measures<E: From<StoreError>>(
        &self,
        profile: Uuid,
        stretches: &[Window],
        mut visit: impl FnMut(Window, Measures) -> Result<(), E> + Send,
    ) -> Result<(), E> {
        #[derive(sqlx::FromRow)]
        struct Row {
            began: DateTime<Utc>,
            ended: DateTime<Utc>,
            #[sqlx(flatten)]
            measures: Measures,
        }
        // A statement for each, since the database could not know how long stretches are that come as an array.
        let rows =
            |stretch: &Window| sqlx::query_as(MEASURES).bind(profile).bind(stretch.began).bind(stretch.ended);
        let rows: Vec<Rows<Row>> = stretches.iter().map(rows).collect();
        self.each_of(None, rows, |Row { began, ended, measures }| visit(Window { began, ended }, measures))
            .await
    }
}
