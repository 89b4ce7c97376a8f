//! Not asking twice.

use std::sync::Arc;

use super::disk::{DiskCache, Key};
use crate::chat::{Answer, ChatModel, ChatReply, ChatRequest, Origin, Spent};
use crate::{CallError, Dollars};

/// Answers from the cache what was asked before: the same question, the same trial.
#[derive(Debug)]
pub struct Cached {
    inner: Arc<dyn ChatModel>,
    cache: Arc<DiskCache>,
    place: String,
}

impl Cached {
    /// A layer around `inner`. `place` tells answers apart that have the same question: the address
    /// of a provider that is not at its usual one.
    pub fn new(inner: Arc<dyn ChatModel>, cache: Arc<DiskCache>, place: &str) -> Self {
        Self { inner, cache, place: place.to_owned() }
    }

    async fn ask(&self, request: &ChatRequest) -> Result<ChatReply, CallError> {
        let canonical = request.canonical(self.provider());
        let key = Key::of(&canonical, request.trial, &self.place);
        let _turn = request.waited.during(self.cache.turn(&key)).await;
        let (cache, wanted) = (Arc::clone(&self.cache), key.clone());
        // A task that was abandoned with its runtime found nothing.
        let found = tokio::task::spawn_blocking(move || cache.get(&wanted)).await.unwrap_or_default();
        if let Some(mut reply) = found {
            reply.spent = Spent { cost: Some(Dollars(0.0)), origin: Origin::Cache, ..Spent::default() };
            return Ok(reply);
        }
        let reply = self.inner.chat(request).await?;
        let (cache, kept, trial) = (Arc::clone(&self.cache), reply.clone(), request.trial);
        // Waited for, so that what was answered is on disk; its faults are counted there.
        let _ = tokio::task::spawn_blocking(move || cache.put(&key, canonical, trial, kept)).await;
        Ok(reply)
    }
}

impl ChatModel for Cached {
    fn provider(&self) -> &str {
        self.inner.provider()
    }

    fn chat<'a>(&'a self, request: &'a ChatRequest) -> Answer<'a, ChatReply> {
        Box::pin(self.ask(request))
    }
}
