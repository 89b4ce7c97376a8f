//! Not waiting for ever.

use std::sync::Arc;
use std::time::Duration;

use crate::chat::{Answer, ChatModel, ChatReply, ChatRequest};
use crate::embed::{Embedder, Embeddings};
use crate::{CallError, ErrorKind};

/// Abandons an attempt that takes too long. A request may name a time of its own.
#[derive(Debug)]
pub struct Timed<M: ?Sized> {
    usual: Duration,
    inner: Arc<M>,
}

impl<M: ?Sized> Timed<M> {
    /// A layer around `inner`.
    pub fn new(inner: Arc<M>, usual: Duration) -> Self {
        Self { usual, inner }
    }
}

async fn within<T>(limit: Duration, provider: &str, answer: Answer<'_, T>) -> Result<T, CallError> {
    tokio::time::timeout(limit, answer).await.unwrap_or_else(|_| {
        let message = format!("waited {limit:?}");
        Err(CallError::new(ErrorKind::Timeout, provider, message).with(|details| {
            details.attempts = 1;
            details.unpriced = 1;
        }))
    })
}

impl ChatModel for Timed<dyn ChatModel> {
    fn provider(&self) -> &str {
        self.inner.provider()
    }

    fn chat<'a>(&'a self, request: &'a ChatRequest) -> Answer<'a, ChatReply> {
        let limit = request.connection.timeout.unwrap_or(self.usual);
        Box::pin(within(limit, self.provider(), self.inner.chat(request)))
    }
}

impl Embedder for Timed<dyn Embedder> {
    fn provider(&self) -> &str {
        self.inner.provider()
    }

    fn most_at_once(&self) -> usize {
        self.inner.most_at_once()
    }

    fn embed<'a>(&'a self, texts: &'a [String]) -> Answer<'a, Embeddings> {
        Box::pin(within(self.usual, self.provider(), self.inner.embed(texts)))
    }
}
