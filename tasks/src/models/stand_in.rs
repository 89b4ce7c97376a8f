//! Models that take the place of a provider's.

use std::sync::Arc;

use scouter_providers::chat::{Answer, ChatModel, ChatReply, ChatRequest};
use scouter_providers::{CallError, Provider};

/// A model that answers in the name of a provider.
#[derive(Debug)]
pub(super) struct Instead {
    pub(super) provider: Provider,
    pub(super) model: Arc<dyn ChatModel>,
}

impl ChatModel for Instead {
    fn provider(&self) -> &str {
        self.provider.as_str()
    }

    fn chat<'a>(&'a self, request: &'a ChatRequest) -> Answer<'a, ChatReply> {
        self.model.chat(request)
    }
}

/// A provider that cannot be reached, behind replies that are recorded: it is only wrong to ask it.
#[derive(Debug)]
pub(super) struct OutOfReach {
    pub(super) provider: Provider,
    pub(super) why: CallError,
}

impl ChatModel for OutOfReach {
    fn provider(&self) -> &str {
        self.provider.as_str()
    }

    fn chat<'a>(&'a self, _request: &'a ChatRequest) -> Answer<'a, ChatReply> {
        Box::pin(std::future::ready(Err(self.why.clone())))
    }
}
