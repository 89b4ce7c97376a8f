//! What a judge wants of its prompt.

use schemars::{Schema, SchemaGenerator, json_schema};
use scouter_engine::nearest;
use scouter_providers::prompt::Prompt;
use serde_json::Value as Json;

use super::pair::{PLACES, Pair};
use super::possible::resolved;
use crate::path::{Path, Step};

/// Words of a schema by which an object may have other members than those that it lists.
const OPEN: [&str; 6] = ["additionalProperties", "patternProperties", "anyOf", "oneOf", "allOf", "$ref"];

/// Whether the reply can have a value at the path, as far as its schema says.
pub(super) fn has(prompt: &Prompt, pair: Option<&Pair>, path: &Path) -> Result<(), String> {
    if path.first_key().is_none() {
        return Ok(());
    }
    let Some(output) = &prompt.output_type else {
        return Err(format!(
            "`{path}` leads into a structured reply, and without an `output_type` the prompt's reply is text"
        ));
    };
    // What is no schema is told of with the prompt.
    let Ok(schema) = output.schema() else { return Ok(()) };
    let root = schema.schema();
    let mut at = root;
    let mut added: Vec<&str> = output.adds().iter().copied().chain(pair.map(|_| PLACES[0])).collect();
    let mut place = "the reply".to_owned();
    for step in path.steps() {
        let Step::Key(key) = step else { return Ok(()) };
        at = resolved(at, root);
        let Some(known) = at.get("properties").and_then(Json::as_object) else { return Ok(()) };
        let names = || known.keys().map(String::as_str).chain(added.iter().copied());
        let is_open = |name: &&str| at.get(name).is_some_and(|given| *given != Json::Bool(false));
        if !names().any(|name| name == key.as_str()) && !OPEN.iter().any(is_open) {
            let hint = if let Some(near) = nearest(key, names()) {
                format!("; did you mean `{near}`?")
            } else {
                let names = names().map(|name| format!("`{name}`")).collect::<Vec<_>>();
                format!("; there is {}", names.join(", "))
            };
            return Err(format!("{place} has no `{key}`{hint}"));
        }
        let Some(member) = known.get(key.as_str()) else { return Ok(()) };
        at = member;
        added.clear();
        place = format!("`{key}` of the reply");
    }
    Ok(())
}

/// A prompt in a task file: written there, or in a file of its own.
#[expect(clippy::too_many_lines, reason = "one schema, written down")]
pub(super) fn schema(_: &mut SchemaGenerator) -> Schema {
    let text = json_schema!({"type": "string"});
    let part = json_schema!({
        "type": "object",
        "properties": {
            "type": {"enum": ["text", "image"]},
            "text": text,
            "url": text,
            "media_type": text,
            "data": {"type": "string", "description": "Base64."}
        },
        "required": ["type"],
        "additionalProperties": false
    });
    let message = json_schema!({
        "type": "object",
        "properties": {
            "role": {"type": "string", "description": "`system`, `user` or `assistant`."},
            "content": {"anyOf": [text, {"type": "array", "items": part}]}
        },
        "required": ["role", "content"],
        "additionalProperties": false
    });
    let one = json_schema!({"anyOf": [text, message]});
    let messages = json_schema!({"anyOf": [one, {"type": "array", "items": one}]});
    json_schema!({
        "anyOf": [
            {
                "description": "The prompt stands in another file, beside this one.",
                "type": "object",
                "properties": {"path": text},
                "required": ["path"],
                "additionalProperties": false
            },
            {
                "type": "object",
                "properties": {
                    "model": {"type": "string", "description": "The model, as the provider calls it."},
                    "provider": {"type": "string", "description": "`openai`, `anthropic`, `gemini`, `google` or `vertex`."},
                    "messages": messages,
                    "system_instructions": messages,
                    "settings": {"type": "object", "description": "How to answer: `temperature`, `max_tokens`, …"},
                    "connection": {
                        "type": "object",
                        "description": "How the provider is reached, where it differs from the usual.",
                        "properties": {
                            "base_url": text,
                            "timeout": {"type": "number", "exclusiveMinimum": 0, "description": "Seconds of one attempt."},
                            "headers": {"type": "object", "additionalProperties": text},
                            "proxy": text
                        },
                        "additionalProperties": false
                    },
                    "output_type": {
                        "description": "The form of the answer; free text where there is none.",
                        "anyOf": [
                            {"enum": ["Score", "Preference"]},
                            {
                                "description": "A score for each of several criteria, and their weighted mean as `score`.",
                                "type": "object",
                                "properties": {
                                    "rubric": {
                                        "type": "object",
                                        "minProperties": 1,
                                        "additionalProperties": {
                                            "anyOf": [
                                                text,
                                                {
                                                    "type": "object",
                                                    "properties": {
                                                        "description": text,
                                                        "weight": {"type": "number", "exclusiveMinimum": 0}
                                                    },
                                                    "required": ["description"],
                                                    "additionalProperties": false
                                                }
                                            ]
                                        }
                                    },
                                    "scale": {
                                        "description": "The lowest and the highest score; 1 and 5 where there are none.",
                                        "type": "array",
                                        "items": {"type": "integer"},
                                        "minItems": 2,
                                        "maxItems": 2
                                    }
                                },
                                "required": ["rubric"],
                                "additionalProperties": false
                            },
                            {
                                "description": "One of several labels, as `label`.",
                                "type": "object",
                                "properties": {
                                    "labels": {
                                        "anyOf": [
                                            {"type": "array", "items": text, "minItems": 2},
                                            {
                                                "type": "object",
                                                "minProperties": 2,
                                                "additionalProperties": {"type": ["string", "null"]}
                                            }
                                        ]
                                    }
                                },
                                "required": ["labels"],
                                "additionalProperties": false
                            },
                            {
                                "type": "object",
                                "properties": {"name": text, "schema": {"type": "object"}},
                                "required": ["name", "schema"],
                                "additionalProperties": false
                            }
                        ]
                    },
                    "bound": {"type": "object", "description": "Values that are given already."}
                },
                "required": ["model", "messages"],
                "additionalProperties": false
            }
        ]
    })
}
