//! From what a model wrote to a value that fits.

use serde_json::Value;

use super::root::{self, WRAPPED};
use crate::chat::OutputSchema;

/// The value in a text: JSON as it stands, in a fence of Markdown, or the one object or array with
/// prose around it, as small models write it.
pub(super) fn read(text: &str) -> Result<Value, String> {
    let text = text.trim();
    let wrong = match serde_json::from_str(text) {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    let mut inner = [fenced(text), bracketed(text)].into_iter().flatten();
    let found = inner.find_map(|inner| serde_json::from_str(inner).ok());
    found.ok_or_else(|| format!("it is not JSON: {wrong}"))
}

fn fenced(text: &str) -> Option<&str> {
    let (_, after) = text.split_once("```")?;
    let (_, inner) = after.split_once('\n')?;
    let (inner, _) = inner.rsplit_once("```")?;
    Some(inner.trim())
}

fn bracketed(text: &str) -> Option<&str> {
    let start = text.find(['{', '['])?;
    let close = if text[start..].starts_with('{') { '}' } else { ']' };
    let end = text.rfind(close)?;
    text.get(start..=end)
}

/// The value in the form of the schema: as it stands, or without what was added so that the
/// provider takes the schema (nulls for what is missing, the object around a list).
pub(super) fn fit(schema: &OutputSchema, value: Value) -> Result<Value, String> {
    let told = match schema.check(&value) {
        Ok(()) => return Ok(value),
        Err(told) => told,
    };
    let root = schema.schema();
    let mut repaired = match value {
        Value::Object(mut members) if members.len() == 1 && !root::is_object(root) => {
            members.shift_remove(WRAPPED).unwrap_or(Value::Object(members))
        }
        other => other,
    };
    drop_nulls(root, root, &mut repaired, &mut Vec::new());
    match schema.check(&repaired) {
        Ok(()) => Ok(repaired),
        Err(_) => Err(told),
    }
}

/// Drops members that are null and that the schema does not require. `seen` are the schemas that were held against this
/// value before: a schema may lead back to itself.
fn drop_nulls<'s>(root: &'s Value, schema: &'s Value, value: &mut Value, seen: &mut Vec<&'s Value>) {
    let schema = root::target(root, schema);
    if seen.iter().any(|other| std::ptr::eq(*other, schema)) {
        return;
    }
    seen.push(schema);
    for branches in ["anyOf", "oneOf", "allOf"] {
        for branch in schema.get(branches).and_then(Value::as_array).into_iter().flatten() {
            drop_nulls(root, branch, value, seen);
        }
    }
    match value {
        Value::Object(members) => {
            let required = schema.get("required").and_then(Value::as_array);
            let properties = schema.get("properties").and_then(Value::as_object);
            for (name, property) in properties.into_iter().flatten() {
                let optional = !required.is_some_and(|names| names.iter().any(|other| other == name));
                match members.get_mut(name) {
                    Some(Value::Null) if optional => {
                        members.shift_remove(name);
                    }
                    Some(member) => drop_nulls(root, property, member, &mut Vec::new()),
                    None => {}
                }
            }
        }
        Value::Array(items) => {
            if let Some(schema) = schema.get("items") {
                for item in items {
                    drop_nulls(root, schema, item, &mut Vec::new());
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn json_is_found_in_a_fence_and_in_prose() {
        for text in [
            r#"{"a": 1}"#,
            "```json\n{\"a\": 1}\n```",
            "Here it is:\n```\n{\"a\": 1}\n```\nBye",
            "Sure! {\"a\": 1} I hope that helps.",
            "```python\nprint(1)\n``` {\"a\": 1}",
        ] {
            assert_eq!(read(text), Ok(json!({"a": 1})), "{text}");
        }
        assert!(read("I cannot say.").is_err());
    }

    #[test]
    fn nulls_of_optional_members_are_dropped_where_they_do_not_fit() {
        let schema = json!({
            "type": "object",
            "properties": {
                "list": {"type": "array", "items": {"$ref": "#/$defs/A"}}
            },
            "$defs": {"A": {"type": "object", "properties": {"x": {"type": "integer"}}}}
        });
        let schema = OutputSchema::new("x", schema).unwrap();
        assert_eq!(
            fit(&schema, json!({"list": [{"x": null}, {"x": 1}]})),
            Ok(json!({"list": [{}, {"x": 1}]}))
        );
    }

    #[test]
    fn a_schema_that_leads_back_to_itself_comes_to_an_end() {
        let schema =
            json!({"anyOf": [{"$ref": "#"}, {"properties": {"x": {"type": "integer"}}}], "required": ["x"]});
        let root = schema.clone();
        let mut value = json!({"x": null});
        drop_nulls(&root, &root, &mut value, &mut Vec::new());
        assert_eq!(value, json!({}));
    }

    #[test]
    fn a_null_that_fits_stays() {
        let schema = json!({"type": "object", "properties": {"x": {"type": ["integer", "null"]}}});
        let schema = OutputSchema::new("x", schema).unwrap();
        assert_eq!(fit(&schema, json!({"x": null})), Ok(json!({"x": null})));
    }

    #[test]
    fn a_list_is_taken_out_of_its_object() {
        let schema = OutputSchema::new("x", json!({"type": "array", "items": {"type": "integer"}})).unwrap();
        assert_eq!(fit(&schema, json!({"value": [1, 2]})), Ok(json!([1, 2])));
        assert!(fit(&schema, json!({"value": ["a"]})).is_err());
    }
}
