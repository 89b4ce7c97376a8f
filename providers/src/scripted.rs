//! A model that says what it is told to, for tests.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use crate::chat::{ChatReply, ChatRequest};
use crate::{Answer, CallError, ErrorKind, Model};

type Reply = dyn Fn(&ChatRequest) -> Result<ChatReply, CallError> + Send + Sync;

/// A model that answers from a list, or by a function, and keeps what it was asked.
///
/// ```
/// use scouter_providers::chat::{ChatReply, ChatRequest};
/// use scouter_providers::{Model, ScriptedModel};
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let model = ScriptedModel::replies([Ok(ChatReply::of_text("scripted", "yes"))]);
/// assert_eq!(model.call(&ChatRequest::default()).await?.text, "yes");
/// assert!(model.call(&ChatRequest::default()).await.is_err());
/// assert_eq!(model.asked().len(), 2);
/// # Ok::<(), scouter_providers::CallError>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct ScriptedModel {
    script: Script,
    asked: Mutex<Vec<ChatRequest>>,
}

enum Script {
    Replies(Mutex<VecDeque<Result<ChatReply, CallError>>>),
    Function(Box<Reply>),
}

impl ScriptedModel {
    /// Answers in this order; after the last, calls fail.
    pub fn replies(replies: impl IntoIterator<Item = Result<ChatReply, CallError>>) -> Self {
        Self::new(Script::Replies(Mutex::new(replies.into_iter().collect())))
    }

    /// Asks `reply` for each answer.
    pub fn function(
        reply: impl Fn(&ChatRequest) -> Result<ChatReply, CallError> + Send + Sync + 'static,
    ) -> Self {
        Self::new(Script::Function(Box::new(reply)))
    }

    /// All questions so far, in order.
    pub fn asked(&self) -> Vec<ChatRequest> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn new(script: Script) -> Self {
        Self { script, asked: Mutex::default() }
    }

    fn answer(&self, request: &ChatRequest) -> Result<ChatReply, CallError> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(request.clone());
        let reply = match &self.script {
            Script::Function(reply) => reply(request),
            Script::Replies(replies) => replies
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .pop_front()
                .unwrap_or_else(|| Err(CallError::new(ErrorKind::ScriptEnded, self.provider(), ""))),
        };
        // A call was made, whatever the script says of it.
        match reply {
            Ok(mut reply) => {
                reply.spent.attempts = reply.spent.attempts.max(1);
                Ok(reply)
            }
            Err(error) => Err(error.with(|details| details.attempts = details.attempts.max(1))),
        }
    }
}

impl Model<ChatRequest> for ScriptedModel {
    fn provider(&self) -> &'static str {
        "scripted"
    }

    fn call<'a>(&'a self, request: &'a ChatRequest) -> Answer<'a, ChatReply> {
        Box::pin(async move { self.answer(request) })
    }
}

impl fmt::Debug for ScriptedModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ScriptedModel")
    }
}
