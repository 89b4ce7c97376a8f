//! Not waiting for ever.

use std::sync::Arc;
use std::time::Duration;

use crate::{Answer, CallError, ErrorKind, Model, Question};

/// Abandons an attempt that takes too long. A question may name a time of its own.
#[derive(Debug)]
pub struct Timed<Q: Question> {
    usual: Duration,
    inner: Arc<dyn Model<Q>>,
}

impl<Q: Question> Timed<Q> {
    /// A layer around `inner`.
    pub fn new(inner: Arc<dyn Model<Q>>, usual: Duration) -> Self {
        Self { usual, inner }
    }
}

impl<Q: Question> Model<Q> for Timed<Q> {
    fn provider(&self) -> &str {
        self.inner.provider()
    }

    fn call<'a>(&'a self, question: &'a Q) -> Answer<'a, Q::Reply> {
        let limit = question.timeout().unwrap_or(self.usual);
        Box::pin(async move {
            tokio::time::timeout(limit, self.inner.call(question)).await.unwrap_or_else(|_| {
                let message = format!("waited {limit:?}");
                Err(CallError::new(ErrorKind::Timeout, self.provider(), message).with(|details| {
                    details.attempts = 1;
                    details.unpriced = 1;
                }))
            })
        })
    }
}
