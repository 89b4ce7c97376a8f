//! Requests of a lane on their way into a record.

use std::mem;
use std::time::Duration;

use scouter_wire::records::{Body, Record, Uid};
use tokio::time::Instant;

use crate::requests::Requests;

/// For how long requests are counted before they are sent.
const COUNTED: Duration = Duration::from_secs(30);

/// Requests that were not sent yet. All that are counted at one time are one record.
#[derive(Debug, Default)]
pub(crate) struct Observed {
    pub(crate) requests: Requests,
    /// The identifier of the record that they will be, and when the first of them came.
    open: Option<(Uid, Instant)>,
    /// Whether a record is being made of them.
    making: bool,
}

impl Observed {
    /// Whether the requests have an identifier.
    pub(crate) fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Gives the requests their identifier.
    pub(crate) fn open(&mut self, uid: Uid) {
        self.open = Some((uid, Instant::now()));
    }

    /// How many records there are of them.
    pub(crate) fn held(&self) -> u64 {
        u64::from(self.open.is_some()) + u64::from(self.making)
    }

    /// When they are to be sent.
    pub(crate) fn due(&self) -> Option<Instant> {
        self.open.map(|(_, since)| since + COUNTED)
    }

    /// Takes them where they are due, or `all` is to be sent. [`Observed::made`] is to follow.
    pub(crate) fn take(&mut self, all: bool) -> Option<(Uid, Requests)> {
        let due = all || self.due().is_some_and(|due| due <= Instant::now());
        let (uid, _) = self.open.take_if(|_| due)?;
        self.making = true;
        Some((uid, mem::take(&mut self.requests)))
    }

    /// The record is made, and held elsewhere.
    pub(crate) fn made(&mut self) {
        self.making = false;
    }
}

/// The record of requests. It takes a moment, for which no lock is to be held.
pub(crate) fn record((uid, mut requests): (Uid, Requests)) -> Record {
    Record { uid, body: Body::Requests(requests.take()) }
}
