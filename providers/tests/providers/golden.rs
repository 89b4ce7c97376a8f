//! What each provider is sent, and what is read out of its reply, against files in `golden`.
//!
//! The files follow the providers' references. Those of `OpenAI` are also read by the types of the
//! `async-openai` crate, which others keep in step with the provider: a second opinion.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use async_openai::types::chat::{CreateChatCompletionRequest, CreateChatCompletionResponse};
use async_openai::types::responses::{CreateResponse, Response};
use scouter_providers::chat::{
    ChatModel, ChatReply, ChatRequest, Finish, Image, Message, OutputSchema, Part, Role, Settings, Usage,
};
use scouter_providers::openai::OpenAiApi;
use scouter_providers::{ErrorKind, Provider};
use serde_json::{Value, json};

use crate::support::*;

fn golden(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(format!("{name}.json"));
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// Everything that a question can have.
fn everything(model: &str) -> ChatRequest {
    let schema = json!({
        "type": "object",
        "properties": {
            "reason": {"type": "string", "minLength": 1},
            "score": {"type": "integer", "minimum": 1, "maximum": 5},
            "note": {"type": "string"}
        },
        "required": ["reason", "score"]
    });
    let picture = Image::Bytes { media_type: "image/png".into(), data: b"\x89PNG".as_slice().into() };
    ChatRequest {
        model: model.into(),
        messages: vec![
            Message::text(Role::System, "You judge pictures."),
            Message {
                role: Role::User,
                parts: vec![
                    Part::Text("What is this?".into()),
                    Part::Image(picture),
                    Part::Image(Image::Url("https://example.com/cat.png".into())),
                ],
            },
            Message::text(Role::Assistant, "A cat."),
            Message::text(Role::User, "How sure are you?"),
        ],
        settings: Settings {
            temperature: Some(0.2),
            top_p: Some(0.9),
            max_tokens: Some(300),
            ..Settings::default()
        },
        schema: Some(OutputSchema::new("Judgement", schema).unwrap()),
        ..ChatRequest::default()
    }
}

fn extra(name: &str, value: Value) -> serde_json::Map<String, Value> {
    [(name.to_owned(), value)].into_iter().collect()
}

/// Asks a server that gives the golden reply, and compares the question with the golden one.
async fn exchange(
    name: &str,
    make: impl Fn(&str) -> Arc<ChatModel>,
    request: &ChatRequest,
) -> (Seen, ChatReply) {
    let server = Server::always(Act::json(200, &golden(&format!("{name}.reply")))).await;
    let reply = stack().around(make(&server.url)).call(request).await.unwrap();
    let seen = server.seen().remove(0);
    assert_eq!(seen.body, golden(&format!("{name}.request")), "{}", seen.body);
    (seen, reply)
}

fn assert_read(reply: &ChatReply) {
    assert_eq!(reply.structured, Some(json!({"reason": "whiskers", "score": 4})));
    assert_eq!(reply.finish, Finish::Stop);
    assert_eq!(reply.usage, Some(Usage { input: 210, output: 18, cached: 128 }));
    assert_eq!(reply.spent.attempts, 1);
    assert!(reply.spent.cost.is_some());
    assert!(reply.raw.is_some());
}

/// The model of `OpenAI` by its newer API, where a question says so.
fn by_responses(request: ChatRequest) -> ChatRequest {
    let settings = Settings { api: Some(OpenAiApi::Responses), ..request.settings };
    ChatRequest { settings, ..request }
}

#[tokio::test]
async fn openai_completions() {
    let mut request = everything("gpt-4o-mini");
    request.settings.seed = Some(7);
    request.settings.stop = vec!["END".into()];
    request.settings.reasoning_effort = Some("low".into());
    request.settings.extra = extra("user", json!("me"));
    let (seen, reply) = exchange("openai-completions", |url| model(Provider::OpenAi, url), &request).await;
    assert_eq!(
        (seen.path.as_str(), seen.headers["authorization"].as_str()),
        ("/chat/completions", "Bearer sk-test-0123456789abcdef")
    );
    assert_read(&reply);
    assert_eq!(reply.model, "gpt-4o-mini-2024-07-18");
}

#[tokio::test]
async fn openai_responses() {
    let mut request = everything("gpt-4o-mini");
    request.settings.reasoning_effort = Some("low".into());
    request.settings.extra = extra("user", json!("me"));
    let (seen, reply) =
        exchange("openai-responses", |url| model(Provider::OpenAi, url), &by_responses(request)).await;
    assert_eq!(seen.path, "/responses");
    assert_read(&reply);
}

#[test]
fn openais_files_are_read_by_the_types_of_another_crate() {
    serde_json::from_value::<CreateChatCompletionRequest>(golden("openai-completions.request")).unwrap();
    serde_json::from_value::<CreateChatCompletionResponse>(golden("openai-completions.reply")).unwrap();
    serde_json::from_value::<CreateResponse>(golden("openai-responses.request")).unwrap();
    serde_json::from_value::<Response>(golden("openai-responses.reply")).unwrap();
}

#[tokio::test]
async fn anthropic() {
    let mut request = everything("claude-haiku-4-5");
    request.settings.top_k = Some(40);
    request.settings.stop = vec!["END".into()];
    request.settings.extra = extra("metadata", json!({"user_id": "me"}));
    let (seen, reply) = exchange("anthropic", |url| model(Provider::Anthropic, url), &request).await;
    assert_eq!(seen.path, "/v1/messages");
    assert_eq!(
        (seen.headers["x-api-key"].as_str(), seen.headers["anthropic-version"].as_str()),
        (KEY, "2023-06-01")
    );
    assert_read(&reply);
}

#[tokio::test]
async fn only_a_claude_that_takes_it_is_forced_to_answer_by_the_tool() {
    for (name, choice) in [
        ("claude-3-5-haiku-20241022", "tool"),
        ("claude-sonnet-4@20250514", "tool"),
        ("claude-opus-4-8", "tool"),
        ("claude-haiku-5-5", "auto"),
        ("claude-opus-5-5", "auto"),
        ("claude-fable-5-2", "auto"),
    ] {
        let reply = json!({"content": [{"type": "text", "text": "{}"}], "stop_reason": "end_turn"});
        let server = Server::always(Act::json(200, &reply)).await;
        let request = ChatRequest { model: name.into(), ..judged() };
        model(Provider::Anthropic, &server.url).call(&request).await.unwrap();
        assert_eq!(server.seen()[0].body["tool_choice"]["type"], choice, "{name}");
    }
}

#[tokio::test]
async fn gemini_and_vertex() {
    let mut request = everything("gemini-2.5-flash-lite");
    request.settings.top_k = Some(40);
    request.settings.seed = Some(7);
    request.settings.stop = vec!["END".into()];
    request.settings.reasoning_effort = Some("low".into());
    request.settings.extra = extra("generationConfig", json!({"thinkingConfig": {"includeThoughts": true}}));
    let (seen, reply) = exchange("gemini", |url| model(Provider::Gemini, url), &request).await;
    assert_eq!(seen.path, "/models/gemini-2.5-flash-lite:generateContent");
    assert_eq!(seen.headers["x-goog-api-key"], KEY);
    assert_read(&reply);
    let (seen, reply) = exchange("gemini", |url| model(Provider::Vertex, url), &request).await;
    assert_eq!(seen.path, "/publishers/google/models/gemini-2.5-flash-lite:generateContent");
    assert_eq!(seen.headers["authorization"], format!("Bearer {KEY}"));
    assert_read(&reply);
}

/// The same refusal and the same cut in the words of each.
#[tokio::test]
async fn refusals_and_cuts_are_known_from_every_provider() {
    let message = |content: Value, refusal: Value, finish: &str| json!({"choices": [{"message": {"content": content, "refusal": refusal}, "finish_reason": finish}]});
    let cases = [
        ("completions", message(Value::Null, json!("no"), "stop"), Finish::Refused),
        ("completions", message(json!("half"), Value::Null, "length"), Finish::Length),
        (
            "responses",
            json!({"status": "completed", "output": [{"content": [{"type": "refusal", "refusal": "no"}]}]}),
            Finish::Refused,
        ),
        (
            "responses",
            json!({"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}, "output": []}),
            Finish::Length,
        ),
        ("anthropic", json!({"content": [], "stop_reason": "refusal"}), Finish::Refused),
        (
            "anthropic",
            json!({"content": [{"type": "text", "text": "half"}], "stop_reason": "max_tokens"}),
            Finish::Length,
        ),
        ("gemini", json!({"promptFeedback": {"blockReason": "SAFETY"}}), Finish::Refused),
        ("gemini", json!({"candidates": [{"finishReason": "PROHIBITED_CONTENT"}]}), Finish::Refused),
        (
            "gemini",
            json!({"candidates": [{"content": {"parts": [{"text": "half"}]}, "finishReason": "MAX_TOKENS"}]}),
            Finish::Length,
        ),
    ];
    for (api, body, finish) in cases {
        let server = Server::always(Act::json(200, &body)).await;
        let model = match api {
            "completions" | "responses" => openai(&server),
            "anthropic" => model(Provider::Anthropic, &server.url),
            _ => model(Provider::Gemini, &server.url),
        };
        let by = |request| if api == "responses" { by_responses(request) } else { request };
        let free = model.call(&by(question())).await.unwrap();
        assert_eq!((free.finish, free.usage), (finish.clone(), None), "{body}");
        let expected = if finish == Finish::Refused { ErrorKind::Refused } else { ErrorKind::CutOff };
        let model = stack().around(model);
        assert_eq!(kind(model.call(&by(question())).await), expected, "{body}");
        assert_eq!(kind(model.call(&by(judged())).await), expected, "{body}");
    }
}

#[tokio::test]
async fn how_much_gemini_thinks_is_a_number_up_to_2_5_and_a_word_after_it() {
    let reply = json!({"candidates": [{"content": {"parts": [{"text": "yes"}]}}]});
    let server = Server::always(Act::json(200, &reply)).await;
    let gemini = model(Provider::Gemini, &server.url);
    for (name, effort, sent) in [
        ("gemini-2.5-flash", "none", json!({"thinkingBudget": 0})),
        ("gemini-2.5-pro", "high", json!({"thinkingBudget": 24_576})),
        ("models/gemini-2.5-flash-lite", "medium", json!({"thinkingBudget": 8_192})),
        ("gemini-3-pro", "high", json!({"thinkingLevel": "high"})),
    ] {
        let mut request = ChatRequest { model: name.into(), ..question() };
        request.settings.reasoning_effort = Some(effort.into());
        gemini.call(&request).await.unwrap();
        assert_eq!(server.seen().last().unwrap().body["generationConfig"]["thinkingConfig"], sent, "{name}");
    }
    let mut request = ChatRequest { model: "gemini-2.5-pro".into(), ..question() };
    request.settings.reasoning_effort = Some("much".into());
    assert_eq!(gemini.check(&request).unwrap_err().kind(), ErrorKind::Configuration);
}

#[tokio::test]
async fn a_setting_that_a_provider_does_not_have_is_told_before_anything_is_sent() {
    let server = Server::always(Act::Silent).await;
    let mut request = question();
    request.settings.seed = Some(1);
    for (model, request) in [
        (model(Provider::Anthropic, &server.url), request.clone()),
        (model(Provider::Anthropic, &server.url), by_responses(question())),
        (model(Provider::Gemini, &server.url), by_responses(question())),
        (openai(&server), by_responses(request)),
    ] {
        assert_eq!(model.check(&request).unwrap_err().kind(), ErrorKind::Configuration);
        assert_eq!(kind(model.call(&request).await), ErrorKind::Configuration);
    }
    assert_eq!(server.calls(), 0);
}

#[tokio::test]
async fn a_schema_without_a_strict_form_is_sent_as_it_stands() {
    let open = json!({"type": "object", "additionalProperties": {"type": "integer"}});
    let schema = OutputSchema::new("counts", open.clone()).unwrap();
    let request = ChatRequest { schema: Some(schema), ..question() };
    let server = Server::always(Act::json(200, &completion(r#"{"a": 1}"#))).await;
    let reply = stack().around(openai(&server)).call(&request).await.unwrap();
    assert_eq!(reply.structured, Some(json!({"a": 1})));
    let sent = &server.seen()[0].body["response_format"]["json_schema"];
    assert_eq!((&sent["strict"], &sent["schema"]), (&json!(false), &open));
    let gemini = json!({"candidates": [{"content": {"parts": [{"text": "{\"a\": 1}"}]}}]});
    let server = Server::always(Act::json(200, &gemini)).await;
    stack().around(model(Provider::Gemini, &server.url)).call(&request).await.unwrap();
    let sent = &server.seen()[0].body["generationConfig"];
    assert_eq!((&sent["responseJsonSchema"], &sent["responseSchema"]), (&open, &Value::Null));
}

#[tokio::test]
async fn how_likely_tokens_were_is_asked_for_and_read_in_each_providers_words() {
    let openai = json!([{"token": "ye", "logprob": -0.5, "bytes": null}, {"token": "s", "logprob": 0.0}]);
    let google = json!([{"token": "ye", "logProbability": -0.5}, {"token": "s", "logProbability": 0.0}]);
    let cases = [
        (
            Provider::OpenAi,
            OpenAiApi::Completions,
            json!({"choices": [{"message": {"content": "yes"}, "logprobs": {"content": openai}}]}),
            ("/logprobs", json!(true)),
        ),
        (
            Provider::OpenAi,
            OpenAiApi::Responses,
            json!({"output": [{"content": [{"type": "output_text", "text": "yes", "logprobs": openai}]}]}),
            ("/include", json!(["message.output_text.logprobs"])),
        ),
        (
            Provider::Gemini,
            OpenAiApi::Completions,
            json!({"candidates": [{
                "content": {"parts": [{"text": "yes"}]},
                "logprobsResult": {"chosenCandidates": google}
            }]}),
            ("/generationConfig/responseLogprobs", json!(true)),
        ),
    ];
    for (provider, api, body, (place, asked)) in cases {
        let server = Server::always(Act::json(200, &body)).await;
        let mut request = question();
        request.settings.logprobs = Some(true);
        request.settings.api = Some(api).filter(|api| *api == OpenAiApi::Responses);
        let reply = model(provider, &server.url).call(&request).await.unwrap();
        let read: Vec<_> = reply.log_probs.iter().map(|of| (of.token.as_str(), of.log_prob)).collect();
        assert_eq!(read, [("ye", -0.5), ("s", 0.0)], "{provider} {api:?}");
        assert_eq!(server.seen()[0].body.pointer(place), Some(&asked), "{provider} {api:?}");
    }
}
