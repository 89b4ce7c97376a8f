//! Roll-ups: windows that follow one another, put together, so that drift over months is read in few rows.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::retry::retried;
use super::{Measures, Store, StoreError, Window};

/// How many windows a roll-up has. A point of a month of windows of a minute has some hundred: most of them come by roll-ups, and few one by one at
/// either end of a point.
pub const ROLLED: u16 = 20;

/// How many profiles are looked for at once.
const AT_ONCE: i64 = 100;

/// What windows that follow one another came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Rollup {
    /// The first of them.
    pub first: Window,
    /// The last.
    pub last: Window,
    /// What all of them came to.
    pub measures: Measures,
}

/// What came of putting windows together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RolledUp {
    /// How many roll-ups were made.
    pub made: u64,
    /// Profiles whose next windows do not fit each other: they stay as they are, and are looked at again the next time.
    pub unlike: Vec<Uuid>,
}

/// What became of the windows of a profile.
enum Rolled {
    /// So many are in one more roll-up.
    More,
    /// There are too few that are in none.
    All,
    /// They are not of one form.
    Unlike,
}

#[derive(sqlx::FromRow)]
struct Single {
    began: DateTime<Utc>,
    ended: DateTime<Utc>,
    #[sqlx(flatten)]
    measures: Measures,
}

impl Store {
    /// Roll-ups of a profile that have windows which ended in a stretch of time, in their order: those up to the first that ends when it ends or
    /// later. What ended after the last of them is in none. It ends at the first error, of the database or of the visitor.
    ///
    /// # Errors
    /// The database cannot be reached, or the visitor fails.
    pub async fn rollups<E: From<StoreError>>(
        &self,
        profile: Uuid,
        window: Window,
        mut visit: impl FnMut(Rollup) -> Result<(), E> + Send,
    ) -> Result<(), E> {
        #[derive(sqlx::FromRow)]
        struct Row {
            began: DateTime<Utc>,
            first_ended: DateTime<Utc>,
            last_began: DateTime<Utc>,
            ended: DateTime<Utc>,
            #[sqlx(flatten)]
            measures: Measures,
        }
        let rows = sqlx::query_as(
            "SELECT began, first_ended, last_began, ended, counts, means, squares FROM drift_rollups
             WHERE profile = $1 AND ended > $2 AND ended <= coalesce(
                 (SELECT min(ended) FROM drift_rollups WHERE profile = $1 AND ended >= $3), 'infinity'
             )
             ORDER BY ended",
        );
        let rows = rows.bind(profile).bind(window.began).bind(window.ended);
        self.each(None, rows, |Row { began, first_ended, last_began, ended, measures }| {
            let first = Window { began, ended: first_ended };
            let last = Window { began: last_began, ended };
            visit(Rollup { first, last, measures })
        })
        .await
    }

    /// Puts windows together that are in no roll-up yet, of all profiles.
    ///
    /// A window that a job ends comes after all others of its profile, so what was put together never changes. Any number of servers may do this
    /// at once: one at a time makes a roll-up, and looks before for what is in none.
    ///
    /// # Errors
    /// The database cannot be reached. What was made by then stays.
    pub async fn roll_up(&self) -> Result<RolledUp, StoreError> {
        let (mut rolled, mut after) = (RolledUp::default(), Uuid::nil());
        loop {
            let behind = self.behind(after).await?;
            let Some(last) = behind.last() else { return Ok(rolled) };
            after = *last;
            for profile in behind {
                loop {
                    match retried(|| self.roll_up_next(profile)).await? {
                        Rolled::More => rolled.made += 1,
                        Rolled::All => break,
                        Rolled::Unlike => {
                            rolled.unlike.push(profile);
                            break;
                        }
                    }
                }
            }
        }
    }

    /// Some profiles, from one on, that have enough windows which are in no roll-up.
    async fn behind(&self, after: Uuid) -> Result<Vec<Uuid>, StoreError> {
        let behind = || {
            sqlx::query_scalar(
                "SELECT uid FROM profiles
                 WHERE uid > $1 AND EXISTS (
                     SELECT FROM drift_results
                     WHERE profile = uid AND counts IS NOT NULL
                         AND ended > coalesce((SELECT max(ended) FROM drift_rollups WHERE profile = uid), '-infinity')
                     OFFSET $2
                 )
                 ORDER BY uid LIMIT $3",
            )
            .bind(after)
            .bind(i64::from(ROLLED) - 1)
            .bind(AT_ONCE)
            .fetch_all(&self.pool)
        };
        retried(behind).await
    }

    /// Makes the next roll-up of a profile.
    async fn roll_up_next(&self, profile: Uuid) -> Result<Rolled, sqlx::Error> {
        let mut transaction = self.pool.begin().await?;
        // Who reads is in nobody's way.
        sqlx::query("LOCK TABLE drift_rollups IN SHARE ROW EXCLUSIVE MODE")
            .execute(&mut *transaction)
            .await?;
        let windows: Vec<Single> = sqlx::query_as(
            "SELECT began, ended, counts, means, squares FROM drift_results
             WHERE profile = $1 AND counts IS NOT NULL
                 AND ended > coalesce((SELECT max(ended) FROM drift_rollups WHERE profile = $1), '-infinity')
             ORDER BY ended LIMIT $2",
        )
        .bind(profile)
        .bind(i64::from(ROLLED))
        .fetch_all(&mut *transaction)
        .await?;
        let (Some(first), Some(last)) = (windows.first(), windows.last()) else { return Ok(Rolled::All) };
        if windows.len() < usize::from(ROLLED) {
            return Ok(Rolled::All);
        }
        let mut measures = first.measures.clone();
        if !windows[1..].iter().all(|window| measures.merge(&window.measures)) {
            return Ok(Rolled::Unlike);
        }
        sqlx::query(
            "INSERT INTO drift_rollups (profile, began, first_ended, last_began, ended, counts, means, squares)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(profile)
        .bind(first.began)
        .bind(first.ended)
        .bind(last.began)
        .bind(last.ended)
        .bind(&measures.counts)
        .bind(&measures.means)
        .bind(&measures.squares)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(Rolled::More)
    }
}
