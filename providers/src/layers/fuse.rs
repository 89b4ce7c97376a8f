//! Not asking who will not answer.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::chat::{Answer, ChatModel, ChatReply, ChatRequest};
use crate::{CallError, Scope};

/// What calls with one key to one address have learnt about the calls to come: an error that says of
/// them that they will fail too is what they get, without being sent.
#[derive(Debug, Default)]
pub struct Fuse {
    everything: OnceLock<CallError>,
    models: Mutex<HashMap<String, CallError>>,
}

impl Fuse {
    fn blown(&self, model: &str) -> Option<CallError> {
        let of_model = || self.models.lock().unwrap_or_else(PoisonError::into_inner).get(model).cloned();
        self.everything.get().cloned().or_else(of_model)
    }

    fn learn(&self, model: &str, error: &CallError) {
        // Nothing was sent and nothing was paid for by those who get it later.
        let told = || {
            error.clone().with(|details| {
                details.attempts = 0;
                details.usage = None;
                details.cost = None;
            })
        };
        match error.scope() {
            Scope::Call => {}
            Scope::Model => {
                let mut models = self.models.lock().unwrap_or_else(PoisonError::into_inner);
                models.entry(model.to_owned()).or_insert_with(told);
            }
            Scope::Provider | Scope::Run => {
                self.everything.get_or_init(told);
            }
        }
    }
}

/// Keeps calls from being sent that are known to fail.
#[derive(Debug)]
pub struct Fused {
    inner: Arc<dyn ChatModel>,
    fuse: Arc<Fuse>,
}

impl Fused {
    /// A layer around `inner`.
    pub fn new(inner: Arc<dyn ChatModel>, fuse: Arc<Fuse>) -> Self {
        Self { inner, fuse }
    }
}

impl ChatModel for Fused {
    fn provider(&self) -> &str {
        self.inner.provider()
    }

    fn chat<'a>(&'a self, request: &'a ChatRequest) -> Answer<'a, ChatReply> {
        Box::pin(async move {
            if let Some(error) = self.fuse.blown(&request.model) {
                return Err(error);
            }
            self.inner.chat(request).await.inspect_err(|error| self.fuse.learn(&request.model, error))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ErrorKind, ScriptedModel};

    async fn asked_after(kind: ErrorKind, models: [&str; 3]) -> usize {
        let model = Arc::new(ScriptedModel::function(move |_| Err(CallError::new(kind, "scripted", ""))));
        let fused = Fused::new(model.clone(), Arc::default());
        for name in models {
            let request = ChatRequest { model: name.into(), ..ChatRequest::default() };
            assert_eq!(fused.chat(&request).await.unwrap_err().kind(), kind);
        }
        model.asked().len()
    }

    #[tokio::test]
    async fn a_key_that_is_not_accepted_is_shown_once() {
        assert_eq!(asked_after(ErrorKind::Unauthorized, ["a", "a", "b"]).await, 1);
    }

    #[tokio::test]
    async fn a_model_that_is_not_there_is_asked_for_once_and_others_still_are() {
        assert_eq!(asked_after(ErrorKind::UnknownModel, ["a", "a", "b"]).await, 2);
    }

    #[tokio::test]
    async fn what_is_wrong_with_one_call_says_nothing_of_the_next() {
        assert_eq!(asked_after(ErrorKind::Refused, ["a", "a", "b"]).await, 3);
    }
}
