//! Asking again, on a clock that stands still until somebody waits.

use std::sync::Arc;
use std::time::Duration;

use scouter_providers::chat::{ChatModel, ChatReply, ChatRequest};
use scouter_providers::layers::{Backoff, Jitter, Outlook, Retry, Timed};
use scouter_providers::{CallError, ErrorKind, ScriptedModel};
use tokio::time::Instant;

use crate::support::*;

fn error(kind: ErrorKind) -> CallError {
    CallError::new(kind, "scripted", "the cause")
}

fn limited(seconds: u64) -> CallError {
    error(ErrorKind::RateLimited).with(|details| details.after = Some(Duration::from_secs(seconds)))
}

fn yes() -> ChatReply {
    ChatReply::of_text("scripted", "yes")
}

fn retrying(
    replies: impl IntoIterator<Item = Result<ChatReply, CallError>>,
    backoff: Backoff,
) -> (Arc<ScriptedModel>, Retry<ChatRequest>) {
    let model = Arc::new(ScriptedModel::replies(replies));
    let inner: Arc<ChatModel> = Arc::<ScriptedModel>::clone(&model);
    (model, Retry::new(inner, backoff, Jitter::seeded(1), Outlook::default()))
}

#[tokio::test(start_paused = true)]
async fn it_is_asked_as_often_as_allowed_and_the_cause_is_kept() {
    let backoff = Backoff { max_retries: 2, ..Backoff::default() };
    let (model, retry) = retrying((0..9).map(|_| Err(error(ErrorKind::Unavailable))), backoff);
    let told = retry.call(&question()).await.unwrap_err();
    assert_eq!((model.asked().len(), told.details().attempts), (3, 3));
    assert_eq!((told.kind(), told.details().message.as_str()), (ErrorKind::Unavailable, "the cause"));
}

#[tokio::test(start_paused = true)]
async fn waits_are_drawn_from_ranges_that_double() {
    let backoff = Backoff { max_retries: 6, ..Backoff::default() };
    for seed in 0..50 {
        let model = Arc::new(ScriptedModel::function(|_| Err(error(ErrorKind::Unavailable))));
        let inner: Arc<ChatModel> = model;
        let retry = Retry::new(inner, backoff.clone(), Jitter::seeded(seed), Outlook::default());
        let jitter = Jitter::seeded(seed);
        let start = Instant::now();
        retry.call(&question()).await.unwrap_err();
        let expected: f64 = [0.5, 1.0, 2.0, 4.0, 8.0, 16.0].iter().map(|range| range * jitter.draw()).sum();
        // Tokio's clock goes by milliseconds.
        assert!((start.elapsed().as_secs_f64() - expected).abs() < 0.01, "{:?}, {expected}", start.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn a_provider_is_left_alone_as_long_as_it_wants() {
    let (_, retry) = retrying([Err(limited(60)), Ok(yes())], Backoff::default());
    let start = Instant::now();
    let reply = retry.call(&question()).await.unwrap();
    assert_eq!(reply.spent.attempts, 2);
    assert!((60.0..60.6).contains(&start.elapsed().as_secs_f64()), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_wait_beyond_all_patience_is_not_waited() {
    let (model, retry) = retrying([Err(limited(3_600)), Ok(yes())], Backoff::default());
    let start = Instant::now();
    assert_eq!(kind(retry.call(&question()).await), ErrorKind::RateLimited);
    assert_eq!((model.asked().len(), start.elapsed()), (1, Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn what_does_not_help_is_not_tried() {
    for wrong in [
        ErrorKind::Unauthorized,
        ErrorKind::Quota,
        ErrorKind::BadRequest,
        ErrorKind::UnknownModel,
        ErrorKind::NotJson,
        ErrorKind::Misfit,
    ] {
        let (model, retry) = retrying([Err(error(wrong)), Ok(yes())], Backoff::default());
        assert_eq!(kind(retry.call(&question()).await), wrong);
        assert_eq!(model.asked().len(), 1);
    }
}

#[tokio::test]
async fn a_limit_on_every_tenth_call_loses_nothing() {
    let server = Server::start(|number, _| {
        if number % 10 == 9 { Act::text(429, "{}") } else { Act::json(200, &completion("yes")) }
    })
    .await;
    let model = stack().around(openai(&server));
    let question = question();
    let replies = futures_util::future::join_all((0..100).map(|_| model.call(&question))).await;
    assert!(replies.iter().all(Result::is_ok));
    let attempts: u32 = replies.iter().flatten().map(|reply| reply.spent.attempts).sum();
    assert_eq!(attempts as usize, server.calls());
}

#[tokio::test(start_paused = true)]
async fn a_timeout_counts_from_the_start_of_an_attempt() {
    #[derive(Debug)]
    struct Slow;
    impl Model<ChatRequest> for Slow {
        fn provider(&self) -> &'static str {
            "slow"
        }
        fn call<'a>(&'a self, _: &'a ChatRequest) -> Answer<'a, ChatReply> {
            Box::pin(std::future::pending())
        }
    }
    let inner: Arc<ChatModel> = Arc::new(Slow);
    let timed: Arc<ChatModel> = Arc::new(Timed::new(inner, Duration::from_secs(5)));
    let backoff = Backoff { max_retries: 1, first: Duration::ZERO, ..Backoff::default() };
    let start = Instant::now();
    let told = Retry::new(timed, backoff, Jitter::seeded(1), Outlook::default())
        .call(&question())
        .await
        .unwrap_err();
    assert_eq!((told.kind(), start.elapsed().as_secs()), (ErrorKind::Timeout, 10));
}
