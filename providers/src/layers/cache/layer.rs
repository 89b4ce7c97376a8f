//! Not asking twice.

use std::sync::Arc;

use super::disk::{DiskCache, Key};
use crate::chat::{Origin, Spent};
use crate::{Answer, CallError, Model, Question, Reply};

/// Answers from the cache what was asked before: the same question, the same trial.
#[derive(Debug)]
pub struct Cached<Q: Question> {
    inner: Arc<dyn Model<Q>>,
    cache: Arc<DiskCache>,
    place: String,
}

impl<Q: Question> Cached<Q> {
    /// A layer around `inner`. `place` tells answers apart that have the same question: the address
    /// of a provider that is not at its usual one.
    pub fn new(inner: Arc<dyn Model<Q>>, cache: Arc<DiskCache>, place: &str) -> Self {
        Self { inner, cache, place: place.to_owned() }
    }

    async fn ask(&self, question: &Q) -> Result<Q::Reply, CallError> {
        let (canonical, trial) = (question.canonical(self.provider()), question.trial());
        let key = Key::of(&canonical, trial, &self.place);
        let _turn = question.waited().during(self.cache.turn(&key)).await;
        let (cache, wanted) = (Arc::clone(&self.cache), key.clone());
        // A task that was abandoned with its runtime found nothing.
        let found: Option<Q::Reply> =
            tokio::task::spawn_blocking(move || cache.get(&wanted)).await.unwrap_or_default();
        if let Some(mut reply) = found {
            *reply.spent_mut() = Spent::nothing(Origin::Cache);
            return Ok(reply);
        }
        let reply = self.inner.call(question).await?;
        let (cache, kept) = (Arc::clone(&self.cache), reply.clone());
        // Waited for, so that what was answered is on disk; its faults are counted there.
        let _ = tokio::task::spawn_blocking(move || cache.put(&key, canonical, trial, kept)).await;
        Ok(reply)
    }
}

impl<Q: Question> Model<Q> for Cached<Q> {
    fn provider(&self) -> &str {
        self.inner.provider()
    }

    fn call<'a>(&'a self, question: &'a Q) -> Answer<'a, Q::Reply> {
        Box::pin(self.ask(question))
    }
}
