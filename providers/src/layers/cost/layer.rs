//! What calls cost.

use std::sync::Arc;

use super::Prices;
use crate::{Answer, Model, Question, Reply};

/// Works out what each reply cost, and notes what was sent. Without a price or without a count of tokens the cost is
/// unknown, never zero.
#[derive(Debug)]
pub struct Priced<Q: Question> {
    inner: Arc<dyn Model<Q>>,
    prices: Arc<Prices>,
}

impl<Q: Question> Priced<Q> {
    /// A layer around `inner`.
    pub fn new(inner: Arc<dyn Model<Q>>, prices: Arc<Prices>) -> Self {
        Self { inner, prices }
    }
}

impl<Q: Question> Model<Q> for Priced<Q> {
    fn provider(&self) -> &str {
        self.inner.provider()
    }

    fn call<'a>(&'a self, question: &'a Q) -> Answer<'a, Q::Reply> {
        Box::pin(async move {
            let sent = question.sent().begin();
            let mut reply = match self.inner.call(question).await {
                Ok(reply) => reply,
                Err(error) => {
                    sent.failed(&error);
                    return Err(error);
                }
            };
            if let Some(usage) = reply.usage() {
                // A deployment's own name stands in the request, the model's in the reply.
                let of = |model: &str| self.prices.cost(self.provider(), model, usage);
                let cost = of(question.model()).or_else(|| of(reply.model()));
                reply.spent_mut().cost = cost;
            }
            let took = reply.spent_mut();
            took.unpriced = u32::from(took.cost.is_none());
            sent.answered(&reply);
            Ok(reply)
        })
    }
}
