//! Who is told what becomes of records.

use std::fmt;

use crate::stats::Stats;

/// What is done with the number of a lane and what it has to tell.
type Tell = dyn Fn(usize, &Stats) + Send + Sync;

/// Who is told, by the queue's own thread, what the lane of a number has to tell of what is lost or fails. Nothing is sent until it has heard of it, and it
/// is told nothing any more once the queue is closed.
pub struct Teller(Box<Tell>);

impl Teller {
    /// One who does this.
    pub fn new(tell: impl Fn(usize, &Stats) + Send + Sync + 'static) -> Self {
        Self(Box::new(tell))
    }

    pub(crate) fn tell(&self, lane: usize, stats: &Stats) {
        (self.0)(lane, stats);
    }
}

impl fmt::Debug for Teller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Teller")
    }
}
