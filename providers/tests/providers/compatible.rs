//! Servers that speak `OpenAI`'s API nearly: what they add, leave out and write otherwise.
//!
//! The replies are written after what each server says of its own.

use scouter_providers::chat::{ChatRequest, Usage};
use scouter_providers::{ErrorKind, Provider};
use serde_json::{Value, json};

use crate::support::*;

const SAID: &str = r#"{"reason": "whiskers", "score": 4}"#;

/// A whole reply, but for what is changed.
fn but(change: impl FnOnce(&mut Value)) -> Value {
    let mut reply = completion(SAID);
    change(&mut reply);
    reply
}

fn vllm() -> Value {
    json!({
        "id": "chatcmpl-7", "object": "chat.completion", "created": 1, "model": "m",
        "choices": [{
            "index": 0,
            "message": {
                "role": "assistant", "content": SAID, "refusal": null, "annotations": null, "audio": null, "function_call": null,
                "tool_calls": [], "reasoning_content": "A {cat}, it seems."
            },
            "logprobs": null, "finish_reason": "stop", "stop_reason": null, "token_ids": null
        }],
        "service_tier": null, "system_fingerprint": null, "prompt_logprobs": null, "kv_transfer_params": null,
        "usage": {"prompt_tokens": 100, "total_tokens": 120, "completion_tokens": 20, "prompt_tokens_details": null}
    })
}

fn ollama() -> Value {
    json!({
        "id": "chatcmpl-7", "object": "chat.completion", "created": 1, "model": "m:latest", "system_fingerprint": "fp_ollama",
        "choices": [{
            "index": 0, "message": {"role": "assistant", "content": SAID, "reasoning": "A cat."}, "finish_reason": "stop"
        }],
        "usage": {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
    })
}

fn lite_llm() -> Value {
    json!({
        "id": "chatcmpl-7", "created": 1, "model": "m", "object": "chat.completion", "system_fingerprint": null,
        "choices": [{
            "finish_reason": "stop", "index": 0,
            "message": {
                "content": SAID, "role": "assistant", "tool_calls": null, "function_call": null,
                "provider_specific_fields": {"refusal": null}
            }
        }],
        "usage": {
            "completion_tokens": 20, "prompt_tokens": 100, "total_tokens": 120, "completion_tokens_details": null,
            "prompt_tokens_details": {"audio_tokens": null, "cached_tokens": null}
        }
    })
}

fn open_router() -> Value {
    json!({
        "id": "gen-7", "provider": "Somebody", "model": "maker/m", "object": "chat.completion", "created": 1,
        "choices": [{
            "logprobs": null, "finish_reason": "stop", "native_finish_reason": "STOP", "index": 0,
            "message": {
                "role": "assistant", "content": SAID, "refusal": null, "reasoning": "A cat.",
                "reasoning_details": [{"type": "reasoning.text", "text": "A cat."}]
            }
        }],
        "usage": {
            "prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120, "cost": 0.000_01,
            "cost_details": {"upstream_inference_cost": null}
        }
    })
}

#[tokio::test]
async fn what_servers_add_to_a_reply_is_in_nobodys_way() {
    for reply in [vllm(), ollama(), lite_llm(), open_router()] {
        let server = Server::always(Act::json(200, &reply)).await;
        let answer = stack().around(openai(&server)).call(&judged()).await.unwrap();
        assert_eq!(answer.structured, Some(json!({"reason": "whiskers", "score": 4})), "{reply}");
        assert_eq!(answer.usage, Some(Usage { input: 100, output: 20, cached: 0 }), "{reply}");
        assert_eq!(answer.model, reply["model"].as_str().unwrap());
        assert_eq!(server.calls(), 1, "{reply}");
    }
}

#[tokio::test]
async fn what_servers_leave_out_or_write_otherwise_is_read_all_the_same() {
    let replies = [
        but(|reply| reply["usage"] = Value::Null),
        but(|reply| drop(reply.as_object_mut().unwrap().remove("usage"))),
        but(|reply| reply["choices"][0]["finish_reason"] = Value::Null),
        but(|reply| drop(reply["choices"][0].as_object_mut().unwrap().remove("finish_reason"))),
        but(|reply| reply["choices"][0]["message"]["content"] = json!([{"type": "text", "text": SAID}])),
        but(|reply| {
            let thought = json!({"type": "thinking", "thinking": [{"type": "text", "text": "A cat."}]});
            let halves = SAID.split_at(9);
            reply["choices"][0]["message"]["content"] =
                json!([thought, {"type": "text", "text": halves.0}, {"type": "text", "text": halves.1}]);
        }),
        but(|reply| {
            reply["choices"][0]["message"]["content"] = format!("<think>A cat.</think>\n{SAID}").into();
        }),
        but(|reply| {
            let function = json!({"name": "look", "arguments": {"at": "the cat"}});
            reply["choices"][0]["message"]["tool_calls"] =
                json!([{"id": "call_7", "type": "function", "function": function}]);
        }),
        json!({"choices": [{"message": {"content": SAID}}]}),
    ];
    for reply in replies {
        let server = Server::always(Act::json(200, &reply)).await;
        let answer = stack().around(openai(&server)).call(&judged()).await.unwrap();
        assert_eq!(answer.structured, Some(json!({"reason": "whiskers", "score": 4})), "{reply}");
        assert_eq!(server.calls(), 1, "{reply}");
    }
}

#[tokio::test]
async fn a_reply_without_counts_has_no_usage_and_no_cost() {
    let reply = but(|reply| reply["usage"] = Value::Null);
    let server = Server::always(Act::json(200, &reply)).await;
    let answer = stack().around(openai(&server)).call(&judged()).await.unwrap();
    assert_eq!((answer.usage, answer.spent.cost), (None, None));
}

#[tokio::test]
async fn an_answer_that_broke_half_way_behind_a_router_is_asked_for_again() {
    let broken = json!({"choices": [{
        "error": {"code": 502, "message": "upstream broke"},
        "message": {"role": "assistant", "content": "ye"},
        "finish_reason": "error"
    }]});
    let server = Server::start(move |number, _| match number {
        0 => Act::json(200, &broken),
        _ => Act::json(200, &completion("yes")),
    })
    .await;
    let reply = stack().around(openai(&server)).call(&question()).await.unwrap();
    assert_eq!((reply.text.as_str(), reply.spent.attempts), ("yes", 2));
}

/// Refusals of the form, in the shapes in which servers tell errors.
fn refusals() -> [(u16, Value); 4] {
    [
        (
            400,
            json!({"error": {"message": "this response_format type is not there", "code": "invalid_request_error"}}),
        ),
        (400, json!({"error": "the model takes no JSON Schema"})),
        (
            400,
            json!({"object": "error", "message": "no backend for `json_schema`", "type": "BadRequestError", "code": 400}),
        ),
        (
            422,
            json!({"detail": [{"loc": ["body", "response_format", "type"], "msg": "not one of `text`, `json_object`"}]}),
        ),
    ]
}

#[tokio::test]
async fn a_server_that_knows_no_schema_is_told_with_what_to_do() {
    for (status, body) in refusals() {
        let server = Server::always(Act::json(status, &body)).await;
        let error = stack().around(openai(&server)).call(&judged()).await.unwrap_err();
        assert_eq!((error.kind(), server.calls()), (ErrorKind::BadRequest, 1), "{body}");
        let told = error.to_string();
        assert!(told.contains("set `response_format` to null in the `extra`"), "{told}");
    }
}

#[tokio::test]
async fn without_a_form_such_a_server_answers_and_its_reply_is_checked() {
    let server = Server::start(|_, seen| match &seen.body["response_format"] {
        Value::Null => Act::json(200, &completion(&format!("It has whiskers, so:\n```json\n{SAID}\n```"))),
        _ => Act::json(400, &json!({"error": {"message": "this response_format type is not there"}})),
    })
    .await;
    let mut request = judged();
    request.settings.extra.insert("response_format".into(), Value::Null);
    let answer = stack().around(openai(&server)).call(&request).await.unwrap();
    assert_eq!(answer.structured, Some(json!({"reason": "whiskers", "score": 4})));
}

#[tokio::test]
async fn a_question_that_is_refused_for_something_else_gets_no_such_advice() {
    let form = json!({"error": {"message": "this response_format type is not there"}});
    let length = json!({"error": {"message": "the context has 4096 tokens"}});
    let mut formless = judged();
    formless.settings.extra.insert("response_format".into(), json!({"type": "text"}));
    let cases: [(&Value, ChatRequest); 3] = [(&length, judged()), (&form, question()), (&form, formless)];
    for (body, request) in cases {
        let server = Server::always(Act::json(400, body)).await;
        let error = model(Provider::OpenAi, &server.url).call(&request).await.unwrap_err();
        assert_eq!(error.details().message, body["error"]["message"].as_str().unwrap());
    }
}
