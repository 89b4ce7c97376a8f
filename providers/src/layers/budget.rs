//! A run that costs no more than it may.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::Notify;
use tokio::time::Instant;

use super::{Dollars, Prices};
use crate::chat::Usage;
use crate::{Answer, BudgetLimit, CallError, ErrorKind, Model, Question, Reply};

/// What a run may use. What is `None` is not limited.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Budget {
    /// US dollars. Models without a price are then not asked at all.
    pub dollars: Option<f64>,
    /// Tokens, read and written.
    pub tokens: Option<u64>,
    /// Requests sent, retries included.
    pub calls: Option<u64>,
    /// Time since the first call.
    pub time: Option<Duration>,
}

/// A budget and what was used of it, shared by all calls of a run.
///
/// What a call costs is known when it is answered. A run can therefore use more than its budget of
/// dollars and tokens by what was in flight when the budget ended; calls and time are exact. Calls without an answer that may
/// have to be paid for all the same are booked by an estimate.
#[derive(Debug)]
pub struct Ledger {
    budget: Budget,
    prices: Arc<Prices>,
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    used: Used,
    /// When its time ends, once it has begun.
    end: Option<Instant>,
}

/// What a run has used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Used {
    /// What it cost, as far as prices are known.
    pub cost: Dollars,
    /// Tokens, read and written; estimated where the provider did not say.
    pub tokens: u64,
    /// Requests sent.
    pub calls: u64,
    /// Calls whose cost is not known, and not in `cost`.
    pub unpriced: u64,
}

impl Used {
    /// What was used since `before`.
    #[must_use]
    pub fn since(self, before: Self) -> Self {
        Self {
            cost: Dollars(self.cost.0 - before.cost.0),
            tokens: self.tokens.saturating_sub(before.tokens),
            calls: self.calls.saturating_sub(before.calls),
            unpriced: self.unpriced.saturating_sub(before.unpriced),
        }
    }

    /// What two runs have used.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            cost: Dollars(self.cost.0 + other.cost.0),
            tokens: self.tokens.saturating_add(other.tokens),
            calls: self.calls + other.calls,
            unpriced: self.unpriced + other.unpriced,
        }
    }
}

impl Ledger {
    /// A budget of which nothing is used.
    pub fn new(budget: Budget, prices: Arc<Prices>) -> Self {
        Self { budget, prices, state: Mutex::default(), changed: Notify::new() }
    }

    /// What was used so far.
    pub fn used(&self) -> Used {
        self.lock().used
    }

    /// Enters a call, and says when its time ends.
    fn enter(&self, provider: &str, model: &str) -> Result<Option<Instant>, CallError> {
        if self.budget.dollars.is_some() && self.prices.price(provider, model).is_none() {
            let message = format!(
                "`{provider}/{model}` is not in the table of prices of {}; give a table that has it, or no budget of dollars",
                self.prices.as_of
            );
            return Err(CallError::new(ErrorKind::UnknownPrice, provider, message));
        }
        let mut state = self.lock();
        let begins = state.end.is_none() && self.budget.time.is_some();
        if let Some(time) = self.budget.time {
            // A time that no clock reaches is none.
            state.end = state.end.or_else(|| Instant::now().checked_add(time));
        }
        if let Some(error) = self.over(&state, provider) {
            return Err(error);
        }
        state.used.calls += 1;
        let tell = begins || self.over(&state, provider).is_some();
        let end = state.end;
        drop(state);
        if tell {
            self.changed.notify_waiters();
        }
        Ok(end)
    }

    /// Waits until the budget is used up, and says by what.
    pub(super) async fn ends(&self, provider: &str) -> CallError {
        loop {
            let mut changed = std::pin::pin!(self.changed.notified());
            changed.as_mut().enable();
            let end = {
                let state = self.lock();
                if let Some(error) = self.over(&state, provider) {
                    return error;
                }
                state.end
            };
            match end {
                None => changed.await,
                // Either way there is something to look at then.
                Some(end) => {
                    let _ = tokio::time::timeout_at(end, changed).await;
                }
            }
        }
    }

    /// What is used up, where something is.
    fn over(&self, State { used, end }: &State, provider: &str) -> Option<CallError> {
        let Budget { dollars, tokens, calls, time } = self.budget;
        let (limit, message) =
            if let Some(time) = time.filter(|_| end.is_some_and(|end| end <= Instant::now())) {
                (BudgetLimit::Time, format!("{time:?} have passed"))
            } else if let Some(limit) = calls.filter(|limit| used.calls >= *limit) {
                (BudgetLimit::Calls, format!("{} of {limit} calls were made", used.calls))
            } else if let Some(limit) = tokens.filter(|limit| used.tokens >= *limit) {
                (BudgetLimit::Tokens, format!("{} of {limit} tokens were used", used.tokens))
            } else if let Some(limit) = dollars.map(Dollars).filter(|limit| used.cost >= *limit) {
                (BudgetLimit::Dollars, format!("{} of {limit} were spent", used.cost))
            } else {
                return None;
            };
        Some(CallError::new(ErrorKind::OutOfBudget(limit), provider, message))
    }

    fn book(&self, provider: &str, question: &impl Question, usage: Option<Usage>, cost: Option<Dollars>) {
        // A provider that does not count is still paid: an estimate is nearer than nothing.
        let counted = usage.unwrap_or_else(|| question.estimate());
        let cost = cost.or_else(|| self.prices.cost(provider, question.model(), counted));
        let mut state = self.lock();
        state.used.tokens = state.used.tokens.saturating_add(counted.total());
        match cost {
            Some(cost) => state.used.cost.0 += cost.0,
            None => state.used.unpriced += 1,
        }
        let over = self.over(&state, provider).is_some();
        drop(state);
        if over {
            self.changed.notify_waiters();
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A call under way: dropped before it is answered, it is booked as if the provider went on with it.
struct Open<'a, Q: Question> {
    ledger: &'a Ledger,
    provider: &'a str,
    question: &'a Q,
    answered: bool,
}

impl<Q: Question> Open<'_, Q> {
    fn close(mut self, answer: &Result<Q::Reply, CallError>) {
        self.answered = true;
        let (usage, cost) = match answer {
            Ok(reply) => (reply.usage(), reply.spent().cost),
            Err(error) if error.details().unpriced > 0 => (error.details().usage, error.details().cost),
            Err(_) => return,
        };
        self.ledger.book(self.provider, self.question, usage, cost);
    }
}

impl<Q: Question> Drop for Open<'_, Q> {
    fn drop(&mut self) {
        if !self.answered {
            self.ledger.book(self.provider, self.question, None, None);
        }
    }
}

/// Keeps calls within the budget of their run.
#[derive(Debug)]
pub struct Budgeted<Q: Question> {
    inner: Arc<dyn Model<Q>>,
    ledger: Arc<Ledger>,
}

impl<Q: Question> Budgeted<Q> {
    /// A layer around `inner`.
    pub fn new(inner: Arc<dyn Model<Q>>, ledger: Arc<Ledger>) -> Self {
        Self { inner, ledger }
    }

    async fn ask(&self, question: &Q) -> Result<Q::Reply, CallError> {
        let provider = self.provider();
        let end = self.ledger.enter(provider, question.model())?;
        let open = Open { ledger: &self.ledger, provider, question, answered: false };
        let answer = match end {
            None => self.inner.call(question).await,
            Some(end) => tokio::time::timeout_at(end, self.inner.call(question)).await.unwrap_or_else(|_| {
                let message = "it ended while the provider was asked";
                Err(CallError::new(ErrorKind::OutOfBudget(BudgetLimit::Time), provider, message).with(
                    |details| {
                        details.attempts = 1;
                        details.unpriced = 1;
                    },
                ))
            }),
        };
        open.close(&answer);
        answer
    }
}

impl<Q: Question> Model<Q> for Budgeted<Q> {
    fn provider(&self) -> &str {
        self.inner.provider()
    }

    fn call<'a>(&'a self, question: &'a Q) -> Answer<'a, Q::Reply> {
        Box::pin(self.ask(question))
    }
}
