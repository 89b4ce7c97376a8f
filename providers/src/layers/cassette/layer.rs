//! Answers from a cassette.

use std::sync::Arc;

use super::recordings::{Cassette, CassetteMode};
use crate::chat::{Answer, ChatModel, ChatReply, ChatRequest, Origin, Spent};
use crate::{CallError, Dollars, ErrorKind};

/// Plays and records answers.
#[derive(Debug)]
pub struct Recorded {
    inner: Arc<dyn ChatModel>,
    cassette: Arc<Cassette>,
}

impl Recorded {
    /// A layer around `inner`.
    pub fn new(inner: Arc<dyn ChatModel>, cassette: Arc<Cassette>) -> Self {
        Self { inner, cassette }
    }

    async fn ask(&self, request: &ChatRequest) -> Result<ChatReply, CallError> {
        let question = self.cassette.question(request.canonical(self.provider()));
        let key = (question.to_string(), request.trial);
        let _turn = request.waited.during(self.cassette.turn(&key)).await;
        if let Some(mut reply) = self.cassette.play(&key) {
            reply.spent = Spent { cost: Some(Dollars(0.0)), origin: Origin::Cassette, ..Spent::default() };
            return Ok(reply);
        }
        if self.cassette.mode() == CassetteMode::ReplayOrFail {
            let message = self.cassette.miss(&question, &key);
            return Err(CallError::new(ErrorKind::NotRecorded, self.provider(), message));
        }
        let reply = self.inner.chat(request).await?;
        // A line of text is appended, which is quicker than handing it to another thread.
        self.cassette.record(key, &reply);
        Ok(reply)
    }
}

impl ChatModel for Recorded {
    fn provider(&self) -> &str {
        self.inner.provider()
    }

    fn chat<'a>(&'a self, request: &'a ChatRequest) -> Answer<'a, ChatReply> {
        Box::pin(self.ask(request))
    }
}
