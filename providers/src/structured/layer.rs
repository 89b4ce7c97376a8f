//! Replies that must have a form.

use std::sync::Arc;

use super::fit::{fit, read};
use crate::chat::{ChatModel, ChatReply, ChatRequest, Finish, Message, Raw, Role, Usage};
use crate::{Answer, CallError, Dollars, ErrorKind, Model};

/// Sees to it that a reply is one, and has the form that was asked for where one was: a refusal and a reply that was cut
/// are errors, and what does not fit or says nothing is asked for once more, with the mistake.
#[derive(Debug)]
pub struct Structured {
    inner: Arc<ChatModel>,
}

impl Structured {
    /// The most of a reply that the model is shown again, in bytes.
    const SHOWN: usize = 16 * 1024;

    /// A layer around `inner`.
    pub fn new(inner: Arc<ChatModel>) -> Self {
        Self { inner }
    }

    async fn ask(&self, request: &ChatRequest) -> Result<ChatReply, CallError> {
        let reply = self.inner.call(request).await?;
        let (reply, fault) = match self.shaped(request, reply)? {
            Shaped::Fits(reply) => return Ok(reply),
            Shaped::Faulty(reply, fault) => (reply, fault),
        };
        let mut again = request.clone();
        let shown = Raw::of(&reply.text.as_bytes()[..reply.text.len().min(Self::SHOWN)]).text;
        // Some providers refuse an empty message.
        let shown = if shown.trim().is_empty() { "(an empty reply)".to_owned() } else { shown };
        again.messages.push(Message::text(Role::Assistant, shown));
        again.messages.push(Message::text(Role::User, fault.objection()));
        let first = (reply.usage, reply.spent);
        let second = self.inner.call(&again).await.map_err(|error| {
            // The first reply was paid for all the same, and what was wrong with it is why there was a second call.
            error.with(|details| {
                let between = if details.message.is_empty() { "" } else { "; " };
                details.message = format!("{}{between}{}", details.message, fault.told());
                details.attempts += first.1.attempts;
                details.unpriced += first.1.unpriced;
                details.usage = Usage::sum(first.0, details.usage);
                details.cost = Dollars::sum(first.1.cost, details.cost);
            })
        })?;
        let mut second = second;
        second.usage = Usage::sum(first.0, second.usage);
        second.spent = first.1.and(&second.spent);
        match self.shaped(request, second)? {
            Shaped::Fits(reply) => Ok(reply),
            Shaped::Faulty(reply, Fault::Misfit(problem)) => {
                Err(self.error(ErrorKind::Misfit, &problem, reply))
            }
            Shaped::Faulty(reply, Fault::Empty) => Err(self.error(ErrorKind::Empty, "", reply)),
        }
    }

    fn shaped(&self, request: &ChatRequest, mut reply: ChatReply) -> Result<Shaped, CallError> {
        if reply.finish == Finish::Refused {
            let told = reply.text.clone();
            return Err(self.error(ErrorKind::Refused, &told, reply));
        }
        let Some(schema) = &request.schema else {
            return match &reply.finish {
                Finish::Length => Err(self.cut_off(request, reply)),
                // Nothing was said, for a reason that only the provider has a word for.
                Finish::Other(word) if reply.text.trim().is_empty() => {
                    let told = word.clone();
                    Err(self.error(ErrorKind::Refused, &told, reply))
                }
                // A check that looks for something bad would find nothing bad in it.
                _ if reply.text.trim().is_empty() => Ok(Shaped::Faulty(reply, Fault::Empty)),
                _ => Ok(Shaped::Fits(reply)),
            };
        };
        let value = reply.structured.take().map_or_else(|| read(&reply.text), Ok);
        match value.and_then(|value| fit(schema, value)) {
            Ok(value) => {
                reply.structured = Some(value);
                Ok(Shaped::Fits(reply))
            }
            // Asking again with more to read would be cut again.
            Err(_) if reply.finish == Finish::Length => Err(self.cut_off(request, reply)),
            Err(problem) => Ok(Shaped::Faulty(reply, Fault::Misfit(problem))),
        }
    }

    fn cut_off(&self, request: &ChatRequest, reply: ChatReply) -> CallError {
        let limit = request.settings.max_tokens;
        let limit = limit.map_or_else(|| "the model's own".to_owned(), |limit| format!("{limit} tokens"));
        self.error(ErrorKind::CutOff, &format!("the limit is {limit}"), reply)
    }

    fn error(&self, kind: ErrorKind, message: &str, reply: ChatReply) -> CallError {
        CallError::new(kind, self.inner.provider(), message).with(|details| {
            details.attempts = reply.spent.attempts;
            details.unpriced = reply.spent.unpriced;
            details.usage = reply.usage;
            details.cost = reply.spent.cost;
            details.raw = Some(reply.raw.unwrap_or_else(|| Raw::of(reply.text.as_bytes())));
        })
    }
}

enum Shaped {
    Fits(ChatReply),
    Faulty(ChatReply, Fault),
}

/// What is wrong with a reply that may be better the next time.
enum Fault {
    /// It does not fit the schema, for this reason.
    Misfit(String),
    /// It says nothing.
    Empty,
}

impl Fault {
    /// What people are told.
    fn told(&self) -> String {
        match self {
            Self::Misfit(problem) => format!("the reply before does not fit the schema: {problem}"),
            Self::Empty => "the reply before is empty".to_owned(),
        }
    }

    /// What the model is told.
    fn objection(&self) -> String {
        match self {
            Self::Misfit(problem) => {
                format!(
                    "This reply does not fit the schema: {problem}. Answer again, with JSON that fits and nothing else."
                )
            }
            Self::Empty => "This reply is empty. Answer the question.".to_owned(),
        }
    }
}

impl Model<ChatRequest> for Structured {
    fn provider(&self) -> &str {
        self.inner.provider()
    }

    fn call<'a>(&'a self, request: &'a ChatRequest) -> Answer<'a, ChatReply> {
        Box::pin(self.ask(request))
    }
}
