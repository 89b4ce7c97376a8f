//! What was sent for a question, whatever becomes of the answer.

use std::sync::{Arc, Mutex, PoisonError};

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
pub struct Sent(Arc<Mutex<Bill>>);

/// How a question is asked is no part of it.
impl PartialEq for Sent {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Sent {
    /// What it came to so far. A request that is under way may cost what nobody knows.
    pub fn bill(&self) -> Bill {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a request that goes out now.
    pub(crate) fn begin(&self) -> Request<'_> {
        self.change(|bill| {
            bill.attempts += 1;
            bill.unpriced += 1;
        });
        Request(self)
    }

    fn change(&self, change: impl FnOnce(&mut Bill)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
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
