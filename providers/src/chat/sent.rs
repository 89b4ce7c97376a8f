//! What was sent for a question, whatever becomes of the answer.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;

use super::Usage;
use crate::{CallError, Dollars, Reply};

/// What requests took.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bill {
    /// How many there were.
    pub attempts: u32,
    /// Their tokens, as far as providers say.
    pub usage: Option<Usage>,
    /// What they cost, as far as that is known.
    pub cost: Option<Dollars>,
    /// How many may cost what nobody knows.
    pub unpriced: u32,
}

/// What was sent for a question so far. Copies share it, so that it is known to whoever gives up waiting, too.
#[derive(Clone, Debug, Default)]
pub struct Sent(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    bill: Bill,
    /// When the first request of the newest call went out.
    began: Option<Instant>,
}

/// How a question is asked is no part of it.
impl PartialEq for Sent {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Sent {
    /// What it came to so far. A request that is under way may cost what nobody knows.
    pub fn bill(&self) -> Bill {
        self.lock().bill
    }

    /// Notes a call that is about to begin: how many requests there were before it. A question is asked once at a time.
    pub(crate) fn open(&self) -> u32 {
        let mut state = self.lock();
        state.began = None;
        state.bill.attempts
    }

    /// When the first request of the newest call went out.
    pub(crate) fn began(&self) -> Option<Instant> {
        self.lock().began
    }

    /// Notes a request that goes out now.
    pub(crate) fn begin(&self) -> Request<'_> {
        let mut state = self.lock();
        state.began.get_or_insert_with(Instant::now);
        state.bill.attempts += 1;
        state.bill.unpriced += 1;
        drop(state);
        Request(self)
    }

    fn change(&self, change: impl FnOnce(&mut Bill)) {
        change(&mut self.lock().bill);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request under way. Dropped, it stays one whose cost is unknown.
pub(crate) struct Request<'a>(&'a Sent);

impl Request<'_> {
    pub(crate) fn answered(self, reply: &impl Reply) {
        let spent = reply.spent();
        self.0.change(|bill| {
            bill.unpriced = bill.unpriced + spent.unpriced - 1;
            bill.usage = Usage::sum(bill.usage, reply.usage());
            bill.cost = Dollars::sum(bill.cost, spent.cost);
        });
    }

    pub(crate) fn failed(self, error: &CallError) {
        let details = error.details();
        self.0.change(|bill| {
            // Where it could not be sent, it was none.
            bill.attempts = bill.attempts + details.attempts - 1;
            bill.unpriced = bill.unpriced + details.unpriced - 1;
        });
    }
}
