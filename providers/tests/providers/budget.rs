//! Runs that cost no more than they may.

use std::sync::Arc;
use std::time::Duration;

use scouter_providers::chat::{ChatModel, ChatReply, ChatRequest, Usage};
use scouter_providers::layers::{
    Budget, Budgeted, Cassette, CassetteMode, Ledger, LimitSettings, Limits, Prices, Stack, Timed,
};
use scouter_providers::{BudgetLimit, CallError, ErrorKind, Provider, ScriptedModel};
use serde_json::json;

use crate::cache::Folder;
use crate::support::*;

const PRICES: &str =
    r#"{"as_of": "2026-01-01", "models": {"scripted/gpt-4o-mini": {"input": 1000, "output": 5000}}}"#;

fn budgeted(budget: Budget, usage: Option<Usage>) -> (Arc<Ledger>, Budgeted<ChatRequest>) {
    let ledger = Arc::new(Ledger::new(budget, Arc::new(Prices::from_json(PRICES).unwrap())));
    let model = ScriptedModel::function(move |_| Ok(ChatReply { usage, ..ChatReply::of_text("m", "yes") }));
    (Arc::clone(&ledger), Budgeted::new(Arc::new(model), ledger))
}

const USED: Option<Usage> = Some(Usage { input: 100, output: 20, cached: 0 });

async fn answered(model: &Budgeted<ChatRequest>) -> (usize, ErrorKind) {
    let question = question();
    for answered in 0..1_000 {
        if let Err(error) = model.call(&question).await {
            assert!(error.stops_run() || error.kind() == ErrorKind::UnknownPrice);
            return (answered, error.kind());
        }
    }
    panic!("the budget never ends");
}

#[tokio::test]
async fn calls_are_counted_exactly() {
    let (ledger, model) = budgeted(Budget { calls: Some(7), ..Budget::default() }, USED);
    assert_eq!(answered(&model).await, (7, ErrorKind::OutOfBudget(BudgetLimit::Calls)));
    assert_eq!(ledger.used().calls, 7);
}

#[tokio::test]
async fn tokens_end_a_run() {
    let (ledger, model) = budgeted(Budget { tokens: Some(300), ..Budget::default() }, USED);
    assert_eq!(answered(&model).await, (3, ErrorKind::OutOfBudget(BudgetLimit::Tokens)));
    assert_eq!(ledger.used().tokens, 360);
}

#[tokio::test]
async fn dollars_end_a_run() {
    // Twenty cents a call.
    let (ledger, model) = budgeted(Budget { dollars: Some(0.5), ..Budget::default() }, USED);
    assert_eq!(answered(&model).await, (3, ErrorKind::OutOfBudget(BudgetLimit::Dollars)));
    assert!((ledger.used().cost.0 - 0.6).abs() < 1e-9);
}

#[tokio::test]
async fn a_model_without_a_price_is_not_asked_with_a_budget_of_dollars() {
    let (ledger, model) = budgeted(Budget { dollars: Some(1.0), ..Budget::default() }, USED);
    let request = ChatRequest { model: "llama3.2".into(), ..question() };
    let error = model.call(&request).await.unwrap_err();
    assert_eq!((error.kind(), ledger.used().calls), (ErrorKind::UnknownPrice, 0));
    assert!(error.to_string().contains("`scripted/llama3.2`"), "{error}");
}

#[tokio::test]
async fn a_provider_that_does_not_count_is_not_free() {
    let (ledger, model) = budgeted(Budget { dollars: Some(100.0), ..Budget::default() }, None);
    model.call(&question()).await.unwrap();
    assert!(ledger.used().tokens > 0);
    assert!(ledger.used().cost.0 > 0.0);
}

#[tokio::test]
async fn calls_of_unknown_cost_are_counted_apart() {
    let (ledger, model) = budgeted(Budget::default(), USED);
    let request = ChatRequest { model: "llama3.2".into(), ..question() };
    model.call(&request).await.unwrap();
    assert_eq!((ledger.used().unpriced, ledger.used().cost.0), (1, 0.0));
}

#[tokio::test]
async fn a_call_without_an_answer_has_an_unknown_cost() {
    let ledger = Arc::new(Ledger::new(Budget::default(), Arc::default()));
    let late: Arc<ChatModel> = Arc::new(Slow);
    let timed: Arc<ChatModel> = Arc::new(Timed::new(late, Duration::from_millis(1)));
    Budgeted::new(timed, Arc::clone(&ledger)).call(&question()).await.unwrap_err();
    assert_eq!(ledger.used().unpriced, 1);
}

/// What is booked for a call that the server answers so.
async fn booked(act: Act) -> (u64, f64) {
    let server = Server::always(act).await;
    let prices = PRICES.replace("scripted", "openai");
    let ledger = Arc::new(Ledger::new(Budget::default(), Arc::new(Prices::from_json(&prices).unwrap())));
    let mut request = question();
    request.settings.max_tokens = Some(10);
    let answer = Budgeted::new(openai(&server), Arc::clone(&ledger)).call(&request).await;
    assert!(answer.map_or(true, |reply| reply.usage.is_none()));
    (ledger.used().tokens, ledger.used().cost.0)
}

#[tokio::test]
async fn what_the_provider_worked_on_is_paid_for_although_nothing_of_use_came_back() {
    let no_counts = json!({"choices": [{"message": {"content": "yes"}}], "usage": {}});
    for act in [
        Act::Drop,
        Act::text(200, "<html>"),
        Act::json(200, &json!({"hello": "world"})),
        Act::json(200, &no_counts),
    ] {
        let (tokens, cost) = booked(act.clone()).await;
        // Ten to be written at five dollars a thousand, and what is read.
        assert!(tokens >= 10 && cost >= 0.05, "{act:?}: {tokens} tokens, {cost} dollars");
    }
}

#[tokio::test]
async fn what_the_provider_turned_away_costs_nothing() {
    for status in [400, 401, 429, 500, 503] {
        assert_eq!(booked(Act::text(status, "{}")).await, (0, 0.0), "{status}");
    }
}

#[tokio::test]
async fn nobody_at_the_address_costs_nothing() {
    let url = Server::always(Act::Silent).await.url.clone();
    let ledger = Arc::new(Ledger::new(Budget::default(), Arc::default()));
    let model = Budgeted::new(model(Provider::OpenAi, &url), Arc::clone(&ledger));
    assert_eq!(kind(model.call(&question()).await), ErrorKind::Connection);
    assert_eq!((ledger.used().tokens, ledger.used().unpriced), (0, 0));
}

#[tokio::test]
async fn a_call_that_is_given_up_is_booked_by_an_estimate() {
    let server = Server::always(Act::Silent).await;
    let ledger = Arc::new(Ledger::new(Budget::default(), Arc::default()));
    let model = Budgeted::new(openai(&server), Arc::clone(&ledger));
    let given_up = tokio::time::timeout(Duration::from_millis(20), model.call(&question())).await;
    assert!(given_up.is_err());
    assert!(ledger.used().tokens > 0);
}

/// Takes forty seconds.
#[derive(Debug)]
struct Slow;

impl Model<ChatRequest> for Slow {
    fn provider(&self) -> &'static str {
        "scripted"
    }

    fn call<'a>(&'a self, _: &'a ChatRequest) -> Answer<'a, ChatReply> {
        Box::pin(async {
            tokio::time::sleep(Duration::from_secs(40)).await;
            Ok(ChatReply::of_text("m", "yes"))
        })
    }
}

#[tokio::test(start_paused = true)]
async fn time_ends_also_what_is_in_flight() {
    let budget = Budget { time: Some(Duration::from_mins(1)), ..Budget::default() };
    let model = Budgeted::new(Arc::new(Slow), Arc::new(Ledger::new(budget, Arc::default())));
    let start = tokio::time::Instant::now();
    assert_eq!(answered(&model).await, (1, ErrorKind::OutOfBudget(BudgetLimit::Time)));
    assert_eq!(start.elapsed().as_secs(), 60);
    assert_eq!(answered(&model).await, (0, ErrorKind::OutOfBudget(BudgetLimit::Time)));
}

/// A budget behind limits and retries, as in a run.
fn waiting(
    provider: impl Model<ChatRequest> + 'static,
    budget: Budget,
    limits: &LimitSettings,
) -> Arc<ChatModel> {
    let mut stack = Stack::new(Arc::new(Limits::new(limits)), Arc::default());
    stack.ledger = Some(Arc::new(Ledger::new(budget, Arc::default())));
    stack.around(Arc::new(provider))
}

#[tokio::test(start_paused = true)]
async fn a_budget_of_calls_that_is_used_up_ends_the_wait_for_a_turn() {
    let limits = LimitSettings { requests_a_minute: Some(5), ..LimitSettings::default() };
    let budget = Budget { calls: Some(10), ..Budget::default() };
    let model = waiting(Slow, budget, &limits);
    let question = question();
    let start = tokio::time::Instant::now();
    let answers = futures_util::future::join_all((0..64).map(|_| model.call(&question))).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 10);
    // Five at once, five a minute later, and what each of them takes.
    assert_eq!(start.elapsed().as_secs(), 100);
}

#[tokio::test(start_paused = true)]
async fn a_budget_of_time_ends_the_wait_for_a_retry() {
    let busy = ScriptedModel::function(|_| {
        let error = CallError::new(ErrorKind::RateLimited, "scripted", "");
        Err(error.with(|details| details.after = Some(Duration::from_mins(1))))
    });
    let budget = Budget { time: Some(Duration::from_secs(5)), ..Budget::default() };
    let model = waiting(busy, budget, &LimitSettings::default());
    let start = tokio::time::Instant::now();
    let error = model.call(&question()).await.unwrap_err();
    assert_eq!((error.kind(), error.details().attempts), (ErrorKind::OutOfBudget(BudgetLimit::Time), 1));
    assert_eq!(start.elapsed().as_secs(), 5);
}

#[tokio::test(start_paused = true)]
async fn a_key_that_is_not_accepted_ends_the_wait_for_a_turn() {
    let refused = ScriptedModel::function(|_| Err(CallError::new(ErrorKind::Unauthorized, "scripted", "")));
    let limits = LimitSettings { requests_a_minute: Some(1), ..LimitSettings::default() };
    let model = waiting(refused, Budget::default(), &limits);
    let question = question();
    let start = tokio::time::Instant::now();
    let answers = futures_util::future::join_all((0..10).map(|_| model.call(&question))).await;
    assert!(answers.into_iter().all(|answer| kind(answer) == ErrorKind::Unauthorized));
    assert_eq!(start.elapsed(), Duration::ZERO);
}

#[tokio::test]
async fn retries_count_and_recordings_do_not() {
    let folder = Folder::new("budget-recordings");
    let cassette = Cassette::open(folder.path().join("c.jsonl"), CassetteMode::Replay, Vec::new()).unwrap();
    let server = Server::start(|number, _| match number {
        0 | 1 => Act::text(500, "{}"),
        _ => Act::json(200, &completion("yes")),
    })
    .await;
    let ledger = Arc::new(Ledger::new(Budget { calls: Some(3), ..Budget::default() }, Arc::default()));
    let mut stack = stack();
    stack.ledger = Some(Arc::clone(&ledger));
    stack.cassette = Some((Arc::new(cassette), None));
    stack.around(openai(&server)).call(&question()).await.unwrap();
    assert_eq!(ledger.used().calls, 3);
    stack.around(openai(&server)).call(&question()).await.unwrap();
    assert_eq!(ledger.used().calls, 3);
    let error = stack.around(openai(&server)).call(&judged()).await.unwrap_err();
    assert_eq!((error.kind(), server.calls()), (ErrorKind::OutOfBudget(BudgetLimit::Calls), 3));
}
