//! The subset of JSON Schema that `OpenAI` enforces exactly.
//!
//! In strict mode every object names all its properties, requires each and allows no others; an
//! optional property is one that may be null. What the subset has no word for is left out, since
//! replies are checked against the whole schema all the same. Source: the provider's guide to
//! structured outputs, "supported schemas".

use serde_json::{Map, Value, json};

use super::root;

/// Keywords that are sent as they stand.
const KEPT: [&str; 13] = [
    "type",
    "title",
    "description",
    "enum",
    "const",
    "pattern",
    "multipleOf",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minItems",
    "maxItems",
];

/// Formats of text that are known.
const FORMATS: [&str; 9] =
    ["date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"];

/// Keywords that change what fits, and for which there is no strict form.
const UNKNOWN: [&str; 8] = [
    "allOf",
    "not",
    "if",
    "patternProperties",
    "dependentRequired",
    "dependentSchemas",
    "prefixItems",
    "unevaluatedProperties",
];

/// The schema in its strict form, for a root that is an object; `None` where there is none.
pub(crate) fn strict(schema: &Value) -> Option<Value> {
    let object = root::object(schema);
    let mut result = convert(&object)?;
    for name in ["$defs", "definitions"] {
        if let Some(Value::Object(definitions)) = object.get(name) {
            let converted: Option<Map<_, _>> =
                definitions.iter().map(|(name, schema)| Some((name.clone(), convert(schema)?))).collect();
            result.as_object_mut()?.insert(name.to_owned(), Value::Object(converted?));
        }
    }
    Some(result)
}

fn convert(schema: &Value) -> Option<Value> {
    let schema = schema.as_object()?;
    if let Some(reference) = schema.get("$ref") {
        return Some(json!({ "$ref": reference }));
    }
    // Generators write a reference with a description as `allOf` of one.
    if let Some([only]) = schema.get("allOf").and_then(Value::as_array).map(Vec::as_slice) {
        return convert(only);
    }
    if UNKNOWN.iter().any(|keyword| schema.contains_key(*keyword)) {
        return None;
    }
    let mut result = Map::new();
    for (keyword, value) in schema {
        match keyword.as_str() {
            "anyOf" | "oneOf" => {
                let branches: Option<Vec<_>> = value.as_array()?.iter().map(convert).collect();
                result.insert("anyOf".into(), Value::Array(branches?));
            }
            "items" => {
                result.insert("items".into(), convert(value)?);
            }
            "format" if value.as_str().is_some_and(|format| FORMATS.contains(&format)) => {
                result.insert(keyword.clone(), value.clone());
            }
            _ if KEPT.contains(&keyword.as_str()) => {
                result.insert(keyword.clone(), value.clone());
            }
            _ => {}
        }
    }
    if schema.contains_key("properties") || names(schema.get("type"), "object") {
        properties(schema, &mut result)?;
    }
    if names(schema.get("type"), "array") && !result.contains_key("items") {
        return None;
    }
    let only = schema.get("const").map(std::slice::from_ref);
    let choices = only.or_else(|| schema.get("enum")?.as_array().map(Vec::as_slice));
    if let Some(choices) = choices.filter(|_| !result.contains_key("type")) {
        result.insert("type".into(), type_of(choices)?);
    }
    let says_what = ["type", "anyOf", "enum", "const"].iter().any(|keyword| result.contains_key(*keyword));
    says_what.then_some(Value::Object(result))
}

/// The type of values to choose from, which the provider wants to be told; `None` where one of them is a list or an object.
fn type_of(choices: &[Value]) -> Option<Value> {
    let mut types: Vec<&str> = Vec::new();
    for choice in choices {
        let name = match choice {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::String(_) => "string",
            Value::Number(number) if number.is_f64() => "number",
            Value::Number(_) => "integer",
            Value::Array(_) | Value::Object(_) => return None,
        };
        if !types.contains(&name) {
            types.push(name);
        }
    }
    match types.as_slice() {
        [] => None,
        [only] => Some((*only).into()),
        several => Some(several.iter().copied().collect()),
    }
}

fn properties(schema: &Map<String, Value>, result: &mut Map<String, Value>) -> Option<()> {
    let open = schema.get("additionalProperties").is_some_and(|more| more != &Value::Bool(false));
    let properties = schema.get("properties").and_then(Value::as_object)?;
    if open {
        return None;
    }
    let required = schema.get("required").and_then(Value::as_array);
    let mut converted = Map::new();
    for (name, property) in properties {
        let strict = convert(property)?;
        let is_required = required.is_some_and(|names| names.iter().any(|other| other == name));
        converted.insert(name.clone(), if is_required { strict } else { nullable(strict) });
    }
    result.entry("type").or_insert_with(|| "object".into());
    result.insert("required".into(), converted.keys().cloned().collect());
    result.insert("properties".into(), Value::Object(converted));
    result.insert("additionalProperties".into(), false.into());
    Some(())
}

fn names(types: Option<&Value>, name: &str) -> bool {
    match types {
        Some(Value::String(only)) => only == name,
        Some(Value::Array(types)) => types.iter().any(|other| other == name),
        _ => false,
    }
}

fn nullable(schema: Value) -> Value {
    let already = names(schema.get("type"), "null")
        || schema
            .get("anyOf")
            .and_then(Value::as_array)
            .is_some_and(|branches| branches.iter().any(|branch| names(branch.get("type"), "null")));
    if already { schema } else { json!({"anyOf": [schema, {"type": "null"}]}) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_optional_property_becomes_one_that_may_be_null() {
        let schema = json!({
            "type": "object",
            "properties": {"a": {"type": "string", "minLength": 1}, "b": {"type": "integer", "default": 1}},
            "required": ["a"]
        });
        assert_eq!(
            strict(&schema),
            Some(json!({
                "type": "object",
                "properties": {"a": {"type": "string"}, "b": {"anyOf": [{"type": "integer"}, {"type": "null"}]}},
                "required": ["a", "b"],
                "additionalProperties": false
            }))
        );
    }

    #[test]
    fn a_reference_keeps_nothing_beside_it() {
        let schema = json!({
            "type": "object",
            "properties": {"a": {"$ref": "#/$defs/A", "description": "x"}},
            "required": ["a"],
            "$defs": {"A": {"enum": ["x", "y"], "type": "string"}}
        });
        let strict = strict(&schema).unwrap();
        assert_eq!(strict["properties"]["a"], json!({"$ref": "#/$defs/A"}));
        assert_eq!(strict["$defs"]["A"]["enum"], json!(["x", "y"]));
    }

    #[test]
    fn a_choice_says_of_which_type_its_values_are() {
        for (schema, told) in [
            (json!({"enum": ["x", "y"]}), json!("string")),
            (json!({"const": 1}), json!("integer")),
            (json!({"enum": ["x", 1.5, null, "y"]}), json!(["string", "number", "null"])),
            (json!({"type": "string", "enum": ["x"]}), json!("string")),
        ] {
            assert_eq!(convert(&schema).unwrap()["type"], told, "{schema}");
        }
    }

    #[test]
    fn what_has_no_strict_form_is_known() {
        for schema in [
            json!({"type": "object"}),
            json!({"type": "object", "properties": {"a": {}}}),
            json!({"type": "object", "properties": {}, "additionalProperties": {"type": "string"}}),
            json!({"type": "object", "properties": {"a": {"type": "array"}}}),
            json!({"type": "object", "properties": {"a": {"type": "string", "not": {"const": "x"}}}}),
            json!({"type": "object", "properties": {"a": {"enum": [["x"], "x"]}}}),
        ] {
            assert_eq!(strict(&schema), None, "{schema}");
        }
    }
}
