//! The published JSON Schema of task files.

use schemars::generate::SchemaSettings;
use serde_json::{Value as Json, json};

use crate::task::{AssertionSpec, DriftSpec, GivenDrift, LLMJudgeSpec, TraceAssertionSpec};

/// The JSON Schema (draft 2020-12) of a task file, for editors and for whoever writes such files
/// by machine.
///
/// It knows the kinds of this crate alone. Kinds that are registered in
/// [`Kinds`](super::Kinds) by others are read from files but have no part in it.
pub fn schema() -> Json {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let kinds = [
        (AssertionSpec::KIND, generator.subschema_for::<AssertionSpec>()),
        (LLMJudgeSpec::KIND, generator.subschema_for::<LLMJudgeSpec>()),
        (DriftSpec::KIND, generator.subschema_for::<GivenDrift>()),
        (TraceAssertionSpec::KIND, generator.subschema_for::<TraceAssertionSpec>()),
    ];
    let tasks: Vec<Json> = kinds
        .into_iter()
        .map(|(kind, spec)| {
            json!({
                "allOf": [spec],
                "properties": { "task_type": { "const": kind } },
                "required": ["task_type"],
                "unevaluatedProperties": false,
            })
        })
        .collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Scouter task file",
        "type": "object",
        "properties": { "tasks": { "type": "array", "items": { "oneOf": tasks } } },
        "required": ["tasks"],
        "additionalProperties": false,
        "$defs": generator.take_definitions(true),
    })
}
