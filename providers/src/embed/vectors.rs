//! What an embedder answers.

use serde::{Deserialize, Serialize};

use crate::chat::{Spent, Usage};
use crate::{CallError, Dollars, Reply};

/// Vectors of texts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Embeddings {
    /// One for each text, in their order.
    pub vectors: Vec<Vec<f32>>,
    /// The tokens it took, where the provider says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
    /// The model that made them.
    pub model: String,
    /// What it took to get them this time.
    #[serde(skip)]
    pub spent: Spent,
}

impl Embeddings {
    /// Those of further texts behind them, with what both took.
    pub(super) fn and(mut self, more: Self) -> Self {
        self.vectors.extend(more.vectors);
        self.usage = Usage::sum(self.usage, more.usage);
        self.spent = self.spent.and(&more.spent);
        self
    }

    /// An error that came after them: they were paid for all the same.
    pub(super) fn before(&self, error: CallError) -> CallError {
        error.with(|details| {
            details.attempts += self.spent.attempts;
            details.unpriced += self.spent.unpriced;
            details.usage = Usage::sum(self.usage, details.usage);
            details.cost = Dollars::sum(self.spent.cost, details.cost);
        })
    }
}

impl Reply for Embeddings {
    fn model(&self) -> &str {
        &self.model
    }

    fn usage(&self) -> Option<Usage> {
        self.usage
    }

    fn spent(&self) -> &Spent {
        &self.spent
    }

    fn spent_mut(&mut self) -> &mut Spent {
        &mut self.spent
    }
}
