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

    /// Takes what is to be sent, this record before all else: counts only where they are due, or all is.
    pub(crate) fn take(
        &mut self,
        first: Option<Record>,
        most: usize,
        most_bytes: usize,
        all: bool,
    ) -> VecDeque<Record> {
        match self {
            Self::Records(buffer) => {
                if let Some(first) = first {
                    buffer.push_first(first);
                }
                buffer.take(most, most_bytes)
            }
            Self::Counts(tally) => {
                let room = most > usize::from(first.is_some());
                let due = all || tally.due().is_some_and(|due| due <= Instant::now());
                let counts = if due && room { tally.take() } else { None };
                if first.is_some() {
                    tally.beside();
                }
                first.into_iter().chain(counts).collect()
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
