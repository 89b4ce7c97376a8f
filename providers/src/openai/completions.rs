//! Chat completions on the wire.

use serde_json::{Value, json};

use crate::CallError;
use crate::chat::{ChatReply, ChatRequest, Finish, Image, Message, OutputSchema, Part, Usage, merge};
use crate::http::{Access, Posted};
use crate::structured::object;
use crate::wire::{
    Body, Members, Said, at, count, data_url, items, json_object, log_probs, reply, text, usage,
};

/// The member of a request that says in which form to answer.
const FORMAT: &str = "response_format";

/// `own`: sent to the provider itself, which has newer names than compatible servers know.
pub(super) fn body(request: &ChatRequest, own: bool) -> Members<'_> {
    let settings = &request.settings;
    let mut body = Body::default();
    body.put("model", request.model.clone());
    body.put("messages", request.messages.iter().map(message).collect::<Value>());
    body.put_number("temperature", settings.temperature);
    body.put_number("top_p", settings.top_p);
    body.put_some("top_k", settings.top_k);
    // Reasoning models of the provider refuse the older name.
    body.put_some(if own { "max_completion_tokens" } else { "max_tokens" }, settings.max_tokens);
    body.put_some("seed", settings.seed);
    body.put_some("stop", Some(settings.stop.clone()).filter(|stop| !stop.is_empty()));
    body.put_some("logprobs", settings.logprobs);
    body.put_some("reasoning_effort", settings.reasoning_effort.clone());
    let form = request.schema.as_ref().map(|schema| schema.response_format(response_format));
    // Where settings change it, it is a member of this request alone.
    let (changed, shared) = if settings.extra.contains_key(FORMAT) { (form, None) } else { (None, form) };
    body.put_some(FORMAT, changed.cloned());
    merge(&mut body.0, &settings.extra);
    Members { own: body.0, shared: shared.map(|form| (FORMAT, form)) }
}

fn response_format(schema: &OutputSchema) -> Value {
    json_object([("type", "json_schema".into()), ("json_schema", format(schema))])
}

/// The schema in its strict form, or as it stands where it has none.
pub(super) fn format(schema: &OutputSchema) -> Value {
    let (form, strict) = match schema.strict() {
        Some(strict) => (strict.clone(), true),
        None => (object(schema.schema()), false),
    };
    json_object([("name", schema.name().into()), ("schema", form), ("strict", strict.into())])
}

/// A message as chat completions have it.
pub fn message(message: &Message) -> Value {
    let content = message.as_text().map_or_else(|| message.parts.iter().map(part).collect(), Value::from);
    json_object([("role", message.role.as_str().into()), ("content", content)])
}

fn part(part: &Part) -> Value {
    match part {
        Part::Text(text) => json!({"type": "text", "text": text}),
        Part::Image(image) => json!({"type": "image_url", "image_url": {"url": image_url(image)}}),
    }
}

pub(super) fn image_url(image: &Image) -> String {
    match image {
        Image::Url(url) => url.clone(),
        Image::Bytes { media_type, data } => data_url(media_type, data),
    }
}

pub(super) fn read(access: &Access, request: &ChatRequest, posted: Posted) -> Result<ChatReply, CallError> {
    let json = &posted.json;
    let Some(message) = at(json, "/choices/0/message").filter(|message| message.is_object()) else {
        return Err(access.unexpected(&posted, "choices[0].message"));
    };
    let refusal = text(message, "/refusal");
    // Some servers answer with parts, as they are asked.
    let mut said = text(message, "/content").to_owned();
    said.extend(items(message, "/content").map(|part| text(part, "/text")));
    let finish = match text(json, "/choices/0/finish_reason") {
        _ if !refusal.is_empty() => Finish::Refused,
        "stop" | "" => Finish::Stop,
        "length" => Finish::Length,
        "content_filter" => Finish::Refused,
        other => Finish::Other(other.to_owned()),
    };
    let usage = usage(json, "usage", |usage| Usage {
        input: count(usage, "/prompt_tokens"),
        output: count(usage, "/completion_tokens"),
        cached: count(usage, "/prompt_tokens_details/cached_tokens"),
    });
    let text = if refusal.is_empty() { said } else { refusal.to_owned() };
    let log_probs = log_probs(items(json, "/choices/0/logprobs/content"), "/token", "/logprob");
    let said = Said { text, structured: None, finish, usage, log_probs };
    Ok(reply(posted, said, "model", &request.model))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_change_the_form_of_their_own_request_alone() {
        let schema = OutputSchema::new("Score", OutputSchema::score_json()).unwrap();
        let mut request = ChatRequest { schema: Some(schema), ..ChatRequest::default() };
        let sent = |request: &ChatRequest| serde_json::to_value(body(request, true)).unwrap();
        let usual = sent(&request);
        assert_eq!(usual[FORMAT]["json_schema"]["strict"], true);
        let changes = json!({FORMAT: {"json_schema": {"strict": false}}});
        request.settings.extra = changes.as_object().cloned().unwrap();
        assert_eq!(sent(&request)[FORMAT]["json_schema"]["strict"], false);
        request.settings.extra.clear();
        assert_eq!(sent(&request), usual);
    }
}
