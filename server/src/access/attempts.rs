//! Names for which a wrong password was given: after a few, there is a pause before each further try.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// How many wrong passwords in a row are no reason to wait.
const FREE: u32 = 5;
/// The longest pause. A longer one would let anybody keep others out.
const LONGEST: Duration = Duration::from_mins(1);
/// After how long all is forgotten.
const FORGOTTEN: Duration = Duration::from_mins(15);
/// How many names are remembered.
const NAMES: usize = 10_000;

/// Wrong passwords by name, whether there is somebody of that name or not.
#[derive(Debug, Default)]
pub(super) struct Attempts(Mutex<HashMap<String, Failed>>);

#[derive(Debug, Clone, Copy)]
struct Failed {
    many: u32,
    last: Instant,
}

impl Failed {
    /// The pause after so many failures: a second, twice as long each time.
    fn pause(self) -> Duration {
        match self.many.checked_sub(FREE) {
            None => Duration::ZERO,
            Some(beyond) => Duration::from_secs(1 << beyond.min(10)).min(LONGEST),
        }
    }
}

impl Attempts {
    /// How long there is to wait before the next try for a name.
    pub(super) fn wait(&self, name: &str, now: Instant) -> Option<Duration> {
        let failed = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(name).copied()?;
        let over = failed.last + failed.pause();
        (over > now).then(|| over - now)
    }

    /// A password was wrong.
    pub(super) fn failed(&self, name: &str, now: Instant) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= NAMES && !all.contains_key(name) {
            all.retain(|_, failed| now.duration_since(failed.last) < FORGOTTEN);
            if all.len() >= NAMES {
                all.clear();
            }
        }
        let failed = all.entry(name.to_owned()).or_insert(Failed { many: 0, last: now });
        if now.duration_since(failed.last) >= FORGOTTEN {
            failed.many = 0;
        }
        *failed = Failed { many: failed.many.saturating_add(1), last: now };
    }

    /// A password was right.
    pub(super) fn succeeded(&self, name: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
    }

    /// How many names are remembered.
    #[cfg(test)]
    pub(super) fn names(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}
