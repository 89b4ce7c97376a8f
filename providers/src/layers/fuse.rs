//! Not asking who will not answer.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;
use tokio::time::{Duration, Instant};

use super::Backoff;
use crate::{Answer, CallError, ErrorKind, Model, Question, Scope};

/// What calls with one key to one address have learnt about the calls to come: an error that says of
/// them that they will fail too is what they get, without being sent. A provider that wants to be left alone for longer than
/// anybody waits is left alone for so long.
#[derive(Debug, Default)]
pub struct Fuse {
    learnt: Mutex<Learnt>,
    changed: Notify,
    /// How long it knows what it learnt; for good where nothing is said.
    lasts: Option<Duration>,
}

#[derive(Debug, Default)]
struct Learnt {
    everything: Option<Told>,
    models: HashMap<String, Told>,
}

#[derive(Debug)]
struct Told {
    error: CallError,
    /// When it is over, where it ends.
    until: Option<Instant>,
}

impl Told {
    /// Nothing was sent and nothing was paid for by those who get it later.
    fn of(error: &CallError, until: Option<Instant>) -> Self {
        let error = error.clone().with(|details| {
            details.attempts = 0;
            details.usage = None;
            details.cost = None;
            details.unpriced = 0;
        });
        Self { error, until }
    }

    /// The error for a call that is not sent.
    fn now(&self) -> Option<CallError> {
        let error = self.error.clone();
        let Some(until) = self.until else { return Some(error) };
        let left = until.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())?;
        Some(error.with(|details| details.after = Some(left)))
    }
}

impl Fuse {
    /// A fuse that forgets what it learnt, for what outlives a run: credit is paid in, and keys are replaced.
    pub fn lasting(time: Duration) -> Self {
        Self { lasts: Some(time), ..Self::default() }
    }

    /// Why calls to this model fail, where that is known.
    fn blown(&self, model: &str) -> Option<CallError> {
        let learnt = self.learnt.lock().unwrap_or_else(PoisonError::into_inner);
        let of_model = || learnt.models.get(model).and_then(Told::now);
        learnt.everything.as_ref().and_then(Told::now).or_else(of_model)
    }

    /// Waits until it is known that calls to this model fail, and says why.
    pub(super) async fn blows(&self, model: &str) -> CallError {
        loop {
            let mut changed = std::pin::pin!(self.changed.notified());
            changed.as_mut().enable();
            if let Some(error) = self.blown(model) {
                return error;
            }
            changed.await;
        }
    }

    fn learn(&self, model: &str, error: &CallError) {
        let after = error.details().after.filter(|after| *after > Backoff::PATIENCE);
        let until = match error.scope() {
            Scope::Call if error.kind() == ErrorKind::RateLimited && after.is_some() => after,
            Scope::Call => return,
            Scope::Model | Scope::Provider | Scope::Run => self.lasts,
        };
        // A time that no clock reaches is never.
        let until = until.and_then(|after| Instant::now().checked_add(after));
        if error.scope() >= Scope::Provider {
            self.blow_until(error, until);
            return;
        }
        let told = Told::of(error, until);
        self.learnt.lock().unwrap_or_else(PoisonError::into_inner).models.insert(model.to_owned(), told);
        self.changed.notify_waiters();
    }

    /// Lets all calls to come fail with this error.
    pub fn blow(&self, error: &CallError) {
        self.blow_until(error, None);
    }

    fn blow_until(&self, error: &CallError, until: Option<Instant>) {
        let mut learnt = self.learnt.lock().unwrap_or_else(PoisonError::into_inner);
        // What was learnt first is the cause, as long as it holds.
        if learnt.everything.as_ref().and_then(Told::now).is_none() {
            learnt.everything = Some(Told::of(error, until));
        }
        drop(learnt);
        self.changed.notify_waiters();
    }
}

/// Keeps calls from being sent that are known to fail.
#[derive(Debug)]
pub struct Fused<Q: Question> {
    fuse: Arc<Fuse>,
    inner: Arc<dyn Model<Q>>,
}

impl<Q: Question> Fused<Q> {
    /// A layer around `inner`.
    pub fn new(inner: Arc<dyn Model<Q>>, fuse: Arc<Fuse>) -> Self {
        Self { fuse, inner }
    }
}

impl<Q: Question> Model<Q> for Fused<Q> {
    fn provider(&self) -> &str {
        self.inner.provider()
    }

    fn call<'a>(&'a self, question: &'a Q) -> Answer<'a, Q::Reply> {
        Box::pin(async move {
            let model = question.model();
            match self.fuse.blown(model) {
                Some(error) => Err(error),
                None => self.inner.call(question).await.inspect_err(|error| self.fuse.learn(model, error)),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::{ChatModel, ChatRequest};
    use crate::{ErrorKind, ScriptedModel};

    async fn asked_after(kind: ErrorKind, models: [&str; 3]) -> usize {
        let model = Arc::new(ScriptedModel::function(move |_| Err(CallError::new(kind, "scripted", ""))));
        let inner: Arc<ChatModel> = model.clone();
        let fused = Fused::new(inner, Arc::default());
        for name in models {
            let request = ChatRequest { model: name.into(), ..ChatRequest::default() };
            assert_eq!(fused.call(&request).await.unwrap_err().kind(), kind);
        }
        model.asked().len()
    }

    #[tokio::test]
    async fn a_key_that_is_not_accepted_is_shown_once() {
        assert_eq!(asked_after(ErrorKind::Unauthorized, ["a", "a", "b"]).await, 1);
    }

    #[tokio::test]
    async fn a_model_that_is_not_there_is_asked_for_once_and_others_still_are() {
        assert_eq!(asked_after(ErrorKind::UnknownModel, ["a", "a", "b"]).await, 2);
    }

    #[tokio::test(start_paused = true)]
    async fn what_outlives_a_run_tries_again_after_a_while() {
        let model =
            Arc::new(ScriptedModel::function(|_| Err(CallError::new(ErrorKind::Quota, "scripted", ""))));
        let inner: Arc<ChatModel> = model.clone();
        let fused = Fused::new(inner, Arc::new(Fuse::lasting(Duration::from_mins(1))));
        for _ in 0..3 {
            fused.call(&ChatRequest::default()).await.unwrap_err();
        }
        assert_eq!(model.asked().len(), 1);
        tokio::time::advance(Duration::from_mins(1)).await;
        fused.call(&ChatRequest::default()).await.unwrap_err();
        assert_eq!(model.asked().len(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_time_that_no_clock_reaches_does_no_harm() {
        let model: Arc<ChatModel> = Arc::new(ScriptedModel::function(|_| {
            let error = CallError::new(ErrorKind::RateLimited, "scripted", "");
            Err(error.with(|details| details.after = Some(Duration::MAX)))
        }));
        let fused = Fused::new(model, Arc::default());
        for _ in 0..2 {
            assert_eq!(fused.call(&ChatRequest::default()).await.unwrap_err().kind(), ErrorKind::RateLimited);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_provider_that_wants_an_hour_is_not_asked_for_an_hour() {
        let hour = std::time::Duration::from_hours(1);
        let model = Arc::new(ScriptedModel::function(move |_| {
            let error = CallError::new(ErrorKind::RateLimited, "scripted", "");
            Err(error.with(|details| details.after = Some(hour)))
        }));
        let inner: Arc<ChatModel> = model.clone();
        let fused = Fused::new(inner, Arc::default());
        let request = ChatRequest::default();
        fused.call(&request).await.unwrap_err();
        tokio::time::advance(hour / 2).await;
        let error = fused.call(&request).await.unwrap_err();
        assert_eq!((error.details().after, error.details().attempts), (Some(hour / 2), 0));
        assert_eq!(model.asked().len(), 1);
        tokio::time::advance(hour / 2).await;
        fused.call(&request).await.unwrap_err();
        assert_eq!(model.asked().len(), 2);
    }

    #[tokio::test]
    async fn what_is_wrong_with_one_call_says_nothing_of_the_next() {
        assert_eq!(asked_after(ErrorKind::Refused, ["a", "a", "b"]).await, 3);
    }
}
