//! How much a provider is asked at once and in a minute.

use std::sync::Arc;
use std::time::Duration;

use super::flight::{Flight, Load};
use super::minute::Minute;
use crate::chat::{Answer, ChatModel, ChatReply, ChatRequest, Usage};
use crate::embed::{Embedder, Embeddings};
use crate::{CallError, ErrorKind};

/// How much a provider may be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitSettings {
    /// Calls in flight at the beginning.
    pub start: usize,
    /// Calls in flight at most.
    pub most: usize,
    /// Requests in any sixty seconds.
    pub requests_a_minute: Option<u64>,
    /// Tokens in any sixty seconds, read and written.
    pub tokens_a_minute: Option<u64>,
}

impl Default for LimitSettings {
    /// From 20 calls in flight up to 200, as many a minute as the provider answers.
    fn default() -> Self {
        Self { start: 20, most: 200, requests_a_minute: None, tokens_a_minute: None }
    }
}

/// The limits of one provider, shared by everything that asks it.
#[derive(Debug)]
pub struct Limits {
    flight: Flight,
    requests: Option<Minute>,
    tokens: Option<Minute>,
}

impl Limits {
    /// Limits of which nothing is used yet.
    pub fn new(settings: &LimitSettings) -> Self {
        Self {
            flight: Flight::new(settings.start, settings.most),
            requests: settings.requests_a_minute.map(Minute::new),
            tokens: settings.tokens_a_minute.map(Minute::new),
        }
    }

    /// How many calls may be in flight now.
    pub fn in_flight(&self) -> usize {
        self.flight.size()
    }

    async fn run<T>(
        &self,
        estimate: u64,
        answer: Answer<'_, T>,
        usage: impl Fn(&T) -> Option<Usage>,
    ) -> Result<T, CallError> {
        let place = self.flight.place().await;
        if let Some(requests) = &self.requests {
            requests.take(1).await;
        }
        let entry = match &self.tokens {
            Some(tokens) => Some((tokens, tokens.take(estimate).await)),
            None => None,
        };
        let answer = answer.await;
        place.went(load(answer.as_ref().err()));
        // Where it failed the estimate stays: most providers count what they refuse.
        if let Some((tokens, entry)) = entry
            && let Some(usage) = answer.as_ref().ok().and_then(usage)
        {
            tokens.correct(entry, usage.total());
        }
        answer
    }
}

fn load(error: Option<&CallError>) -> Load {
    const OVERLOADED: [u16; 2] = [503, 529];
    match error {
        None => Load::Answered,
        Some(error) => {
            let details = error.details();
            let overloaded = details.status.is_some_and(|status| OVERLOADED.contains(&status));
            if details.kind == ErrorKind::RateLimited || overloaded {
                // A provider that wants to be left alone for an hour must not stop every call of
                // the run that long: whoever asks it hears its error.
                Load::Refused(details.after.filter(|after| *after <= LONGEST_HOLD))
            } else {
                Load::Other
            }
        }
    }
}

const LONGEST_HOLD: Duration = Duration::from_mins(1);

/// Keeps calls within the limits of their provider.
#[derive(Debug)]
pub struct Limited<M: ?Sized> {
    limits: Arc<Limits>,
    inner: Arc<M>,
}

impl<M: ?Sized> Limited<M> {
    /// A layer around `inner`.
    pub fn new(inner: Arc<M>, limits: Arc<Limits>) -> Self {
        Self { limits, inner }
    }
}

impl ChatModel for Limited<dyn ChatModel> {
    fn provider(&self) -> &str {
        self.inner.provider()
    }

    fn chat<'a>(&'a self, request: &'a ChatRequest) -> Answer<'a, ChatReply> {
        // Only where it is needed: it walks the whole question.
        let estimate = match self.limits.tokens {
            Some(_) => request.estimated_input() + u64::from(request.settings.max_tokens.unwrap_or(0)),
            None => 0,
        };
        Box::pin(self.limits.run(estimate, self.inner.chat(request), |reply| reply.usage))
    }
}

impl Embedder for Limited<dyn Embedder> {
    fn provider(&self) -> &str {
        self.inner.provider()
    }

    fn most_at_once(&self) -> usize {
        self.inner.most_at_once()
    }

    fn embed<'a>(&'a self, texts: &'a [String]) -> Answer<'a, Embeddings> {
        let estimate = texts.iter().map(|text| text.len().div_ceil(4) as u64).sum();
        Box::pin(self.limits.run(estimate, self.inner.embed(texts), |reply| reply.usage))
    }
}
