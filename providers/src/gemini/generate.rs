//! `generateContent` on the wire.

use serde_json::{Value, json};

use crate::CallError;
use crate::chat::{ChatReply, ChatRequest, Finish, Image, Message, Part, Role, Usage, merge};
use crate::http::{Access, Posted};
use crate::structured::openapi;
use crate::wire::{Body, Said, at, base64, count, items, log_probs, reply, text, usage};

/// # Errors
/// With a setting that the model does not have.
pub(super) fn body(request: &ChatRequest) -> Result<Value, String> {
    let settings = &request.settings;
    if settings.api.is_some() {
        return Err("gemini has no setting `api`: that is a choice of OpenAI's".to_owned());
    }
    let (system, said): (Vec<_>, Vec<_>) =
        request.messages.iter().partition(|message| message.role == Role::System);
    let mut body = Body::default();
    if !system.is_empty() {
        let parts: Value = system.iter().flat_map(|message| message.parts.iter().map(part)).collect();
        body.put("systemInstruction", json!({ "parts": parts }));
    }
    body.put("contents", said.into_iter().map(content).collect::<Value>());
    let mut config = Body::default();
    config.put_number("temperature", settings.temperature);
    config.put_number("topP", settings.top_p);
    config.put_some("topK", settings.top_k);
    config.put_some("maxOutputTokens", settings.max_tokens);
    config.put_some("seed", settings.seed);
    config.put_some("stopSequences", Some(settings.stop.clone()).filter(|stop| !stop.is_empty()));
    config.put_some("responseLogprobs", settings.logprobs);
    let thinking = settings.reasoning_effort.as_deref().map(|effort| thinking(&request.model, effort));
    config.put_some("thinkingConfig", thinking.transpose()?);
    if let Some(schema) = &request.schema {
        config.put("responseMimeType", "application/json");
        // Newer models take JSON Schema as well, with references and open objects.
        match openapi(schema.schema()) {
            Some(schema) => config.put("responseSchema", schema),
            None => config.put("responseJsonSchema", schema.schema().clone()),
        }
    }
    if !config.0.is_empty() {
        body.put("generationConfig", config.0);
    }
    merge(&mut body.0, &settings.extra);
    Ok(Value::Object(body.0))
}

/// How much a model is to think. Gemini 2.5 takes a number of tokens where later ones take a word, and refuses the word; the
/// numbers are those that Google's own endpoint for `OpenAI`'s API puts in the place of the words.
fn thinking(model: &str, effort: &str) -> Result<Value, String> {
    if !model.trim_start_matches("models/").starts_with("gemini-2.5") {
        return Ok(json!({ "thinkingLevel": effort }));
    }
    let tokens = match effort {
        "none" => 0,
        "minimal" | "low" => 1_024,
        "medium" => 8_192,
        "high" => 24_576,
        _ => {
            return Err(format!(
                "`reasoning_effort` of Gemini 2.5 is `none`, `minimal`, `low`, `medium` or `high`, and not `{effort}`"
            ));
        }
    };
    Ok(json!({ "thinkingBudget": tokens }))
}

/// A message of the user or the model as this API has it.
pub fn content(message: &Message) -> Value {
    let role = if message.role == Role::Assistant { "model" } else { "user" };
    json!({"role": role, "parts": message.parts.iter().map(part).collect::<Value>()})
}

fn part(part: &Part) -> Value {
    match part {
        Part::Text(text) => json!({ "text": text }),
        Part::Image(Image::Url(url)) => match media_type(url) {
            Some(media_type) => json!({"fileData": {"fileUri": url, "mimeType": media_type}}),
            None => json!({"fileData": {"fileUri": url}}),
        },
        Part::Image(Image::Bytes { media_type, data }) => {
            json!({"inlineData": {"mimeType": media_type, "data": base64(data)}})
        }
    }
}

/// The type of an image by the end of its name: Vertex wants to know it.
fn media_type(url: &str) -> Option<&'static str> {
    let name = url.split(['?', '#']).next()?;
    let (_, end) = name.rsplit_once('.')?;
    Some(match end.to_ascii_lowercase().as_str() {
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "gif" => "image/gif",
        "heic" => "image/heic",
        "heif" => "image/heif",
        _ => return None,
    })
}

pub(super) fn read(access: &Access, request: &ChatRequest, posted: Posted) -> Result<ChatReply, CallError> {
    let json = &posted.json;
    let blocked = text(json, "/promptFeedback/blockReason");
    if at(json, "/candidates/0").is_none() && blocked.is_empty() {
        return Err(access.unexpected(&posted, "candidates[0]"));
    }
    let mut said: String = items(json, "/candidates/0/content/parts")
        .filter(|part| part.get("thought") != Some(&Value::Bool(true)))
        .map(|part| text(part, "/text"))
        .collect();
    let finish = match text(json, "/candidates/0/finishReason") {
        _ if !blocked.is_empty() => Finish::Refused,
        "STOP" | "" => Finish::Stop,
        "MAX_TOKENS" => Finish::Length,
        reason @ ("SAFETY" | "RECITATION" | "BLOCKLIST" | "PROHIBITED_CONTENT" | "SPII" | "IMAGE_SAFETY") => {
            if said.is_empty() {
                reason.clone_into(&mut said);
            }
            Finish::Refused
        }
        other => Finish::Other(other.to_owned()),
    };
    if said.is_empty() {
        blocked.clone_into(&mut said);
    }
    let usage = usage(json, "usageMetadata", |usage| Usage {
        input: count(usage, "/promptTokenCount"),
        output: count(usage, "/candidatesTokenCount") + count(usage, "/thoughtsTokenCount"),
        cached: count(usage, "/cachedContentTokenCount"),
    });
    let chosen = items(json, "/candidates/0/logprobsResult/chosenCandidates");
    let log_probs = log_probs(chosen, "/token", "/logProbability");
    let said = Said { text: said, structured: None, finish, usage, log_probs };
    Ok(reply(posted, said, "modelVersion", &request.model))
}
