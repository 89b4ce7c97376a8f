//! The subset of `OpenAPI`'s schemas that Gemini's `responseSchema` knows.
//!
//! No references, no `const`, types in capitals, `nullable` in the place of the type null, and an
//! order of properties of its own. Source: `Schema` in the reference of the Gemini API.

use serde_json::{Map, Value, json};

use super::root;

/// Keywords that are sent as they stand.
const KEPT: [&str; 10] = [
    "title",
    "description",
    "minItems",
    "maxItems",
    "minLength",
    "maxLength",
    "pattern",
    "minimum",
    "maximum",
    "required",
];

/// How deep references are written out. A schema that is deeper refers to itself.
const DEEPEST: usize = 24;

/// The schema in Gemini's form; `None` where there is none.
pub(crate) fn openapi(schema: &Value) -> Option<Value> {
    convert(schema, schema, DEEPEST)
}

fn convert(root: &Value, schema: &Value, depth: usize) -> Option<Value> {
    let depth = depth.checked_sub(1)?;
    let target = root::target(root, schema).as_object()?;
    if let Some([only]) = target.get("allOf").and_then(Value::as_array).map(Vec::as_slice) {
        return convert(root, only, depth);
    }
    if ["allOf", "not", "if", "patternProperties", "prefixItems", "$ref"]
        .iter()
        .any(|word| target.contains_key(*word))
    {
        return None;
    }
    let branches = target.get("anyOf").or_else(|| target.get("oneOf")).and_then(Value::as_array);
    if let Some(branches) = branches {
        return any_of(root, branches, target, depth);
    }
    let mut result = Map::new();
    match target.get("type") {
        Some(Value::String(name)) => {
            result.insert("type".into(), name.to_uppercase().into());
        }
        Some(Value::Array(types)) => return several_types(root, target, types, depth),
        Some(_) => return None,
        None => {
            let sample = target.get("const").or_else(|| target.get("enum")?.as_array()?.first());
            let name = match sample {
                Some(Value::String(_)) => "STRING",
                Some(Value::Bool(_)) => "BOOLEAN",
                Some(Value::Number(number)) if number.is_f64() => "NUMBER",
                Some(Value::Number(_)) => "INTEGER",
                None if target.contains_key("properties") => "OBJECT",
                _ => return None,
            };
            result.insert("type".into(), name.into());
        }
    }
    for keyword in KEPT {
        if let Some(value) = target.get(keyword) {
            result.insert(keyword.into(), value.clone());
        }
    }
    // Values to choose from are texts; others are checked when the reply is here.
    let choices = target.get("const").map(|only| vec![only.clone()]);
    let choices = choices.or_else(|| target.get("enum").and_then(Value::as_array).cloned());
    if let Some(choices) = choices.filter(|choices| choices.iter().all(Value::is_string)) {
        result.insert("enum".into(), Value::Array(choices));
    }
    match result.get("type").and_then(Value::as_str) {
        Some("OBJECT") => properties(root, target, &mut result, depth)?,
        Some("ARRAY") => {
            result.insert("items".into(), convert(root, target.get("items")?, depth)?);
        }
        _ => {}
    }
    Some(Value::Object(result))
}

fn properties(
    root: &Value,
    schema: &Map<String, Value>,
    result: &mut Map<String, Value>,
    depth: usize,
) -> Option<()> {
    if schema.get("additionalProperties").is_some_and(Value::is_object) {
        return None;
    }
    let properties = schema.get("properties")?.as_object().filter(|properties| !properties.is_empty())?;
    let converted: Option<Map<_, _>> = properties
        .iter()
        .map(|(name, property)| Some((name.clone(), convert(root, property, depth)?)))
        .collect();
    result.insert("propertyOrdering".into(), properties.keys().cloned().collect());
    result.insert("properties".into(), Value::Object(converted?));
    Some(())
}

fn any_of(root: &Value, branches: &[Value], around: &Map<String, Value>, depth: usize) -> Option<Value> {
    let is_null = |branch: &&Value| branch.get("type").and_then(Value::as_str) == Some("null");
    let nullable = branches.iter().any(|branch| is_null(&branch));
    let rest: Option<Vec<_>> = branches
        .iter()
        .filter(|branch| !is_null(branch))
        .map(|branch| convert(root, branch, depth))
        .collect();
    let mut rest = rest?;
    let mut result = if rest.len() == 1 { rest.pop()? } else { json!({ "anyOf": rest }) };
    let members = result.as_object_mut()?;
    if let Some(description) = around.get("description") {
        members.insert("description".into(), description.clone());
    }
    if nullable {
        members.insert("nullable".into(), true.into());
    }
    Some(result)
}

fn several_types(root: &Value, schema: &Map<String, Value>, types: &[Value], depth: usize) -> Option<Value> {
    let branches: Vec<_> = types
        .iter()
        .map(|name| {
            let mut branch = schema.clone();
            branch.insert("type".into(), name.clone());
            Value::Object(branch)
        })
        .collect();
    any_of(root, &branches, schema, depth)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_written_out_and_types_stand_in_capitals() {
        let schema = json!({
            "type": "object",
            "properties": {"a": {"$ref": "#/$defs/A"}, "b": {"type": ["integer", "null"]}},
            "required": ["a"],
            "additionalProperties": false,
            "$defs": {"A": {"const": "x"}}
        });
        assert_eq!(
            openapi(&schema),
            Some(json!({
                "type": "OBJECT",
                "required": ["a"],
                "propertyOrdering": ["a", "b"],
                "properties": {"a": {"type": "STRING", "enum": ["x"]}, "b": {"type": "INTEGER", "nullable": true}}
            }))
        );
    }

    #[test]
    fn a_choice_of_numbers_is_left_to_the_check() {
        assert_eq!(openapi(&json!({"type": "integer", "enum": [1, 2]})), Some(json!({"type": "INTEGER"})));
    }

    #[test]
    fn what_has_no_such_form_is_known() {
        let recursive = json!({
            "type": "object",
            "properties": {"next": {"anyOf": [{"$ref": "#"}, {"type": "null"}]}}
        });
        let open = json!({"type": "object", "additionalProperties": {"type": "string"}});
        for schema in [recursive, open, json!({}), json!({"$ref": "#"})] {
            assert_eq!(openapi(&schema), None, "{schema}");
        }
    }
}
