//! Batches that are sent evenly, and how long each takes from when it was due.

use std::fmt;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// When each batch is due, whatever became of those before it: so that waiting for others counts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    begin: Instant,
    pause: Duration,
}

impl Pace {
    /// So many batches a second, from now on.
    pub(crate) fn of(rate: f64) -> Self {
        Self { begin: Instant::now(), pause: Duration::from_secs_f64(rate.recip()) }
    }

    fn due(&self, at: usize) -> Instant {
        self.begin + self.pause.mul_f64(at as f64)
    }

    pub(crate) async fn wait_for(&self, at: usize) {
        sleep_until(self.due(at)).await;
    }

    pub(crate) fn is_due(&self, at: usize) -> bool {
        self.due(at) <= Instant::now()
    }

    /// How long ago it was due.
    pub(crate) fn since(&self, at: usize) -> Duration {
        self.due(at).elapsed()
    }
}

/// How long batches took, the shortest first.
#[derive(Debug)]
pub(crate) struct Times(Vec<Duration>);

impl From<Vec<Duration>> for Times {
    fn from(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self(times)
    }
}

impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(times) = self;
        let last = times.len() - 1;
        let (median, p99, longest) = (times[last / 2], times[last * 99 / 100], times[last]);
        write!(f, "in {median:.1?} (median), {p99:.1?} (p99), {longest:.1?} (longest)")
    }
}
