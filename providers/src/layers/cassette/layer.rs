//! Answers from a cassette.

use std::sync::Arc;

use serde_json::Value;

use super::recording::Recording;
use super::recordings::{Cassette, CassetteMode};
use crate::chat::{Answer, ChatModel, ChatReply, ChatRequest, Origin, Spent};
use crate::{CallError, Dollars, ErrorKind};

/// Plays and records answers.
#[derive(Debug)]
pub struct Recorded {
    inner: Arc<dyn ChatModel>,
    cassette: Arc<Cassette>,
    place: Option<String>,
}

impl Recorded {
    /// A layer around `inner`. `place` tells answers apart that have the same question: the address that a prompt names, and not
    /// that of the run, so that recordings can be played elsewhere.
    pub fn new(inner: Arc<dyn ChatModel>, cassette: Arc<Cassette>, place: Option<String>) -> Self {
        Self { inner, cassette, place }
    }

    /// The question as it is recorded.
    fn question(&self, request: &ChatRequest) -> Value {
        let mut question = request.canonical(self.provider());
        if let (Some(place), Some(members)) = (&self.place, question.as_object_mut()) {
            members.insert("at".to_owned(), place.as_str().into());
        }
        self.cassette.question(question)
    }

    async fn ask(&self, request: &ChatRequest) -> Result<ChatReply, CallError> {
        let question = self.question(request);
        let key = (question.to_string(), request.trial);
        let _turn = request.waited.during(self.cassette.turn(&key)).await;
        match self.cassette.play(&key) {
            Some(Recording::Reply(reply)) => {
                let mut reply = *reply;
                reply.spent =
                    Spent { cost: Some(Dollars(0.0)), origin: Origin::Cassette, ..Spent::default() };
                return Ok(reply);
            }
            Some(Recording::Failure(failure)) => return Err(failure.error(self.provider())),
            None => {}
        }
        if self.cassette.mode() == CassetteMode::ReplayOrFail {
            let message = self.cassette.miss(&question, &key);
            return Err(CallError::new(ErrorKind::NotRecorded, self.provider(), message));
        }
        let answer = self.inner.chat(request).await;
        let Some(said) = Recording::of(&answer) else { return answer };
        self.cassette.record(key.clone(), said);
        let cassette = Arc::clone(&self.cassette);
        // Waited for, so that what was answered is in the file. Another process may hold that, which is to block no worker.
        let _ = tokio::task::spawn_blocking(move || cassette.write(&key)).await;
        answer
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
