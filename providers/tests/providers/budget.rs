//! Runs that cost no more than they may.

use std::sync::Arc;
use std::time::Duration;

use scouter_providers::chat::{Answer, ChatModel, ChatReply, ChatRequest, Usage};
use scouter_providers::layers::{Budget, Budgeted, Ledger, Prices};
use scouter_providers::{BudgetLimit, CallError, ErrorKind, ScriptedModel};

use crate::support::*;

const PRICES: &str =
    r#"{"as_of": "2026-01-01", "models": {"scripted/gpt-4o-mini": {"input": 1000, "output": 5000}}}"#;

fn budgeted(budget: Budget, usage: Option<Usage>) -> (Arc<Ledger>, Budgeted) {
    let ledger = Arc::new(Ledger::new(budget, Arc::new(Prices::from_json(PRICES).unwrap())));
    let model = ScriptedModel::function(move |_| Ok(ChatReply { usage, ..ChatReply::of_text("m", "yes") }));
    (Arc::clone(&ledger), Budgeted::new(Arc::new(model), ledger))
}

const USED: Option<Usage> = Some(Usage { input: 100, output: 20, cached: 0 });

async fn answered(model: &Budgeted) -> (usize, ErrorKind) {
    let question = question();
    for answered in 0..1_000 {
        if let Err(error) = model.chat(&question).await {
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
    let error = model.chat(&request).await.unwrap_err();
    assert_eq!((error.kind(), ledger.used().calls), (ErrorKind::UnknownPrice, 0));
    assert!(error.to_string().contains("`scripted/llama3.2`"), "{error}");
}

#[tokio::test]
async fn a_provider_that_does_not_count_is_not_free() {
    let (ledger, model) = budgeted(Budget { dollars: Some(100.0), ..Budget::default() }, None);
    model.chat(&question()).await.unwrap();
    assert!(ledger.used().tokens > 0);
    assert!(ledger.used().cost.0 > 0.0);
}

#[tokio::test]
async fn calls_of_unknown_cost_are_counted_apart() {
    let (ledger, model) = budgeted(Budget::default(), USED);
    let request = ChatRequest { model: "llama3.2".into(), ..question() };
    model.chat(&request).await.unwrap();
    assert_eq!((ledger.used().unpriced, ledger.used().cost.0), (1, 0.0));
}

#[tokio::test]
async fn a_call_without_an_answer_has_an_unknown_cost() {
    let ledger = Arc::new(Ledger::new(Budget::default(), Arc::default()));
    let late = CallError::new(ErrorKind::Timeout, "scripted", "");
    let model = ScriptedModel::replies([Err(late)]);
    Budgeted::new(Arc::new(model), Arc::clone(&ledger)).chat(&question()).await.unwrap_err();
    assert_eq!(ledger.used().unpriced, 1);
}

#[tokio::test(start_paused = true)]
async fn time_ends_also_what_is_in_flight() {
    #[derive(Debug)]
    struct Slow;
    impl ChatModel for Slow {
        fn provider(&self) -> &'static str {
            "scripted"
        }
        fn chat<'a>(&'a self, _: &'a ChatRequest) -> Answer<'a, ChatReply> {
            Box::pin(async {
                tokio::time::sleep(Duration::from_secs(40)).await;
                Ok(ChatReply::of_text("m", "yes"))
            })
        }
    }
    let budget = Budget { time: Some(Duration::from_mins(1)), ..Budget::default() };
    let model = Budgeted::new(Arc::new(Slow), Arc::new(Ledger::new(budget, Arc::default())));
    let start = tokio::time::Instant::now();
    assert_eq!(answered(&model).await, (1, ErrorKind::OutOfBudget(BudgetLimit::Time)));
    assert_eq!(start.elapsed().as_secs(), 60);
    assert_eq!(answered(&model).await, (0, ErrorKind::OutOfBudget(BudgetLimit::Time)));
}

#[tokio::test]
async fn retries_count_and_recordings_do_not() {
    let server = Server::start(|number, _| match number {
        0 | 1 => Act::text(500, "{}"),
        _ => Act::json(200, &completion("yes")),
    })
    .await;
    let ledger = Arc::new(Ledger::new(Budget { calls: Some(3), ..Budget::default() }, Arc::default()));
    let mut stack = stack();
    stack.ledger = Some(Arc::clone(&ledger));
    stack.around(openai(&server)).chat(&question()).await.unwrap();
    assert_eq!(ledger.used().calls, 3);
    let error = stack.around(openai(&server)).chat(&question()).await.unwrap_err();
    assert_eq!((error.kind(), server.calls()), (ErrorKind::OutOfBudget(BudgetLimit::Calls), 3));
}
