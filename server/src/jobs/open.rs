//! The window that is open: what came since the last one ended, as the job would find it if it ran now. Nothing is claimed and nothing written.
//!
//! Whoever may read can ask for it as often as they like, so what it costs has bounds: few are looked at at once, and one that could not be told is not
//! looked at each time.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, timeout};
use uuid::Uuid;

use super::carried::Carried;
use super::find::{JobError, LONGEST_WINDOW};
use super::gathered::{Gathered, gather};
use crate::registry::{Layout, Profile};
use crate::store::{Awaited, Measures, OpenRow, Reader, Store, StoreError, Window};

/// How many are looked at at once, and how long who asks waits for a turn.
const AT_ONCE: usize = 2;
const TURN: Duration = Duration::from_millis(250);
/// How long one that could not be told is left out at most: a database that was busy may have the time again.
const LEFT_OUT: Duration = Duration::from_mins(10);
/// Of how many profiles that is remembered.
const PROFILES: usize = 10_000;

/// A window that no job has looked at yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Open {
    /// From where the last window ended, until now.
    pub window: Window,
    /// How many rows there are: one or more.
    pub rows: u64,
    /// What they come to.
    pub measures: Measures,
}

/// Looks at open windows for all who ask one server.
#[derive(Debug)]
pub struct OpenWindows {
    turns: Semaphore,
    left_out: Mutex<HashMap<Uuid, LeftOut>>,
}

/// A window that could not be told.
#[derive(Debug, Clone, Copy)]
struct LeftOut {
    /// When it began: that of a job that has run meanwhile is another one.
    began: DateTime<Utc>,
    since: Instant,
}

impl Default for OpenWindows {
    fn default() -> Self {
        Self { turns: Semaphore::new(AT_ONCE), left_out: Mutex::default() }
    }
}

impl OpenWindows {
    /// Looks at the open window of a profile. None where nothing came, where no job was ever planned, where others are looked at, and where it
    /// cannot be told, for which the log has the reason: [`Awaited::MOST`] rows at most are looked at, and half a second long. One that could not
    /// be told is left out until its job has run, for ten minutes at most.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn look(
        &self,
        store: &Store,
        uid: Uuid,
        profile: &Profile,
    ) -> Result<Option<Open>, StoreError> {
        let Some(OpenRow { began, ended, carried }) = store.open_window(uid).await? else { return Ok(None) };
        if self.is_left_out(uid, began, Instant::now()) {
            return Ok(None);
        }
        let Some(_turn) = self.turn().await else {
            tracing::debug!(profile = %uid, "what no job has looked at is left out of an answer: others are looked at");
            return Ok(None);
        };
        let layout = Layout::of(profile);
        let carried = Carried::read(uid, carried.as_deref(), ended - LONGEST_WINDOW);
        let awaited = Awaited { profile: uid, ended, reader: Reader::Asker };
        match gather(store, awaited, profile, &layout, &carried).await {
            Ok(Gathered { rows: 0, .. }) => Ok(None),
            Ok(Gathered { rows, measures, .. }) => {
                Ok(Some(Open { window: Window { began, ended }, rows, measures }))
            }
            Err(JobError::Store(error @ StoreError::Unavailable(_))) if !error.is_too_much() => Err(error),
            // What jobs found is told all the same.
            Err(error) => {
                self.leave_out(uid, began, Instant::now());
                if error.is_too_much() {
                    tracing::info!(profile = %uid, "what no job has looked at is too much to be waited for, and is left out of drift over time");
                } else {
                    tracing::warn!(profile = %uid, %error, "what no job has looked at cannot be told, and is left out of drift over time");
                }
                Ok(None)
            }
        }
    }

    /// The right to look, until it is dropped; none where others have it for too long.
    async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        timeout(TURN, self.turns.acquire()).await.ok()?.ok()
    }

    fn is_left_out(&self, uid: Uuid, began: DateTime<Utc>, now: Instant) -> bool {
        let all = self.left_out.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(&uid).is_some_and(|left| left.began == began && left.is_good(now))
    }

    /// Remembers a window that could not be told. Where there is no room, it is not: it is looked at again then.
    fn leave_out(&self, uid: Uuid, began: DateTime<Utc>, now: Instant) {
        let mut all = self.left_out.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= PROFILES {
            all.retain(|_, left| left.is_good(now));
        }
        if all.len() < PROFILES || all.contains_key(&uid) {
            all.insert(uid, LeftOut { began, since: now });
        }
    }
}

impl LeftOut {
    fn is_good(self, now: Instant) -> bool {
        now.duration_since(self.since) < LEFT_OUT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UID: Uuid = Uuid::from_u128(1);
    const BEGAN: DateTime<Utc> = DateTime::UNIX_EPOCH;

    #[tokio::test(start_paused = true)]
    async fn two_are_looked_at_at_once_and_a_third_has_its_turn_after_them() {
        let windows = OpenWindows::default();
        let held = (windows.turn().await, windows.turn().await);
        assert!(held.0.is_some() && held.1.is_some());
        assert!(windows.turn().await.is_none());
        drop(held.0);
        assert!(windows.turn().await.is_some());
    }

    #[test]
    fn a_window_that_could_not_be_told_is_left_out_until_its_job_has_run_or_ten_minutes_are_over() {
        let windows = OpenWindows::default();
        let now = Instant::now();
        windows.leave_out(UID, BEGAN, now);
        let left_out = |began, after: Duration| windows.is_left_out(UID, began, now + after);
        assert!(left_out(BEGAN, Duration::ZERO) && left_out(BEGAN, LEFT_OUT / 2));
        assert!(!left_out(BEGAN, LEFT_OUT));
        assert!(!left_out(BEGAN + Duration::from_secs(1), Duration::ZERO));
        assert!(!windows.is_left_out(Uuid::from_u128(2), BEGAN, now));
    }

    #[test]
    fn what_is_remembered_has_a_bound_and_old_windows_make_room() {
        let windows = OpenWindows::default();
        let now = Instant::now();
        let many = u128::try_from(PROFILES).unwrap();
        for uid in 0..=many {
            windows.leave_out(Uuid::from_u128(uid), BEGAN, now);
        }
        let newest = Uuid::from_u128(many);
        assert!(!windows.is_left_out(newest, BEGAN, now));
        assert!(windows.is_left_out(Uuid::from_u128(0), BEGAN, now));
        windows.leave_out(newest, BEGAN, now + LEFT_OUT);
        assert!(windows.is_left_out(newest, BEGAN, now + LEFT_OUT));
    }
}
