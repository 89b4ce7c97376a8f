//! How much a provider is asked at once and in a minute.

use std::sync::Arc;

use super::flight::{Flight, Load, Place};
use super::minute::{Entry, Minute};
use crate::layers::{Backoff, Outlook};
use crate::{Answer, CallError, ErrorKind, Model, Question, Reply};

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

    /// Waits for the turn of a call.
    async fn turn(&self, estimate: u64) -> Turn<'_> {
        let place = self.flight.place().await;
        let tokens = match &self.tokens {
            Some(tokens) => Some(Unsent { minute: tokens, entry: Some(tokens.take(estimate).await) }),
            None => None,
        };
        // Last, at the moment of sending: while tokens were waited for, it would have grown old.
        let request = match &self.requests {
            Some(requests) => Some((requests, requests.take(1).await)),
            None => None,
        };
        Turn { place, request, tokens: tokens.and_then(Unsent::sent) }
    }
}

/// What was taken of a minute for a call that waits still. Where it gives up, others may have it.
struct Unsent<'a> {
    minute: &'a Minute,
    entry: Option<Entry>,
}

impl<'a> Unsent<'a> {
    fn sent(mut self) -> Option<(&'a Minute, Entry)> {
        Some((self.minute, self.entry.take()?))
    }
}

impl Drop for Unsent<'_> {
    fn drop(&mut self) {
        if let Some(entry) = self.entry {
            self.minute.correct(entry, 0);
        }
    }
}

/// The turn of a call, and what it takes of the minute.
struct Turn<'a> {
    place: Place<'a>,
    request: Option<(&'a Minute, Entry)>,
    tokens: Option<(&'a Minute, Entry)>,
}

impl Turn<'_> {
    /// Gives the turn back, and corrects what it took.
    fn over(self, answer: &Result<impl Reply, CallError>) {
        let correct = |taken: Option<(&Minute, Entry)>, amount: u64| {
            if let Some((minute, entry)) = taken {
                minute.correct(entry, amount);
            }
        };
        match answer {
            // Where it failed the estimate stays: most providers count what they refuse.
            Err(error) if error.details().attempts > 0 => {}
            // Nothing was sent.
            Err(_) => {
                correct(self.request, 0);
                correct(self.tokens, 0);
            }
            Ok(reply) => {
                if let Some(usage) = reply.usage() {
                    correct(self.tokens, usage.total());
                }
            }
        }
        self.place.went(load(answer.as_ref().err()));
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
                // the run that long: whoever asks it hears its error, by the fuse.
                Load::Refused(details.after.filter(|after| *after <= Backoff::PATIENCE))
            } else {
                Load::Other
            }
        }
    }
}

/// Keeps calls within the limits of their provider.
#[derive(Debug)]
pub struct Limited<Q: Question> {
    limits: Arc<Limits>,
    outlook: Outlook,
    inner: Arc<dyn Model<Q>>,
}

impl<Q: Question> Limited<Q> {
    /// A layer around `inner`. `outlook` says when it is in vain to wait.
    pub fn new(inner: Arc<dyn Model<Q>>, limits: Arc<Limits>, outlook: Outlook) -> Self {
        Self { limits, outlook, inner }
    }

    async fn ask(&self, question: &Q) -> Result<Q::Reply, CallError> {
        // Only where it is needed: it walks the whole question.
        let estimate = self.limits.tokens.as_ref().map_or(0, |_| question.estimate().total());
        let turn = self.outlook.hopeful(self.provider(), question.model(), self.limits.turn(estimate));
        let turn = question.waited().during(turn).await?;
        let answer = self.inner.call(question).await;
        turn.over(&answer);
        answer
    }
}

impl<Q: Question> Model<Q> for Limited<Q> {
    fn provider(&self) -> &str {
        self.inner.provider()
    }

    fn call<'a>(&'a self, question: &'a Q) -> Answer<'a, Q::Reply> {
        Box::pin(self.ask(question))
    }
}
