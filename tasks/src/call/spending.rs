//! What several calls came to.

use std::borrow::Borrow;

use serde::{Deserialize, Serialize};

use super::made::Call;

/// What several calls came to together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Spending {
    /// Calls that were answered, from wherever.
    pub calls: u64,
    /// Calls that brought no answer.
    pub failed: u64,
    /// Requests that were sent for either.
    pub attempts: u64,
    /// Tokens read, as far as providers say.
    pub input_tokens: u64,
    /// Tokens written, as far as providers say.
    pub output_tokens: u64,
    /// What they cost in US dollars, as far as prices are known.
    pub cost: f64,
    /// Requests whose cost is unknown, and not in `cost`.
    pub unpriced: u64,
}

impl Spending {
    /// One call more, or those of a jury.
    pub(crate) fn add(&mut self, call: &Call) {
        self.calls += u64::from(call.answered);
        self.failed += u64::from(call.unanswered);
        self.attempts += u64::from(call.attempts);
        self.input_tokens += call.usage.map_or(0, |usage| usage.input);
        self.output_tokens += call.usage.map_or(0, |usage| usage.output);
        self.cost += call.cost.unwrap_or(0.0);
        self.unpriced += u64::from(call.unpriced);
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            calls: self.calls + other.calls,
            failed: self.failed + other.failed,
            attempts: self.attempts + other.attempts,
            input_tokens: self.input_tokens + other.input_tokens,
            output_tokens: self.output_tokens + other.output_tokens,
            cost: self.cost + other.cost,
            unpriced: self.unpriced + other.unpriced,
        }
    }
}

impl<C: Borrow<Call>> FromIterator<C> for Spending {
    fn from_iter<T: IntoIterator<Item = C>>(calls: T) -> Self {
        let mut all = Self::default();
        calls.into_iter().for_each(|call| all.add(call.borrow()));
        all
    }
}
