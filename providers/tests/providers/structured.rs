//! Replies that must have a form.

use std::sync::Arc;

use scouter_providers::chat::{ChatReply, ChatRequest, Finish, OutputSchema, Role, Usage};
use scouter_providers::prompt::Prompt;
use scouter_providers::structured::Structured;
use scouter_providers::{ErrorKind, Provider, ScriptedModel};
use serde_json::{Value, json};

use crate::support::*;

const FITS: &str = r#"{"reason": "because", "score": 4}"#;

fn said(text: &str) -> ChatReply {
    let usage = Some(Usage { input: 100, output: 20, cached: 0 });
    ChatReply { usage, ..ChatReply::of_text("scripted", text) }
}

fn scripted(texts: &[&str]) -> (Arc<ScriptedModel>, Structured) {
    let replies: Vec<_> = texts.iter().map(|text| Ok(said(text))).collect();
    let model = Arc::new(ScriptedModel::replies(replies));
    (Arc::clone(&model), Structured::new(model))
}

#[tokio::test]
async fn a_reply_that_fits_is_asked_for_once() {
    let (model, structured) = scripted(&[FITS]);
    let reply = structured.call(&judged()).await.unwrap();
    assert_eq!(reply.structured, Some(json!({"reason": "because", "score": 4})));
    assert_eq!(model.asked().len(), 1);
}

#[tokio::test]
async fn a_reply_that_does_not_fit_is_asked_for_once_more_with_the_mistake() {
    let (model, structured) = scripted(&[r#"{"reason": "x", "score": "four"}"#, FITS]);
    let reply = structured.call(&judged()).await.unwrap();
    assert_eq!((reply.spent.attempts, reply.usage.map(Usage::total)), (2, Some(240)));
    let again = &model.asked()[1].messages;
    assert_eq!(again.len(), 3);
    assert_eq!(again[1].role, Role::Assistant);
    assert!(again[1].as_text().unwrap().contains("four"));
    assert!(again[2].as_text().unwrap().contains("/score"));
}

#[tokio::test]
async fn a_reply_that_never_fits_is_kept_in_the_error() {
    let (model, structured) = scripted(&["no idea", "I said: no idea"]);
    let error = structured.call(&judged()).await.unwrap_err();
    assert_eq!((error.kind(), model.asked().len()), (ErrorKind::Misfit, 2));
    assert_eq!(error.details().raw.as_ref().unwrap().text, "I said: no idea");
    assert_eq!((error.details().attempts, error.details().usage.map(Usage::total)), (2, Some(240)));
}

#[tokio::test]
async fn a_reply_that_says_nothing_is_asked_for_once_more_and_is_no_answer() {
    let (model, structured) = scripted(&["", "yes"]);
    assert_eq!(structured.call(&question()).await.unwrap().text, "yes");
    assert!(model.asked()[1].messages[2].as_text().unwrap().contains("empty"));
    let (model, structured) = scripted(&[" ", "\n"]);
    let error = structured.call(&question()).await.unwrap_err();
    assert_eq!((error.kind(), error.details().attempts, model.asked().len()), (ErrorKind::Empty, 2, 2));
}

#[tokio::test]
async fn nothing_is_no_answer_in_the_form_of_any_provider() {
    for (provider, nothing) in [
        (Provider::OpenAi, json!({"choices": [{"message": {"content": null}, "finish_reason": "stop"}]})),
        (Provider::Anthropic, json!({"content": [], "stop_reason": "end_turn"})),
        (Provider::Gemini, json!({"candidates": [{"finishReason": "STOP"}]})),
    ] {
        let server = Server::always(Act::json(200, &nothing)).await;
        let error = stack().around(model(provider, &server.url)).call(&question()).await.unwrap_err();
        assert_eq!((error.kind(), server.calls()), (ErrorKind::Empty, 2), "{provider}");
    }
}

#[tokio::test]
async fn a_refusal_is_not_asked_again() {
    let refusal = ChatReply { finish: Finish::Refused, ..said("I will not.") };
    let model = Arc::new(ScriptedModel::replies([Ok(refusal)]));
    let error = Structured::new(Arc::<ScriptedModel>::clone(&model)).call(&judged()).await.unwrap_err();
    assert_eq!((error.kind(), model.asked().len()), (ErrorKind::Refused, 1));
    assert_eq!(error.details().message, "I will not.");
}

#[tokio::test]
async fn a_reply_that_was_cut_says_by_what() {
    let cut = ChatReply { finish: Finish::Length, ..said(r#"{"reason": "beca"#) };
    let model = Arc::new(ScriptedModel::replies([Ok(cut)]));
    let mut request = judged();
    request.settings.max_tokens = Some(7);
    let error = Structured::new(Arc::<ScriptedModel>::clone(&model)).call(&request).await.unwrap_err();
    assert_eq!((error.kind(), model.asked().len()), (ErrorKind::CutOff, 1));
    assert!(error.to_string().contains("7 tokens"), "{error}");
}

#[tokio::test]
async fn free_text_that_ends_without_a_word_is_no_answer() {
    let nothing = ChatReply { finish: Finish::Other("LANGUAGE".into()), ..said("") };
    let model = Arc::new(ScriptedModel::replies([Ok(nothing)]));
    let error = Structured::new(model).call(&question()).await.unwrap_err();
    assert_eq!((error.kind(), error.details().message.as_str()), (ErrorKind::Refused, "LANGUAGE"));
}

#[tokio::test]
async fn what_a_failed_judgement_cost_is_told() {
    let server = Server::always(Act::json(200, &completion("no idea"))).await;
    let error = stack().around(openai(&server)).call(&judged()).await.unwrap_err();
    // Twice 100 tokens read at 0.15 and 20 written at 0.6 dollars a million.
    let cost = error.details().cost.unwrap().0;
    assert!((cost - 2.0 * (100.0 * 0.15 + 20.0 * 0.6) / 1e6).abs() < 1e-12, "{cost}");
}

#[tokio::test]
async fn a_prompt_becomes_a_score() {
    let prompt: Prompt = serde_json::from_value(json!({
        "model": "gemini-2.5-flash-lite",
        "provider": "gemini",
        "messages": "Rate the quality of this response.\n\nQuery: ${query}\nResponse: ${response}",
        "output_type": "Score"
    }))
    .unwrap();
    let reply = json!({"candidates": [{"content": {"parts": [{"text": FITS}]}, "finishReason": "STOP"}]});
    let server = Server::always(Act::json(200, &reply)).await;
    let request =
        prompt.compile().unwrap().fill(&json!({"query": "${response}?", "response": {"a": 1}})).unwrap();
    let reply = stack().around(model(prompt.provider, &server.url)).call(&request).await.unwrap();
    assert_eq!(reply.structured.unwrap()["score"], 4);
    assert_eq!(
        server.seen()[0].body["contents"][0]["parts"][0]["text"],
        "Rate the quality of this response.\n\nQuery: ${response}?\nResponse: {\"a\":1}"
    );
}

#[tokio::test]
async fn free_text_is_left_alone() {
    let (_, structured) = scripted(&["no idea"]);
    assert_eq!(structured.call(&question()).await.unwrap().text, "no idea");
}

/// What each provider sends back for the same value, and the value that comes out.
#[tokio::test]
async fn every_provider_answers_a_list_in_its_own_way() {
    let list = json!({"type": "array", "items": {"type": "string"}});
    let wrapped = r#"{"value": ["a", "b"]}"#;
    let cases: [(Provider, Value); 3] = [
        (Provider::OpenAi, completion(wrapped)),
        (
            Provider::Anthropic,
            json!({"content": [{"type": "tool_use", "id": "x", "name": "tags", "input": {"value": ["a", "b"]}}], "stop_reason": "tool_use"}),
        ),
        (
            Provider::Gemini,
            json!({"candidates": [{"content": {"parts": [{"text": r#"["a", "b"]"#}]}, "finishReason": "STOP"}]}),
        ),
    ];
    for (provider, reply) in cases {
        let server = Server::always(Act::json(200, &reply)).await;
        let schema = OutputSchema::new("tags", list.clone()).unwrap();
        let request = ChatRequest { schema: Some(schema), ..question() };
        let reply = stack().around(model(provider, &server.url)).call(&request).await.unwrap();
        assert_eq!(reply.structured, Some(json!(["a", "b"])), "{provider}");
    }
}
