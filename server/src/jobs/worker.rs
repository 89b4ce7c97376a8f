//! Who looks for drift, and when.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use scouter_engine::Clock;
use scouter_tasks::profile::Schedule;
use scouter_tasks::result::NewUid;
use scouter_tasks::task::Few;
use tokio::sync::Notify;
use tokio::task::{JoinError, JoinSet, spawn_blocking};
use tokio::time::{Instant, sleep, timeout, timeout_at};
use tracing::field::Empty;
use tracing::{Instrument, Span};
use uuid::Uuid;

use super::find::{Found, JobError, LONGEST_WINDOW, find};
use crate::alerts::Routes;
use crate::backoff::Backoff;
use crate::metrics::{JOB, JOBS};
use crate::registry::Profile;
use crate::store::{Lease, Lost, Store, StoreError, Telling, Window};

/// How long a lease lasts; it is extended three times as often.
const LASTS: Duration = Duration::from_secs(30);
/// How soon a lease is extended again where that failed.
const SOON: Duration = Duration::from_secs(1);
/// How long a job may take.
const LONGEST: Duration = Duration::from_mins(10);
/// How long is waited after the first failure; twice as long after each further one, up to the longest.
const PAUSE: TimeDelta = TimeDelta::seconds(30);
const LONGEST_PAUSE: TimeDelta = TimeDelta::hours(1);
/// How many profiles are planned in one go.
const PLANNED: i64 = 100;
/// How long is waited at least for a job that is about to be due, so that clocks which differ a little do not keep a server busy.
const SOONEST: Duration = Duration::from_millis(50);

/// Looks for drift when it is due. Any number of them may be at work on one database.
#[derive(Debug, Clone)]
pub struct Worker {
    store: Store,
    clock: Arc<dyn Clock>,
    at_once: usize,
    routes: Arc<Routes>,
    wake: Arc<Notify>,
}

impl Worker {
    /// One that does so many jobs at once, and has these told of what it finds.
    pub fn new(store: Store, clock: Arc<dyn Clock>, at_once: usize, routes: Routes) -> Self {
        Self { store, clock, at_once: at_once.max(1), routes: Arc::new(routes), wake: Arc::default() }
    }

    /// What makes it look for jobs at once.
    pub fn wake(&self) -> Arc<Notify> {
        Arc::clone(&self.wake)
    }

    /// Works until it is dropped, which leaves what it was at to others once its leases have run out. It looks for jobs when the next one is
    /// due, when it is woken, when one has come to its end, and that often at least; less often while the database is away.
    pub async fn work(&self, every: Duration) {
        let mut jobs = JoinSet::new();
        let mut backoff = Backoff::new(every);
        loop {
            let looked = self.look(&mut jobs).await;
            if let Err(error) = &looked {
                tracing::warn!(%error, "jobs cannot be claimed");
            }
            let longest = backoff.after(looked.is_ok());
            let pause = looked.ok().flatten().map_or(longest, |due| due.max(SOONEST).min(longest));
            tokio::select! {
                Some(done) = jobs.join_next() => tell(done),
                () = self.wake.notified() => {}
                () = sleep(pause) => {}
            }
        }
    }

    /// Begins jobs that are due. In how long the next one is, where there is one and room for it.
    async fn look(&self, jobs: &mut JoinSet<Result<(), StoreError>>) -> Result<Option<Duration>, StoreError> {
        self.begin(jobs).await?;
        if jobs.len() >= self.at_once { Ok(None) } else { self.store.until_due().await }
    }

    /// Does jobs that are due, as many as it does at once. How many there were.
    ///
    /// # Errors
    /// The database cannot be reached. A job that fails is written down as that, and tried again later.
    pub async fn run_due(&self) -> Result<usize, StoreError> {
        let mut jobs = JoinSet::new();
        let begun = self.begin(&mut jobs).await?;
        while let Some(done) = jobs.join_next().await {
            tell(done);
        }
        Ok(begun)
    }

    /// Begins jobs that are due, no more than it has room for. How many there were.
    async fn begin(&self, jobs: &mut JoinSet<Result<(), StoreError>>) -> Result<usize, StoreError> {
        let room = self.at_once.saturating_sub(jobs.len());
        if room == 0 {
            return Ok(0);
        }
        self.plan().await?;
        let most = i64::try_from(room).unwrap_or(i64::MAX);
        let sure = Instant::now() + LASTS;
        let leases = self.store.claim(self.clock.new_uid(), LASTS, most).await?;
        let begun = leases.len();
        for lease in leases {
            let worker = self.clone();
            let span = tracing::info_span!("job", profile = %lease.profile, otel.status_code = Empty);
            jobs.spawn(async move { worker.run(lease, sure).await }.instrument(span));
        }
        Ok(begun)
    }

    /// Plans the first job of profiles that have none.
    async fn plan(&self) -> Result<(), StoreError> {
        for uid in self.store.unplanned(PLANNED).await? {
            let now = DateTime::from(self.clock.now());
            let due = match self.due(uid, now).await {
                Ok(due) => due,
                Err(JobError::Store(error @ StoreError::Unavailable(_))) if !error.is_too_much() => {
                    return Err(error);
                }
                // It has a job all the same: whoever can read it does it, and nobody reads it again and again for its schedule.
                Err(error) => {
                    tracing::warn!(profile = %uid, %error, "a profile cannot be planned");
                    now + LONGEST_PAUSE
                }
            };
            self.store.plan(uid, due).await?;
        }
        Ok(())
    }

    /// When a profile is due for the first time.
    async fn due(&self, uid: Uuid, now: DateTime<Utc>) -> Result<DateTime<Utc>, JobError> {
        let Some(document) = self.store.profile_document(uid).await? else { return Err(gone(uid)) };
        // Aside, since it takes its time, and since one document that is too much for the reader must not end the work on all others.
        let read =
            spawn_blocking(move || Profile::read(&document).map(|profile| next(profile.schedule(), now)));
        Ok(read.await.map_err(|error| damaged(uid, error.to_string()))??)
    }

    /// Does a job for as long as its lease is held, which is sure until then.
    async fn run(&self, lease: Lease, sure: Instant) -> Result<(), StoreError> {
        tokio::select! {
            done = self.done(&lease) => done,
            () = self.lost(&lease, sure) => {
                tracing::warn!(profile = %lease.profile, "a job was given up: its lease is lost");
                Ok(())
            }
        }
    }

    /// Extends a lease until somebody else has it, or it must have run out. A database that is away for a moment is no reason to throw a job away.
    async fn lost(&self, lease: &Lease, mut sure: Instant) {
        let mut pause = LASTS / 3;
        loop {
            sleep(pause).await;
            let asked = Instant::now();
            pause = match timeout_at(sure, self.store.extend(lease, LASTS)).await {
                Ok(Ok(Ok(()))) => {
                    sure = asked + LASTS;
                    LASTS / 3
                }
                Ok(Ok(Err(Lost))) | Err(_) => return,
                Ok(Err(error)) => {
                    tracing::warn!(profile = %lease.profile, %error, "the lease of a job cannot be extended yet");
                    SOON
                }
            };
        }
    }

    async fn done(&self, lease: &Lease) -> Result<(), StoreError> {
        let window = window(lease);
        let since = Instant::now();
        let job = timeout(LONGEST, self.found(lease, window)).await;
        metrics::histogram!(JOB).record(since.elapsed());
        let outcome = if matches!(job, Ok(Ok(()))) { "done" } else { "failed" };
        metrics::counter!(JOBS, "outcome" => outcome).increment(1);
        let Err(error) = job.unwrap_or(Err(JobError::TooLong(LONGEST.as_secs()))) else { return Ok(()) };
        if error.is_newer() {
            // It is no failure: a server of a later version does it.
            let _ = self.store.give_back(lease, None, lease.claimed + PAUSE).await?;
            return Ok(());
        }
        Span::current().record("otel.status_code", "ERROR");
        tracing::warn!(profile = %lease.profile, %error, failures = lease.failures, "a job failed, and is tried again");
        if error.is_too_much() {
            self.store.narrow(lease, halved(window)).await?;
        }
        // Whether it was lost meanwhile does not matter: nothing was found.
        let _ = self
            .store
            .give_back(lease, Some(&error.to_string()), lease.claimed + pause(lease.failures))
            .await?;
        Ok(())
    }

    async fn found(&self, lease: &Lease, window: Window) -> Result<(), JobError> {
        let uid: Uuid = lease.profile;
        let Some(document) = self.store.profile_document(uid).await? else { return Err(gone(uid)) };
        let profile = Profile::read(&document)?;
        let due = if window.ended < lease.claimed {
            // There is more to look at.
            lease.claimed
        } else {
            // Whatever was missed meanwhile is in this window: it is looked at once.
            next(profile.schedule(), lease.claimed)
        };
        let held = if window.ended <= window.began {
            self.store.give_back(lease, None, due).await?
        } else {
            let found = find(&self.store, uid, &profile, window, lease.carried.as_deref()).await?;
            if let Some(few) = goes_on(&found, lease.claimed) {
                let Few { found, needed } = few;
                tracing::info!(profile = %uid, found, needed, "too few rows for anything to be said: the window goes on");
                self.store.wait_for_more(lease, few).await?;
                self.store.give_back(lease, None, due).await?
            } else {
                self.store.finish(lease, &found.finding, due, &self.telling(&profile)?).await?
            }
        };
        if held.is_err() {
            tracing::warn!(profile = %uid, "what a job found is thrown away: its lease ran out");
        }
        Ok(())
    }

    fn telling(&self, profile: &Profile) -> Result<Telling, JobError> {
        let targets = self.routes.of(profile.dispatch());
        let targets = targets.iter().map(serde_json::to_string).collect::<Result<_, _>>()?;
        Ok(Telling { key: profile.key(), targets, cool_down: self.routes.cool_down })
    }
}

fn tell(done: Result<Result<(), StoreError>, JoinError>) {
    match done {
        Ok(Ok(())) => {}
        // Its lease runs out, and somebody tries again.
        Ok(Err(error)) => tracing::warn!(%error, "what a job came to cannot be written down"),
        Err(error) => tracing::error!(%error, "a job ended without coming to anything"),
    }
}

/// A profile that is not there, which would keep its job for ever if it went unsaid.
fn gone(uid: Uuid) -> JobError {
    damaged(uid, "it is not there".to_owned())
}

fn damaged(uid: Uuid, why: String) -> JobError {
    StoreError::Damaged { what: format!("profile `{uid}`"), why }.into()
}

/// What a job is to look at: all up to when it was claimed, or as much of it as was not too much before.
fn window(lease: &Lease) -> Window {
    let ended = lease.span.and_then(|span| lease.seen.checked_add_signed(TimeDelta::try_seconds(span)?));
    Window { began: lease.seen, ended: ended.map_or(lease.claimed, |ended| ended.min(lease.claimed)) }
}

/// With how few rows a window goes on until the next look, since nothing can be said of them: they are looked at again then, with those that come. One that
/// was cut off before now ends as it is, and so does one that has gone on for long enough.
fn goes_on(found: &Found, now: DateTime<Utc>) -> Option<Few> {
    let Window { began, ended } = found.finding.row.window();
    found.too_few.filter(|_| ended == now && ended - began < LONGEST_WINDOW)
}

/// The seconds of half a window, or of the shortest there is.
fn halved(window: Window) -> i64 {
    ((window.ended - window.began).num_seconds() / 2).max(1)
}

/// When a schedule comes next. One that never comes again, as of a year that is over, is looked at in a year.
fn next(schedule: &Schedule, after: DateTime<Utc>) -> DateTime<Utc> {
    schedule.next(after).unwrap_or(after + TimeDelta::days(365))
}

fn pause(failures: i32) -> TimeDelta {
    let doubled = 2_i32.saturating_pow(u32::try_from(failures - 1).unwrap_or(0));
    PAUSE.checked_mul(doubled).map_or(LONGEST_PAUSE, |pause| pause.min(LONGEST_PAUSE))
}
