//! Answers from a cassette.

use std::sync::Arc;

use serde_json::Value;

use super::recording::Recording;
use super::recordings::{Cassette, CassetteMode};
use crate::chat::{Origin, Spent};
use crate::{Answer, CallError, ErrorKind, Model, Question, Reply};

/// Plays and records answers.
#[derive(Debug)]
pub struct Recorded<Q: Question> {
    inner: Arc<dyn Model<Q>>,
    cassette: Arc<Cassette>,
    place: Option<String>,
}

impl<Q: Question> Recorded<Q> {
    /// A layer around `inner`. `place` tells answers apart that have the same question: the address that a prompt names, and not
    /// that of the run, so that recordings can be played elsewhere.
    pub fn new(inner: Arc<dyn Model<Q>>, cassette: Arc<Cassette>, place: Option<String>) -> Self {
        Self { inner, cassette, place }
    }

    /// The question as it is recorded.
    fn question(&self, question: &Q) -> Value {
        let mut recorded = question.canonical(self.provider());
        if let (Some(place), Some(members)) = (&self.place, recorded.as_object_mut()) {
            members.insert("at".to_owned(), place.as_str().into());
        }
        self.cassette.question(recorded)
    }

    async fn ask(&self, question: &Q) -> Result<Q::Reply, CallError> {
        let recorded = self.question(question);
        let key = (recorded.to_string(), question.trial());
        let _turn = question.waited().during(self.cassette.turn(&key)).await;
        match self.cassette.play(&key) {
            Some(Recording::Reply(reply)) => return self.played(reply),
            Some(Recording::Failure(failure)) => return Err(failure.error(self.provider())),
            None => {}
        }
        if self.cassette.mode() == CassetteMode::ReplayOrFail {
            return Err(self.error(self.cassette.miss(&recorded, &key)));
        }
        let answer = self.inner.call(question).await;
        let Some(said) = Recording::of(&answer) else { return answer };
        self.cassette.record(key.clone(), said);
        let cassette = Arc::clone(&self.cassette);
        // Waited for, so that what was answered is in the file. Another process may hold that, which is to block no worker.
        let _ = tokio::task::spawn_blocking(move || cassette.write(&key)).await;
        answer
    }

    /// A recording as a reply, for which nothing is sent.
    fn played(&self, recorded: Value) -> Result<Q::Reply, CallError> {
        let mut reply: Q::Reply = serde_json::from_value(recorded)
            .map_err(|cause| self.error(format!("what is recorded is no reply to this question: {cause}")))?;
        *reply.spent_mut() = Spent::nothing(Origin::Cassette);
        Ok(reply)
    }

    fn error(&self, message: String) -> CallError {
        CallError::new(ErrorKind::NotRecorded, self.provider(), message)
    }
}

impl<Q: Question> Model<Q> for Recorded<Q> {
    fn provider(&self) -> &str {
        self.inner.provider()
    }

    fn call<'a>(&'a self, question: &'a Q) -> Answer<'a, Q::Reply> {
        Box::pin(self.ask(question))
    }
}
