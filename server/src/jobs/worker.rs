//! Who looks for drift, and when.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use scouter_engine::Clock;
use scouter_tasks::profile::Schedule;
use scouter_tasks::result::NewUid;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use uuid::Uuid;

use super::find::{JobError, find};
use crate::registry::Profile;
use crate::store::{Lease, Store, StoreError, Window};

/// How long a lease lasts; it is extended three times as often.
const LASTS: Duration = Duration::from_secs(30);
/// How long a job may take.
const LONGEST: Duration = Duration::from_mins(10);
/// How long is waited after the first failure; twice as long after each further one, up to the longest.
const PAUSE: TimeDelta = TimeDelta::seconds(30);
const LONGEST_PAUSE: TimeDelta = TimeDelta::hours(1);
/// How many profiles are planned in one go.
const PLANNED: i64 = 100;

/// Looks for drift when it is due. Any number of them may be at work on one database.
#[derive(Debug, Clone)]
pub struct Worker {
    store: Store,
    clock: Arc<dyn Clock>,
    at_once: usize,
}

impl Worker {
    /// One that does so many jobs at once.
    pub fn new(store: Store, clock: Arc<dyn Clock>, at_once: usize) -> Self {
        Self { store, clock, at_once: at_once.max(1) }
    }

    /// Works until it is dropped, which leaves what it was at to others once its leases have run out. It looks for jobs that often, and at
    /// once again while there are any.
    pub async fn work(&self, every: Duration) {
        loop {
            let done = self.run_due().await;
            if let Err(error) = &done {
                tracing::warn!(%error, "jobs cannot be claimed");
            }
            if !matches!(done, Ok(1..)) {
                sleep(every).await;
            }
        }
    }

    /// Does jobs that are due, as many as it does at once. How many there were.
    ///
    /// # Errors
    /// The database cannot be reached. A job that fails is written down as that, and tried again later.
    pub async fn run_due(&self) -> Result<usize, StoreError> {
        self.plan().await?;
        let most = i64::try_from(self.at_once).unwrap_or(i64::MAX);
        let leases = self.store.claim(self.clock.new_uid(), LASTS, most).await?;
        let mut jobs = JoinSet::new();
        let claimed = leases.len();
        for lease in leases {
            let worker = self.clone();
            jobs.spawn(async move { worker.run(lease).await });
        }
        while let Some(done) = jobs.join_next().await {
            match done {
                Ok(Ok(())) => {}
                // Its lease runs out, and somebody tries again.
                Ok(Err(error)) => tracing::warn!(%error, "what a job came to cannot be written down"),
                Err(error) => tracing::error!(%error, "a job ended without coming to anything"),
            }
        }
        Ok(claimed)
    }

    /// Plans the first job of profiles that have none.
    async fn plan(&self) -> Result<(), StoreError> {
        for (uid, document) in self.store.unplanned(PLANNED).await? {
            let now = DateTime::from(self.clock.now());
            match Profile::read(&document) {
                Ok(profile) => self.store.plan(uid, next(profile.schedule(), now)).await?,
                // A later version wrote it, and plans it.
                Err(error) => tracing::warn!(profile = %uid, %error, "a profile cannot be planned"),
            }
        }
        Ok(())
    }

    async fn run(&self, lease: Lease) -> Result<(), StoreError> {
        let kept = async {
            loop {
                sleep(LASTS / 3).await;
                if self.store.extend(&lease, LASTS).await?.is_err() {
                    return Ok::<_, StoreError>(());
                }
            }
        };
        tokio::select! {
            done = self.done(&lease) => done,
            lost = kept => {
                tracing::warn!(profile = %lease.profile, "a job was given up: somebody else has it");
                lost
            }
        }
    }

    async fn done(&self, lease: &Lease) -> Result<(), StoreError> {
        let job = timeout(LONGEST, self.found(lease)).await;
        match job.unwrap_or(Err(JobError::TooLong(LONGEST.as_secs()))) {
            Ok(()) => {}
            Err(JobError::Store(error @ StoreError::Unavailable(_))) => return Err(error),
            Err(error) => {
                tracing::warn!(profile = %lease.profile, %error, "a job failed");
                let due = lease.claimed + pause(lease.failures);
                // Whether it was lost meanwhile does not matter: nothing was found.
                let _ = self.store.give_back(lease, Some(&error.to_string()), due).await?;
            }
        }
        Ok(())
    }

    async fn found(&self, lease: &Lease) -> Result<(), JobError> {
        let uid: Uuid = lease.profile;
        let Some(document) = self.store.profile_document(uid).await? else { return Ok(()) };
        let profile = Profile::read(&document)?;
        let window = Window { began: lease.seen, ended: self.store.settled().await? };
        // Whatever was missed meanwhile is in this window: it is looked at once.
        let due = next(profile.schedule(), lease.claimed);
        let held = if window.ended <= window.began {
            self.store.give_back(lease, None, due).await?
        } else {
            let found = find(&self.store, uid, &profile, window).await?;
            self.store.finish(lease, &found, due).await?
        };
        if held.is_err() {
            tracing::warn!(profile = %uid, "what a job found is thrown away: its lease ran out");
        }
        Ok(())
    }
}

/// When a schedule comes next. One that never comes again, as of a year that is over, is looked at in a year.
fn next(schedule: &Schedule, after: DateTime<Utc>) -> DateTime<Utc> {
    schedule.next(after).unwrap_or(after + TimeDelta::days(365))
}

fn pause(failures: i32) -> TimeDelta {
    let doubled = 2_i32.saturating_pow(u32::try_from(failures).unwrap_or(0));
    PAUSE.checked_mul(doubled).map_or(LONGEST_PAUSE, |pause| pause.min(LONGEST_PAUSE))
}
