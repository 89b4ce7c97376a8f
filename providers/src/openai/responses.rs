//! Responses on the wire.

use serde_json::{Value, json};

use super::completions::{format, image_url};
use crate::CallError;
use crate::chat::{ChatReply, ChatRequest, Finish, Message, Part, Role, Usage, merge};
use crate::http::{Access, Posted};
use crate::wire::{Body, Members, Said, count, items, json_object, log_probs, reply, text, usage};

/// # Errors
/// With a setting that this API does not have.
pub(super) fn body(request: &ChatRequest) -> Result<Members<'_>, &'static str> {
    let settings = &request.settings;
    if settings.seed.is_some() {
        return Err("the responses API has no setting `seed`");
    }
    if !settings.stop.is_empty() {
        return Err("the responses API has no setting `stop`");
    }
    let mut body = Body::default();
    body.put("model", request.model.clone());
    body.put("input", request.messages.iter().map(message).collect::<Value>());
    // Nothing of what is judged is to stay with the provider.
    body.put("store", false);
    body.put_number("temperature", settings.temperature);
    body.put_number("top_p", settings.top_p);
    body.put_some("top_k", settings.top_k);
    body.put_some("max_output_tokens", settings.max_tokens);
    body.put_some("reasoning", settings.reasoning_effort.as_ref().map(|effort| json!({ "effort": effort })));
    if settings.logprobs == Some(true) {
        body.put("include", json!(["message.output_text.logprobs"]));
    }
    if let Some(schema) = &request.schema {
        let mut format = format(schema);
        format["type"] = "json_schema".into();
        body.put("text", json_object([("format", format)]));
    }
    merge(&mut body.0, &settings.extra);
    Ok(Members { own: body.0, shared: None })
}

fn message(message: &Message) -> Value {
    let part = |part: &Part| match part {
        Part::Text(text) if message.role == Role::Assistant => json!({"type": "output_text", "text": text}),
        Part::Text(text) => json!({"type": "input_text", "text": text}),
        Part::Image(image) => json!({"type": "input_image", "image_url": image_url(image), "detail": "auto"}),
    };
    let content = message.as_text().map_or_else(|| message.parts.iter().map(part).collect(), Value::from);
    json!({"role": message.role.as_str(), "content": content})
}

pub(super) fn read(access: &Access, request: &ChatRequest, posted: Posted) -> Result<ChatReply, CallError> {
    let json = &posted.json;
    if !json.get("output").is_some_and(Value::is_array) {
        return Err(access.unexpected(&posted, "output"));
    }
    let (mut said, mut refusal) = (String::new(), String::new());
    for part in items(json, "/output").flat_map(|item| items(item, "/content")) {
        match text(part, "/type") {
            "output_text" => said.push_str(text(part, "/text")),
            "refusal" => refusal.push_str(text(part, "/refusal")),
            _ => {}
        }
    }
    let finish = match (text(json, "/status"), text(json, "/incomplete_details/reason")) {
        _ if !refusal.is_empty() => Finish::Refused,
        ("completed" | "", _) => Finish::Stop,
        (_, "max_output_tokens") => Finish::Length,
        (_, "content_filter") => Finish::Refused,
        (status, _) => Finish::Other(status.to_owned()),
    };
    let usage = usage(json, "usage", |usage| Usage {
        input: count(usage, "/input_tokens"),
        output: count(usage, "/output_tokens"),
        cached: count(usage, "/input_tokens_details/cached_tokens"),
    });
    let text = if refusal.is_empty() { said } else { refusal };
    let parts = items(json, "/output").flat_map(|item| items(item, "/content"));
    let log_probs = log_probs(parts.flat_map(|part| items(part, "/logprobs")), "/token", "/logprob");
    let said = Said { text, structured: None, finish, usage, log_probs };
    Ok(reply(posted, said, "model", &request.model))
}
