//! Limits as calls see them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use scouter_providers::chat::{ChatModel, ChatReply, ChatRequest, Usage};
use scouter_providers::layers::{LimitSettings, Limited, Limits, Outlook};
use scouter_providers::{CallError, ErrorKind, ScriptedModel};
use tokio::time::Instant;

use crate::support::*;

/// Takes a second, and refuses what is above its capacity.
#[derive(Debug)]
struct Narrow {
    capacity: usize,
    now: AtomicUsize,
    most: AtomicUsize,
    refused: AtomicUsize,
}

impl Narrow {
    fn new(capacity: usize) -> Arc<Self> {
        let zero = AtomicUsize::default;
        Arc::new(Self { capacity, now: zero(), most: zero(), refused: zero() })
    }
}

impl Model<ChatRequest> for Narrow {
    fn provider(&self) -> &'static str {
        "narrow"
    }

    fn call<'a>(&'a self, _: &'a ChatRequest) -> Answer<'a, ChatReply> {
        Box::pin(async move {
            let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
            self.most.fetch_max(now, Ordering::SeqCst);
            let refused = now > self.capacity;
            if !refused {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            self.now.fetch_sub(1, Ordering::SeqCst);
            if refused {
                self.refused.fetch_add(1, Ordering::SeqCst);
                return Err(CallError::new(ErrorKind::RateLimited, "narrow", ""));
            }
            let usage = Some(Usage { input: 40, output: 10, cached: 0 });
            Ok(ChatReply { usage, ..ChatReply::of_text("narrow", "yes") })
        })
    }
}

fn limited(inner: &Arc<Narrow>, settings: &LimitSettings) -> (Arc<Limits>, Limited<ChatRequest>) {
    let limits = Arc::new(Limits::new(settings));
    let model: Arc<ChatModel> = Arc::<Narrow>::clone(inner);
    (Arc::clone(&limits), Limited::new(model, limits, Outlook::default()))
}

#[tokio::test(start_paused = true)]
async fn no_more_calls_are_in_flight_than_allowed() {
    let narrow = Narrow::new(usize::MAX);
    let (_, model) = limited(&narrow, &LimitSettings { start: 4, most: 8, ..LimitSettings::default() });
    let question = question();
    join_all((0..100).map(|_| model.call(&question))).await;
    assert_eq!(narrow.most.load(Ordering::SeqCst), 8);
}

#[tokio::test(start_paused = true)]
async fn a_provider_is_asked_about_as_much_as_it_can_take() {
    let narrow = Narrow::new(30);
    let (limits, model) =
        limited(&narrow, &LimitSettings { start: 4, most: 500, ..LimitSettings::default() });
    let question = question();
    let start = Instant::now();
    let mut left = 2_000;
    while left > 0 {
        let replies = join_all((0..left).map(|_| model.call(&question))).await;
        left = replies.iter().filter(|reply| reply.is_err()).count();
    }
    // Thirty a second would take 67 seconds.
    assert!(start.elapsed() < Duration::from_secs(110), "{:?}", start.elapsed());
    assert!(narrow.refused.load(Ordering::SeqCst) < 200, "{}", narrow.refused.load(Ordering::SeqCst));
    assert!((10..=31).contains(&limits.in_flight()), "{}", limits.in_flight());
}

#[tokio::test(start_paused = true)]
async fn requests_a_minute_are_kept() {
    let narrow = Narrow::new(usize::MAX);
    let settings =
        LimitSettings { start: 100, most: 100, requests_a_minute: Some(50), ..LimitSettings::default() };
    let (_, model) = limited(&narrow, &settings);
    let question = question();
    let start = Instant::now();
    join_all((0..101).map(|_| model.call(&question))).await;
    assert_eq!(start.elapsed().as_secs(), 121);
}

#[tokio::test(start_paused = true)]
async fn tokens_a_minute_are_counted_as_they_were_used() {
    let narrow = Narrow::new(usize::MAX);
    let settings =
        LimitSettings { start: 1, most: 1, tokens_a_minute: Some(100), ..LimitSettings::default() };
    let (_, model) = limited(&narrow, &settings);
    let question = question();
    let start = Instant::now();
    // Fifty tokens each, whatever was expected: the third has to wait for the first to be a minute old.
    for _ in 0..3 {
        model.call(&question).await.unwrap();
    }
    assert_eq!(start.elapsed().as_secs(), 61);
}

#[tokio::test(start_paused = true)]
async fn tokens_that_were_expected_and_not_used_hold_up_nobody() {
    let narrow = Narrow::new(usize::MAX);
    let settings =
        LimitSettings { start: 100, most: 100, tokens_a_minute: Some(40_000), ..LimitSettings::default() };
    let (_, model) = limited(&narrow, &settings);
    let mut question = question();
    question.settings.max_tokens = Some(4_096);
    let start = Instant::now();
    // Nine at a time are expected to be all of a minute; each comes to fifty tokens after a second.
    join_all((0..100).map(|_| model.call(&question))).await;
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn no_minute_has_more_requests_than_allowed_where_tokens_are_waited_for() {
    // The first takes the tokens of a whole minute.
    let model: Arc<ChatModel> = Arc::new(ScriptedModel::function(|request| {
        let input = if request.trial == 0 { 1_000 } else { 1 };
        Ok(ChatReply { usage: Some(Usage { input, ..Usage::default() }), ..ChatReply::of_text("m", "yes") })
    }));
    let settings =
        LimitSettings { start: 100, most: 100, requests_a_minute: Some(10), tokens_a_minute: Some(1_000) };
    let model = Limited::new(model, Arc::new(Limits::new(&settings)), Outlook::default());
    model.call(&question()).await.unwrap();
    let later = ChatRequest { trial: 1, ..question() };
    let ends = (0..30).map(|_| async {
        model.call(&later).await.unwrap();
        Instant::now()
    });
    let mut ends = join_all(ends).await;
    ends.sort();
    for window in ends.windows(11) {
        assert!(window[10] >= window[0] + Duration::from_mins(1), "{window:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn who_gives_up_waiting_leaves_what_it_took_to_others() {
    let narrow = Narrow::new(usize::MAX);
    let settings =
        LimitSettings { start: 100, most: 100, requests_a_minute: Some(1), tokens_a_minute: Some(10_000) };
    let (_, model) = limited(&narrow, &settings);
    let mut large = question();
    large.settings.max_tokens = Some(9_000);
    model.call(&question()).await.unwrap();
    let start = Instant::now();
    // It has its tokens, and waits for the next minute of requests.
    assert!(tokio::time::timeout(Duration::from_secs(5), model.call(&large)).await.is_err());
    model.call(&large).await.unwrap();
    assert!(start.elapsed() < Duration::from_secs(65), "{:?}", start.elapsed());
}
