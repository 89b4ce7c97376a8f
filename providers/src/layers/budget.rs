//! A run that costs no more than it may.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::{Dollars, Prices};
use crate::chat::{Answer, ChatModel, ChatReply, ChatRequest, Usage};
use crate::{BudgetLimit, CallError, ErrorKind};

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
/// dollars and tokens by what was in flight when the budget ended; calls and time are exact.
#[derive(Debug)]
pub struct Ledger {
    budget: Budget,
    prices: Arc<Prices>,
    used: Mutex<(Used, Option<Instant>)>,
}

/// What a run has used.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
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

impl Ledger {
    /// A budget of which nothing is used.
    pub fn new(budget: Budget, prices: Arc<Prices>) -> Self {
        Self { budget, prices, used: Mutex::default() }
    }

    /// What was used so far.
    pub fn used(&self) -> Used {
        self.lock().0
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
        let mut used = self.lock();
        let now = Instant::now();
        let end = self.budget.time.map(|time| *used.1.get_or_insert(now) + time);
        let spent = used.0;
        let over = |limit: BudgetLimit, message: String| {
            Err(CallError::new(ErrorKind::OutOfBudget(limit), provider, message))
        };
        if let Some(time) = self.budget.time
            && end.is_some_and(|end| end <= now)
        {
            return over(BudgetLimit::Time, format!("{time:?} have passed"));
        }
        if let Some(limit) = self.budget.calls
            && spent.calls >= limit
        {
            return over(BudgetLimit::Calls, format!("{} of {limit} calls were made", spent.calls));
        }
        if let Some(limit) = self.budget.tokens
            && spent.tokens >= limit
        {
            return over(BudgetLimit::Tokens, format!("{} of {limit} tokens were used", spent.tokens));
        }
        if let Some(limit) = self.budget.dollars
            && spent.cost >= Dollars(limit)
        {
            return over(BudgetLimit::Dollars, format!("{} of {} were spent", spent.cost, Dollars(limit)));
        }
        used.0.calls += 1;
        Ok(end)
    }

    fn book(&self, provider: &str, request: &ChatRequest, usage: Option<Usage>, cost: Option<Dollars>) {
        // A provider that does not count is still paid: an estimate is nearer than nothing.
        let counted = usage.unwrap_or_else(|| Usage {
            input: request.estimated_input(),
            output: request.settings.max_tokens.unwrap_or(0).into(),
            cached: 0,
        });
        let cost = cost.or_else(|| self.prices.cost(provider, &request.model, counted));
        let mut used = self.lock();
        used.0.tokens = used.0.tokens.saturating_add(counted.total());
        match cost {
            Some(cost) => used.0.cost.0 += cost.0,
            None => used.0.unpriced += 1,
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, (Used, Option<Instant>)> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Keeps calls within the budget of their run.
#[derive(Debug)]
pub struct Budgeted {
    inner: Arc<dyn ChatModel>,
    ledger: Arc<Ledger>,
}

impl Budgeted {
    /// A layer around `inner`.
    pub fn new(inner: Arc<dyn ChatModel>, ledger: Arc<Ledger>) -> Self {
        Self { inner, ledger }
    }

    async fn ask(&self, request: &ChatRequest) -> Result<ChatReply, CallError> {
        let provider = self.provider();
        let end = self.ledger.enter(provider, &request.model)?;
        let answer = match end {
            None => self.inner.chat(request).await,
            Some(end) => tokio::time::timeout_at(end, self.inner.chat(request)).await.unwrap_or_else(|_| {
                let message = "it ended while the provider was asked";
                Err(CallError::new(ErrorKind::OutOfBudget(BudgetLimit::Time), provider, message)
                    .with(|details| details.attempts = 1))
            }),
        };
        match &answer {
            Ok(reply) => self.ledger.book(provider, request, reply.usage, reply.spent.cost),
            // Whether the provider went on writing, and what it wants for that, nobody says.
            Err(error) if error.kind() == ErrorKind::Timeout => self.ledger.lock().0.unpriced += 1,
            Err(_) => {}
        }
        answer
    }
}

impl ChatModel for Budgeted {
    fn provider(&self) -> &str {
        self.inner.provider()
    }

    fn chat<'a>(&'a self, request: &'a ChatRequest) -> Answer<'a, ChatReply> {
        Box::pin(self.ask(request))
    }
}
