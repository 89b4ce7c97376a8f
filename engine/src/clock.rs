//! The one owner of time.

use std::fmt::Debug;
use std::time::{Instant, SystemTime};

/// Where the time comes from.
pub trait Clock: Send + Sync + Debug {
    /// The time of day.
    fn now(&self) -> SystemTime;

    /// A point in time that only moves forward, for durations.
    fn instant(&self) -> Instant;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the owner of time")]
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    #[expect(clippy::disallowed_methods, reason = "this is the owner of time")]
    fn instant(&self) -> Instant {
        Instant::now()
    }
}
