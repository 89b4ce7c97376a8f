//! Asking again.

use std::sync::Arc;
use std::time::Duration;

use super::{Jitter, Outlook};
use crate::{Answer, CallError, Model, Question, Reply, Retry as Advice};

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
pub struct Retry<Q: Question> {
    backoff: Backoff,
    jitter: Jitter,
    outlook: Outlook,
    inner: Arc<dyn Model<Q>>,
}

impl<Q: Question> Retry<Q> {
    /// A layer around `inner`. `outlook` says when it is in vain to wait.
    pub fn new(inner: Arc<dyn Model<Q>>, backoff: Backoff, jitter: Jitter, outlook: Outlook) -> Self {
        Self { backoff, jitter, outlook, inner }
    }

    /// The first success, with what failed before it; or the last error, which is the cause, with all attempts.
    async fn ask(&self, question: &Q) -> Result<Q::Reply, CallError> {
        let mut failed = Failed::default();
        let mut retry = 0;
        loop {
            let error = match self.inner.call(question).await {
                Ok(mut reply) => {
                    let spent = reply.spent_mut();
                    spent.attempts += failed.attempts;
                    spent.unpriced += failed.unpriced;
                    return Ok(reply);
                }
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
            let waited = self.outlook.hopeful(self.provider(), question.model(), wait).await;
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

impl<Q: Question> Model<Q> for Retry<Q> {
    fn provider(&self) -> &str {
        self.inner.provider()
    }

    fn call<'a>(&'a self, question: &'a Q) -> Answer<'a, Q::Reply> {
        Box::pin(self.ask(question))
    }
}
