//! Who looks for drift when: a job is a row that one server at a time has, for as long as its lease lasts.

use std::time::Duration;

use chrono::{DateTime, Utc};
use scouter_tasks::profile::JudgedFeatures;
use scouter_tasks::task::Few;
use uuid::Uuid;

use super::alerts::tell;
use super::retry::retried;
use super::{Measures, Store, StoreError, Telling, Window};
use crate::registry::Kind;

/// The right to a job until a time.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Lease {
    /// Whose drift is looked for.
    pub profile: Uuid,
    /// What tells it from all leases before and after.
    pub lease: Uuid,
    /// What arrived up to here has been looked at.
    pub seen: DateTime<Utc>,
    /// When it was claimed, by the database's clock.
    pub claimed: DateTime<Utc>,
    /// How often it was begun since it last came to an end, this time included.
    pub failures: i32,
    /// How many seconds its window may have at most, where a longer one was too much.
    pub span: Option<i64>,
    /// What windows before handed over to this one, as JSON.
    pub carried: Option<String>,
}

/// How things stand with a job.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct JobRow {
    /// When it is due.
    pub due: DateTime<Utc>,
    /// Whether it is at work, or due and not begun yet.
    pub under_way: bool,
    /// Why it failed, where it did the last time.
    pub failure: Option<String>,
    /// How many rows wait that were too few for anything to be said; none where none do.
    pub few_rows: Option<i64>,
    /// How many are enough, where some wait.
    pub few_needed: Option<i64>,
    /// The alert of the profile that is open.
    pub alert: Option<i64>,
}

/// What a job found, in short.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct FoundRow {
    /// When the window began.
    pub began: DateTime<Utc>,
    /// When it ended.
    pub ended: DateTime<Utc>,
    /// How many rows there were in it.
    pub rows: i64,
    /// Features or metrics that drifted.
    pub drifted: Vec<String>,
    /// Those that are watched and of which it says nothing; none where a version before wrote it.
    pub lost: Option<Vec<String>>,
}

/// Up to where a job has looked, and what there is since.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct OpenRow {
    /// When the last window ended, or the profile was registered.
    pub began: DateTime<Utc>,
    /// Now, by the database's clock.
    pub ended: DateTime<Utc>,
    /// What windows before handed over to the next one, as JSON.
    pub carried: Option<String>,
}

/// What a job found.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct DriftRow {
    /// When the window began.
    pub began: DateTime<Utc>,
    /// When it ended.
    pub ended: DateTime<Utc>,
    /// How many rows there were in it.
    pub rows: i64,
    /// Features or metrics that drifted.
    pub drifted: Vec<String>,
    /// All that was found, as JSON.
    pub document: String,
}

impl DriftRow {
    /// The window that was looked at.
    pub fn window(&self) -> Window {
        Window { began: self.began, ended: self.ended }
    }
}

/// What a job found, and what follows from it.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// What is written down.
    pub row: DriftRow,
    /// Features or metrics that could be looked at, or never are, and what is said of each.
    pub judged: JudgedFeatures,
    /// Those that are watched and could not be, where there were rows.
    pub lost: Vec<String>,
    /// The same in numbers.
    pub measures: Measures,
    /// What is handed over to the next window, as JSON.
    pub carried: Option<String>,
}

/// The lease ran out before the job came to an end; somebody else has it, or will. Nothing was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lost;

impl Lost {
    /// Lost, unless rows were written.
    pub(super) fn unless(rows: u64) -> Result<(), Self> {
        if rows == 0 { Err(Self) } else { Ok(()) }
    }
}

/// The kinds whose jobs this version does. Others are left to whoever does.
fn known() -> Vec<&'static str> {
    Kind::ALL.into_iter().filter(|kind| kind.has_jobs()).map(Kind::as_str).collect()
}

impl Store {
    /// Active profiles without a job, of kinds that are known here; so many at most.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn unplanned(&self, most: i64) -> Result<Vec<Uuid>, StoreError> {
        let unplanned = || {
            sqlx::query_scalar(
                "SELECT uid FROM profiles
                 WHERE active AND kind = ANY($2) AND NOT EXISTS (SELECT FROM drift_jobs WHERE profile = uid)
                 ORDER BY uid LIMIT $1",
            )
            .bind(most)
            .bind(known())
            .fetch_all(&self.pool)
        };
        retried(unplanned).await
    }

    /// Plans the first job of a profile; it covers all that arrived since the profile was registered. Nothing where there is one.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn plan(&self, profile: Uuid, due: DateTime<Utc>) -> Result<(), StoreError> {
        let plan = || {
            sqlx::query(
                "INSERT INTO drift_jobs (profile, seen, due)
                 SELECT uid, created, $2 FROM profiles WHERE uid = $1 ON CONFLICT DO NOTHING",
            )
            .bind(profile)
            .bind(due)
            .execute(&self.pool)
        };
        retried(plan).await.map(|_| ())
    }

    /// Has the job of an active profile looked at now, whenever it would be due, or, where it is under way, once more when that has come to its end. When
    /// that was; none where there is no such profile of a kind that has jobs.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn due_now(&self, profile: Uuid) -> Result<Option<DateTime<Utc>>, StoreError> {
        let due = || {
            sqlx::query_scalar(
                "INSERT INTO drift_jobs (profile, seen, due)
                 SELECT uid, created, now() FROM profiles WHERE uid = $1 AND active AND kind = ANY($2)
                 ON CONFLICT (profile) DO UPDATE
                     SET due = CASE WHEN drift_jobs.lease IS NULL THEN least(drift_jobs.due, now()) ELSE now() END
                 RETURNING now()",
            )
            .bind(profile)
            .bind(known())
            .fetch_optional(&self.pool)
        };
        retried(due).await
    }

    /// How things stand with the job of a profile; none where it was never planned.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn job(&self, profile: Uuid) -> Result<Option<JobRow>, StoreError> {
        let job = || {
            sqlx::query_as(
                "SELECT due, lease IS NOT NULL OR due <= now() AS under_way, failure,
                     CASE WHEN few_since = seen THEN few_rows END AS few_rows,
                     CASE WHEN few_since = seen THEN few_needed END AS few_needed,
                     (SELECT id FROM alerts WHERE profile = $1 AND resolved IS NULL) AS alert
                 FROM drift_jobs WHERE profile = $1",
            )
            .bind(profile)
            .fetch_optional(&self.pool)
        };
        retried(job).await
    }

    /// The window that the job of a profile has yet to look at; none where it was never planned.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn open_window(&self, profile: Uuid) -> Result<Option<OpenRow>, StoreError> {
        let open = || {
            sqlx::query_as("SELECT seen AS began, now() AS ended, carried FROM drift_jobs WHERE profile = $1")
                .bind(profile)
                .fetch_optional(&self.pool)
        };
        retried(open).await
    }

    /// In how long the next job is due that nobody has, of kinds that are known here; none where there is none.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn until_due(&self) -> Result<Option<Duration>, StoreError> {
        let due = || {
            sqlx::query_scalar(
                "SELECT extract(epoch FROM due - now())::float8 FROM drift_jobs JOIN profiles ON uid = profile
                 WHERE active AND kind = ANY($1) AND leased_until IS NULL ORDER BY due LIMIT 1",
            )
            .bind(known())
            .fetch_optional(&self.pool)
        };
        let seconds: Option<f64> = retried(due).await?;
        Ok(seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds.max(0.0)).ok()))
    }

    /// Claims jobs that are due and nobody has, of kinds that are known here: no more than so many, so long overdue ones first. What is
    /// claimed counts as failed until it comes to an end; one that more than one server did not survive waits longer each time.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn claim(&self, lease: Uuid, lasts: Duration, most: i64) -> Result<Vec<Lease>, StoreError> {
        let claim = || {
            sqlx::query_as(
                "UPDATE drift_jobs
                 SET lease = $1, leased_until = now() + $2 * interval '1 second',
                     horizon = pg_snapshot_xmin(pg_current_snapshot()), failures = failures + 1,
                     failure = CASE WHEN lease IS NULL THEN failure ELSE 'whoever had it did not come back' END
                 WHERE profile IN (
                     SELECT profile FROM drift_jobs JOIN profiles ON uid = profile
                     WHERE active AND kind = ANY($4) AND due <= now() AND (
                         leased_until IS NULL
                         OR leased_until + CASE WHEN failures > 1 THEN least(3600, 15 * 2 ^ least(failures, 10)) ELSE 0 END
                             * interval '1 second' <= now()
                     )
                     ORDER BY due LIMIT $3 FOR UPDATE OF drift_jobs SKIP LOCKED
                 )
                 RETURNING profile, lease, seen, now() AS claimed, failures, span, carried",
            )
            .bind(lease)
            .bind(lasts.as_secs_f64())
            .bind(most)
            .bind(known())
            .fetch_all(&self.pool)
        };
        retried(claim).await
    }

    /// Makes a lease last longer.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn extend(&self, lease: &Lease, lasts: Duration) -> Result<Result<(), Lost>, StoreError> {
        let extend = || {
            sqlx::query(
                "UPDATE drift_jobs SET leased_until = now() + $3 * interval '1 second'
                 WHERE profile = $1 AND lease = $2",
            )
            .bind(lease.profile)
            .bind(lease.lease)
            .bind(lasts.as_secs_f64())
            .execute(&self.pool)
        };
        Ok(Lost::unless(retried(extend).await?.rows_affected()))
    }

    /// Brings a job to its end, which is due again then, or at once where it was asked for meanwhile: what was found, what is to be told of it, and
    /// when it is due again, are written together, or not at all. Where `due` is now, there is more to look at, and the next window is as short as
    /// this one.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn finish(
        &self,
        lease: &Lease,
        finding: &Finding,
        due: DateTime<Utc>,
        telling: &Telling,
    ) -> Result<Result<(), Lost>, StoreError> {
        let found = &finding.row;
        retried(|| async {
            let mut transaction = self.pool.begin().await?;
            let own = sqlx::query(
                "UPDATE drift_jobs
                 SET seen = $3, seen_xact = horizon, due = CASE WHEN due > $6 THEN due ELSE $4 END, carried = $5,
                     lease = NULL, leased_until = NULL, failures = 0, failure = NULL,
                     span = CASE WHEN $4 > now() THEN NULL ELSE span END,
                     floor = CASE WHEN horizon >= beyond OR horizon < seen_xact THEN beyond_at ELSE floor END,
                     beyond_at = CASE WHEN horizon >= beyond OR horizon < seen_xact THEN now() ELSE beyond_at END,
                     beyond = CASE WHEN horizon >= beyond OR horizon < seen_xact
                         THEN pg_snapshot_xmax(pg_current_snapshot()) ELSE beyond END
                 WHERE profile = $1 AND lease = $2",
            )
            .bind(lease.profile)
            .bind(lease.lease)
            .bind(found.ended)
            .bind(due)
            .bind(&finding.carried)
            .bind(lease.claimed)
            .execute(&mut *transaction)
            .await?;
            if own.rows_affected() == 0 {
                return Ok(Err(Lost));
            }
            sqlx::query(
                "INSERT INTO drift_results (profile, began, ended, rows, drifted, document, counts, means, squares, lost)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            )
            .bind(lease.profile)
            .bind(found.began)
            .bind(found.ended)
            .bind(found.rows)
            .bind(&found.drifted)
            .bind(&found.document)
            .bind(&finding.measures.counts)
            .bind(&finding.measures.means)
            .bind(&finding.measures.squares)
            .bind(&finding.lost)
            .execute(&mut *transaction)
            .await?;
            tell(&mut transaction, lease.profile, finding, telling).await?;
            transaction.commit().await?;
            Ok(Ok(()))
        })
        .await
    }

    /// Gives a job back that failed, or that there was nothing to do for; it is due again then, or at once where it was asked for meanwhile.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn give_back(
        &self,
        lease: &Lease,
        failure: Option<&str>,
        due: DateTime<Utc>,
    ) -> Result<Result<(), Lost>, StoreError> {
        let give_back = || {
            sqlx::query(
                "UPDATE drift_jobs
                 SET due = CASE WHEN due > $5 THEN due ELSE $4 END, lease = NULL, leased_until = NULL, failure = $3,
                     failures = CASE WHEN $3::text IS NULL THEN 0 ELSE failures END
                 WHERE profile = $1 AND lease = $2",
            )
            .bind(lease.profile)
            .bind(lease.lease)
            .bind(failure)
            .bind(due)
            .bind(lease.claimed)
            .execute(&self.pool)
        };
        Ok(Lost::unless(retried(give_back).await?.rows_affected()))
    }

    /// Says that the window of a job goes on, since it has too few rows for anything to be said. Nothing where the lease is lost.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn wait_for_more(&self, lease: &Lease, few: Few) -> Result<(), StoreError> {
        let [rows, needed] = [few.found, few.needed].map(|count| i64::try_from(count).unwrap_or(i64::MAX));
        let wait = || {
            sqlx::query(
                "UPDATE drift_jobs SET few_since = seen, few_rows = $3, few_needed = $4
                 WHERE profile = $1 AND lease = $2",
            )
            .bind(lease.profile)
            .bind(lease.lease)
            .bind(rows)
            .bind(needed)
            .execute(&self.pool)
        };
        retried(wait).await.map(drop)
    }

    /// Says how many seconds the next window of a job may have: this one was too long. Nothing where the lease is lost.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn narrow(&self, lease: &Lease, span: i64) -> Result<(), StoreError> {
        let narrow = || {
            sqlx::query("UPDATE drift_jobs SET span = $3 WHERE profile = $1 AND lease = $2")
                .bind(lease.profile)
                .bind(lease.lease)
                .bind(span)
                .execute(&self.pool)
        };
        retried(narrow).await.map(drop)
    }

    /// What the job of a profile found last, without its document, which may be large; none where it found nothing yet.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn last_found(&self, profile: Uuid) -> Result<Option<FoundRow>, StoreError> {
        let last = || {
            sqlx::query_as(
                "SELECT began, ended, rows, drifted, lost FROM drift_results
                 WHERE profile = $1 ORDER BY ended DESC LIMIT 1",
            )
            .bind(profile)
            .fetch_optional(&self.pool)
        };
        retried(last).await
    }

    /// What jobs found about a profile, newest first.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn drift_found(
        &self,
        profile: Uuid,
        window: Window,
        most: i64,
    ) -> Result<Vec<DriftRow>, StoreError> {
        let rows = sqlx::query_as(
            "SELECT began, ended, rows, drifted, document FROM drift_results
             WHERE profile = $1 AND ended > $2 AND ended <= $3 ORDER BY ended DESC LIMIT $4",
        );
        Ok(rows.bind(profile).bind(window.began).bind(window.ended).bind(most).fetch_all(&self.pool).await?)
    }
}
