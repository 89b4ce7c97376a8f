//! What a lane holds.

use std::collections::VecDeque;

use scouter_wire::records::Record;
use tokio::time::Instant;

use crate::buffer::Buffer;
use crate::destination::Destination;
use crate::options::Options;
use crate::tally::Tally;

/// What a lane holds: records, or counts of them.
#[derive(Debug)]
pub(crate) enum Holding {
    Records(Buffer),
    Counts(Tally),
}

impl Holding {
    pub(crate) fn of(to: &Destination, options: &Options) -> Self {
        match to.features() {
            Some(features) => Self::Counts(Tally::new(features.clone())),
            None => Self::Records(Buffer::new(options.capacity.get(), options.capacity_bytes)),
        }
    }

    /// How many rows are held.
    pub(crate) fn held(&self) -> u64 {
        match self {
            Self::Records(buffer) => buffer.held() as u64,
            Self::Counts(tally) => tally.held(),
        }
    }

    /// Takes what is to be sent: counts only where they are due, or all is.
    pub(crate) fn take(&mut self, most: usize, most_bytes: usize, all: bool) -> VecDeque<Record> {
        match self {
            Self::Records(buffer) => buffer.take(most, most_bytes),
            Self::Counts(tally) => {
                let due = all || tally.due().is_some_and(|due| due <= Instant::now());
                if due { tally.take().into_iter().collect() } else { VecDeque::new() }
            }
        }
    }

    /// What was under way is settled.
    pub(crate) fn landed(&mut self, records: usize, bytes: usize, rows: u64) {
        match self {
            Self::Records(buffer) => buffer.landed(records, bytes),
            Self::Counts(tally) => tally.landed(rows),
        }
    }
}
