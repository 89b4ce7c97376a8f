//! Everything that goes wrong between us and a provider.

use std::sync::Arc;
use std::time::Duration;

use scouter_providers::chat::{ChatModel, ChatRequest, Raw, Usage};
use scouter_providers::layers::{LimitSettings, Limits, Stack};
use scouter_providers::{Account, Connection, Environment, ErrorKind, Http, Provider, Retry, Scope, connect};
use serde_json::json;

use crate::support::*;

async fn failing(act: Act) -> scouter_providers::CallError {
    let server = Server::always(act).await;
    openai(&server).call(&question()).await.unwrap_err()
}

#[test]
fn without_a_key_nothing_is_sent_and_the_variable_is_named() {
    let environment = Environment::default();
    let http = Http::new(&environment);
    for (provider, name) in [
        (Provider::OpenAi, "`OPENAI_API_KEY`"),
        (Provider::Anthropic, "`ANTHROPIC_API_KEY`"),
        (Provider::Gemini, "`GEMINI_API_KEY` or `GOOGLE_API_KEY`"),
    ] {
        let error = connect(provider, Account::of(&http, &environment)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NoKey);
        assert!(error.stops_run());
        assert!(error.to_string().contains(name), "{error}");
    }
}

#[tokio::test]
async fn a_server_of_ones_own_needs_no_key() {
    let server = Server::always(Act::json(200, &completion("yes"))).await;
    let environment = Environment::from_iter([("OPENAI_BASE_URL", server.url.as_str())]);
    let http = Http::new(&environment);
    let model = connect(Provider::OpenAi, Account::of(&http, &environment)).unwrap();
    assert_eq!(model.call(&question()).await.unwrap().text, "yes");
    assert!(!server.seen()[0].headers.contains_key("authorization"));
}

#[tokio::test]
async fn a_wrong_key_is_not_retried_and_stops_the_run() {
    let body = json!({"error": {"message": format!("Incorrect API key provided: {KEY}."), "code": "invalid_api_key"}});
    let server = Server::always(Act::json(401, &body)).await;
    let error = stack().around(openai(&server)).call(&question()).await.unwrap_err();
    assert_eq!((error.kind(), server.calls()), (ErrorKind::Unauthorized, 1));
    assert!(error.stops_run());
}

#[tokio::test]
async fn a_rate_limit_says_how_long_to_wait() {
    let body = json!({"error": {"message": "slow down"}});
    let error = failing(Act::json(429, &body).header("retry-after", "7")).await;
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    assert_eq!(error.retry(), Retry::Helps { after: Some(Duration::from_secs(7)) });
    let error = failing(Act::json(429, &body)).await;
    assert_eq!(error.retry(), Retry::Helps { after: None });
}

#[tokio::test]
async fn an_error_in_the_body_of_a_success_is_one() {
    let body = json!({"error": {"message": "upstream is busy", "code": 429}});
    let error = failing(Act::json(200, &body)).await;
    assert_eq!((error.kind(), error.details().status), (ErrorKind::RateLimited, Some(429)));
}

#[tokio::test]
async fn used_up_quota_is_not_retried() {
    let body = json!({"error": {"message": "You exceeded your current quota", "code": "insufficient_quota"}});
    let error = failing(Act::json(429, &body)).await;
    assert_eq!((error.kind(), error.retry()), (ErrorKind::Quota, Retry::Pointless));
}

#[tokio::test]
async fn a_server_that_breaks_once_is_asked_again() {
    let server = Server::start(|number, _| match number {
        0 => Act::text(500, "<html>oops</html>"),
        _ => Act::json(200, &completion("yes")),
    })
    .await;
    let reply = stack().around(openai(&server)).call(&question()).await.unwrap();
    assert_eq!((reply.text.as_str(), reply.spent.attempts), ("yes", 2));
}

#[tokio::test]
async fn a_server_that_never_answers_is_not_waited_for() {
    let server = Server::always(Act::Silent).await;
    let mut stack = stack();
    stack.backoff.max_retries = 0;
    let connection = Connection { timeout: Some(Duration::from_millis(20)), ..Connection::default() };
    let request = ChatRequest { connection, ..question() };
    let error = stack.around(openai(&server)).call(&request).await.unwrap_err();
    assert_eq!((error.kind(), error.details().attempts), (ErrorKind::Timeout, 1));
}

#[tokio::test]
async fn a_connection_that_is_dropped_half_way_is_asked_again() {
    let server = Server::start(|number, _| match number {
        0 => Act::Drop,
        _ => Act::json(200, &completion("yes")),
    })
    .await;
    let reply = stack().around(openai(&server)).call(&question()).await.unwrap();
    assert_eq!(reply.text, "yes");
}

#[tokio::test]
async fn nobody_at_the_address_is_a_fault_of_the_connection() {
    let url = Server::always(Act::Silent).await.url.clone();
    let error = model(Provider::OpenAi, &url).call(&question()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connection);
}

#[tokio::test]
async fn an_address_that_is_none_is_a_fault_of_the_configuration() {
    let error = model(Provider::OpenAi, "not a url").call(&question()).await.unwrap_err();
    assert_eq!((error.kind(), error.details().attempts), (ErrorKind::Configuration, 0));
}

#[tokio::test]
async fn a_reply_that_is_not_json_is_kept() {
    let error = failing(Act::text(200, "<html>Welcome</html>")).await;
    assert_eq!(error.kind(), ErrorKind::NotJson);
    assert_eq!(error.details().raw.as_ref().unwrap().text, "<html>Welcome</html>");
}

#[tokio::test]
async fn a_reply_of_another_shape_is_kept() {
    for provider in [Provider::OpenAi, Provider::Anthropic, Provider::Gemini] {
        let server = Server::always(Act::json(200, &json!({"hello": "world"}))).await;
        let error = model(provider, &server.url).call(&question()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedReply, "{provider}");
        assert!(error.details().raw.as_ref().unwrap().text.contains("world"));
    }
}

#[tokio::test]
async fn a_refusal_of_free_text_is_no_answer() {
    let server = Server::always(Act::json(200, &completion_that("I will not.", "content_filter"))).await;
    let error = stack().around(openai(&server)).call(&question()).await.unwrap_err();
    assert_eq!((error.kind(), error.details().message.as_str()), (ErrorKind::Refused, "I will not."));
    assert_eq!((error.details().usage.map(Usage::total), server.calls()), (Some(120), 1));
}

#[tokio::test]
async fn a_question_that_a_filter_stops_says_nothing_of_the_key() {
    let body = json!({"error": {"code": 403, "message": "flagged", "metadata": {"reasons": ["violence"]}}});
    let error = failing(Act::json(403, &body)).await;
    assert_eq!((error.kind(), error.scope()), (ErrorKind::Refused, Scope::Call));
}

#[tokio::test]
async fn a_model_that_the_key_may_not_use_keeps_no_other_from_being_asked() {
    let body = json!({"error": {"message": "Project `p` does not have access", "code": "model_not_found"}});
    let error = failing(Act::json(403, &body)).await;
    assert_eq!((error.kind(), error.scope()), (ErrorKind::UnknownModel, Scope::Model));
}

#[tokio::test]
async fn a_model_that_is_not_there_takes_no_turns() {
    let body = json!({"error": {"message": "no", "code": "model_not_found"}});
    let server = Server::always(Act::json(404, &body)).await;
    let settings = LimitSettings { requests_a_minute: Some(2), ..LimitSettings::default() };
    let limits = Arc::new(Limits::new(&settings));
    let model = Stack::new(limits, Arc::default()).around(openai(&server));
    for _ in 0..20 {
        assert_eq!(kind(model.call(&question()).await), ErrorKind::UnknownModel);
    }
    assert_eq!(server.calls(), 1);
}

#[tokio::test]
async fn a_reply_of_five_megabytes_is_read_and_cut_where_it_is_kept() {
    let server = Server::always(Act::json(200, &completion(&"x".repeat(5_000_000)))).await;
    let reply = openai(&server).call(&question()).await.unwrap();
    assert_eq!(reply.text.len(), 5_000_000);
    assert!(reply.raw.unwrap().text.len() <= Raw::LIMIT);
}

#[tokio::test]
async fn a_reply_above_the_limit_is_not_read() {
    let server = Server::always(Act::json(200, &completion(&"x".repeat(100_000)))).await;
    let environment = Environment::from_iter([("OPENAI_BASE_URL", server.url.as_str())]);
    let http = Http::with_largest_reply(&environment, 10_000);
    let model = connect(Provider::OpenAi, Account::of(&http, &environment)).unwrap();
    assert_eq!(kind(model.call(&question()).await), ErrorKind::TooLarge);
}

#[tokio::test]
async fn an_unknown_model_is_told_as_such() {
    let body = json!({"error": {"message": "The model `x` does not exist", "code": "model_not_found"}});
    let error = failing(Act::json(404, &body)).await;
    assert_eq!((error.kind(), error.scope()), (ErrorKind::UnknownModel, Scope::Model));
    assert_eq!(error.details().message, "The model `x` does not exist");
}

#[tokio::test]
async fn a_call_that_is_abandoned_leaves_nothing_behind() {
    let server =
        Server::always(Act::Late(Duration::from_millis(50), Box::new(Act::json(200, &completion("x")))))
            .await;
    let stack = stack();
    let model = stack.around(openai(&server));
    let question = question();
    let calls: Vec<_> = (0..20).map(|_| model.call(&question)).collect();
    let abandoned =
        tokio::time::timeout(Duration::from_millis(5), futures_util::future::join_all(calls)).await;
    assert!(abandoned.is_err());
    // Every place is free again.
    let again: Vec<_> = (0..20).map(|_| model.call(&question)).collect();
    assert!(futures_util::future::join_all(again).await.iter().all(Result::is_ok));
    let _: Arc<ChatModel> = model;
}
