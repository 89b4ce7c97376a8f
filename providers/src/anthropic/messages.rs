//! Messages on the wire.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Value, json};

use crate::CallError;
use crate::chat::{ChatReply, ChatRequest, Finish, Image, Message, Part, Role, Usage, merge};
use crate::http::{Access, Posted};
use crate::structured::object;
use crate::wire::{Body, Said, base64, count, items, reply, text, usage};

/// The provider wants a limit; this is enough for a judge's reply.
const MAX_TOKENS: u32 = 4_096;

/// Models that may be forced to use a tool. From Claude 5 on some refuse, so none is forced.
static FORCED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"claude-(3|[a-z]+-4)([-.@]|$)").expect("the pattern is constant and tested")
});

/// # Errors
/// With a setting that this API does not have.
pub(super) fn body(request: &ChatRequest) -> Result<Value, &'static str> {
    let settings = &request.settings;
    if settings.seed.is_some() {
        return Err("anthropic has no setting `seed`");
    }
    if settings.reasoning_effort.is_some() {
        return Err("anthropic has no setting `reasoning_effort`; give `thinking` in `extra`");
    }
    if settings.logprobs.is_some() {
        return Err("anthropic has no setting `logprobs`");
    }
    if settings.api.is_some() {
        return Err("anthropic has no setting `api`: that is a choice of OpenAI's");
    }
    let mut body = Body::default();
    body.put("model", request.model.clone());
    body.put("max_tokens", settings.max_tokens.unwrap_or(MAX_TOKENS));
    let (system, said): (Vec<_>, Vec<_>) =
        request.messages.iter().partition(|message| message.role == Role::System);
    let system: Vec<Value> = system.iter().flat_map(|message| message.parts.iter().map(part)).collect();
    body.put_some("system", Some(system).filter(|system| !system.is_empty()));
    body.put("messages", said.into_iter().map(message).collect::<Value>());
    body.put_number("temperature", settings.temperature);
    body.put_number("top_p", settings.top_p);
    body.put_some("top_k", settings.top_k);
    body.put_some("stop_sequences", Some(settings.stop.clone()).filter(|stop| !stop.is_empty()));
    if let Some(schema) = &request.schema {
        body.put(
            "tools",
            json!([{
                "name": schema.name(),
                "description": "Give the answer by this tool, in this form.",
                "input_schema": object(schema.schema())
            }]),
        );
        // A model that thinks may not be forced to use a tool.
        let thinks =
            settings.extra.get("thinking").is_some_and(|thinking| text(thinking, "/type") != "disabled");
        let choice = if FORCED.is_match(&request.model) && !thinks {
            json!({"type": "tool", "name": schema.name()})
        } else {
            json!({"type": "auto"})
        };
        body.put("tool_choice", choice);
    }
    merge(&mut body.0, &settings.extra);
    Ok(Value::Object(body.0))
}

/// A message of the user or the model as this API has it.
pub fn message(message: &Message) -> Value {
    let content = message.as_text().map_or_else(|| message.parts.iter().map(part).collect(), Value::from);
    json!({"role": message.role.as_str(), "content": content})
}

fn part(part: &Part) -> Value {
    match part {
        Part::Text(text) => json!({"type": "text", "text": text}),
        Part::Image(Image::Url(url)) => json!({"type": "image", "source": {"type": "url", "url": url}}),
        Part::Image(Image::Bytes { media_type, data }) => {
            json!({"type": "image", "source": {"type": "base64", "media_type": media_type, "data": base64(data)}})
        }
    }
}

pub(super) fn read(access: &Access, request: &ChatRequest, posted: Posted) -> Result<ChatReply, CallError> {
    let json = &posted.json;
    if !json.get("content").is_some_and(Value::is_array) {
        return Err(access.unexpected(&posted, "content"));
    }
    let mut said = String::new();
    let mut structured = None;
    for block in items(json, "/content") {
        match text(block, "/type") {
            "text" => said.push_str(text(block, "/text")),
            "tool_use" if request.schema.is_some() => structured = block.get("input").cloned(),
            _ => {}
        }
    }
    if let Some(input) = &structured {
        said = input.to_string();
    }
    let finish = match text(json, "/stop_reason") {
        "end_turn" | "stop_sequence" | "tool_use" | "" => Finish::Stop,
        "max_tokens" | "model_context_window_exceeded" => Finish::Length,
        "refusal" => Finish::Refused,
        other => Finish::Other(other.to_owned()),
    };
    // The provider counts what it read from its cache, and wrote to it, apart.
    let usage = usage(json, "usage", |usage| {
        let cached = count(usage, "/cache_read_input_tokens");
        let input = count(usage, "/input_tokens") + count(usage, "/cache_creation_input_tokens") + cached;
        Usage { input, output: count(usage, "/output_tokens"), cached }
    });
    Ok(reply(
        posted,
        Said { text: said, structured, finish, usage, log_probs: Vec::new() },
        "model",
        &request.model,
    ))
}
