//! Models that take the place of a provider's.

use std::sync::Arc;

use scouter_providers::chat::{ChatModel, ChatReply, ChatRequest};
use scouter_providers::{Answer, CallError, Model, Provider, Question};

/// A model that answers in the name of a provider.
#[derive(Debug)]
pub(super) struct Instead {
    pub(super) provider: Provider,
    pub(super) model: Arc<ChatModel>,
}

impl Model<ChatRequest> for Instead {
    fn provider(&self) -> &str {
        self.provider.as_str()
    }

    fn call<'a>(&'a self, request: &'a ChatRequest) -> Answer<'a, ChatReply> {
        self.model.call(request)
    }
}

/// A provider that cannot be reached, behind replies that are recorded: it is only wrong to ask it.
#[derive(Debug)]
pub(super) struct OutOfReach {
    pub(super) provider: Provider,
    pub(super) why: CallError,
}

impl<Q: Question> Model<Q> for OutOfReach {
    fn provider(&self) -> &str {
        self.provider.as_str()
    }

    fn call<'a>(&'a self, _: &'a Q) -> Answer<'a, Q::Reply> {
        Box::pin(std::future::ready(Err(self.why.clone())))
    }
}
