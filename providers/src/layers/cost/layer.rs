//! What calls cost.

use std::sync::Arc;

use super::Prices;
use crate::chat::{Answer, ChatModel, ChatReply, ChatRequest};

/// Works out what each reply cost, and notes what was sent. Without a price or without a count of tokens the cost is
/// unknown, never zero.
#[derive(Debug)]
pub struct Priced {
    inner: Arc<dyn ChatModel>,
    prices: Arc<Prices>,
}

impl Priced {
    /// A layer around `inner`.
    pub fn new(inner: Arc<dyn ChatModel>, prices: Arc<Prices>) -> Self {
        Self { inner, prices }
    }
}

impl ChatModel for Priced {
    fn provider(&self) -> &str {
        self.inner.provider()
    }

    fn chat<'a>(&'a self, request: &'a ChatRequest) -> Answer<'a, ChatReply> {
        Box::pin(async move {
            let sent = request.sent.begin();
            let mut reply = match self.inner.chat(request).await {
                Ok(reply) => reply,
                Err(error) => {
                    sent.failed(&error);
                    return Err(error);
                }
            };
            if let Some(usage) = reply.usage {
                // A deployment's own name stands in the request, the model's in the reply.
                let of = |model: &str| self.prices.cost(self.provider(), model, usage);
                reply.spent.cost = of(&request.model).or_else(|| of(&reply.model));
            }
            reply.spent.unpriced = u32::from(reply.spent.cost.is_none());
            sent.answered(&reply);
            Ok(reply)
        })
    }
}
