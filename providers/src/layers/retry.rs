//! Asking again.

use std::sync::Arc;
use std::time::Duration;

use super::{Jitter, Outlook};
use crate::chat::{Answer, ChatModel, ChatReply, ChatRequest};
use crate::embed::{Embedder, Embeddings};
use crate::{CallError, Retry as Advice};

/// When and how often to ask again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// How often at most, after the first time.
    pub max_retries: u32,
    /// The first wait is drawn between zero and this; each further one from twice the range.
    pub first: Duration,
    /// No range is longer than this.
    pub longest: Duration,
}

impl Backoff {
    /// A provider that wants to be left alone for longer than this is not asked again.
    pub const PATIENCE: Duration = Duration::from_mins(2);
}

impl Default for Backoff {
    /// Three times, from half a second to half a minute; a provider's own wait up to two minutes.
    fn default() -> Self {
        Self { max_retries: 3, first: Duration::from_millis(500), longest: Duration::from_secs(30) }
    }
}

impl Backoff {
    /// How long to wait before retry number `retry` (from 0): *full jitter*, so that clients that
    /// failed together do not come back together (Brooker, "Exponential backoff and jitter", 2015).
    /// `after` is what the provider wants, and comes on top: it is the earliest it should be.
    fn wait(&self, retry: u32, after: Option<Duration>, jitter: &Jitter) -> Duration {
        let factor = 2_u32.checked_pow(retry).unwrap_or(u32::MAX);
        let range = self.first.saturating_mul(factor).min(self.longest);
        after.unwrap_or_default() + range.mul_f64(jitter.draw())
    }
}

/// Asks again where that helps.
#[derive(Debug)]
pub struct Retry<M: ?Sized> {
    backoff: Backoff,
    jitter: Jitter,
    outlook: Outlook,
    inner: Arc<M>,
}

impl<M: ?Sized> Retry<M> {
    /// A layer around `inner`. `outlook` says when it is in vain to wait.
    pub fn new(inner: Arc<M>, backoff: Backoff, jitter: Jitter, outlook: Outlook) -> Self {
        Self { backoff, jitter, outlook, inner }
    }

    /// The first success, with what failed before it; or the last error, which is the cause, with all attempts.
    async fn run<'a, T>(
        &'a self,
        (provider, model): (&str, &str),
        call: impl Fn() -> Answer<'a, T>,
    ) -> Result<(T, Failed), CallError> {
        let mut failed = Failed::default();
        let mut retry = 0;
        loop {
            let error = match call().await {
                Ok(reply) => return Ok((reply, failed)),
                Err(error) => error,
            };
            failed.attempts += error.details().attempts;
            failed.unpriced += error.details().unpriced;
            let wait = match error.retry() {
                Advice::Helps { after } if retry < self.backoff.max_retries => {
                    Some(after).filter(|after| after.is_none_or(|after| after <= Backoff::PATIENCE))
                }
                _ => None,
            };
            let Some(after) = wait else {
                return Err(failed.told(error));
            };
            let wait = tokio::time::sleep(self.backoff.wait(retry, after, &self.jitter));
            let waited = self.outlook.hopeful(provider, model, wait).await;
            waited.map_err(|vain| failed.told(vain))?;
            retry += 1;
        }
    }
}

/// Attempts that brought no answer.
#[derive(Clone, Copy, Default)]
struct Failed {
    attempts: u32,
    unpriced: u32,
}

impl Failed {
    /// The error of all of them.
    fn told(self, error: CallError) -> CallError {
        error.with(|details| {
            details.attempts = self.attempts;
            details.unpriced = self.unpriced;
        })
    }
}

impl ChatModel for Retry<dyn ChatModel> {
    fn provider(&self) -> &str {
        self.inner.provider()
    }

    fn chat<'a>(&'a self, request: &'a ChatRequest) -> Answer<'a, ChatReply> {
        Box::pin(async move {
            let asked = (self.provider(), request.model.as_str());
            let (mut reply, failed) = self.run(asked, || self.inner.chat(request)).await?;
            reply.spent.attempts += failed.attempts;
            reply.spent.unpriced += failed.unpriced;
            Ok(reply)
        })
    }
}

impl Embedder for Retry<dyn Embedder> {
    fn provider(&self) -> &str {
        self.inner.provider()
    }

    fn most_at_once(&self) -> usize {
        self.inner.most_at_once()
    }

    fn embed<'a>(&'a self, texts: &'a [String]) -> Answer<'a, Embeddings> {
        let asked = (self.provider(), "");
        Box::pin(async move { self.run(asked, || self.inner.embed(texts)).await.map(|(reply, _)| reply) })
    }
}
