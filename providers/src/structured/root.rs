//! Where a schema begins.

use serde_json::{Map, Value, json};

/// The member that a reply is wrapped in where its schema is not of an object.
pub(super) const WRAPPED: &str = "value";

/// What a reference within the same document leads to.
pub(super) fn resolve<'a>(root: &'a Value, reference: &str) -> Option<&'a Value> {
    root.pointer(reference.strip_prefix('#')?)
}

/// A schema, or what it refers to.
pub(super) fn target<'a>(root: &'a Value, mut schema: &'a Value) -> &'a Value {
    // A reference may lead to another one; a circle of them says nothing.
    for _ in 0..16 {
        match schema.get("$ref").and_then(Value::as_str).and_then(|reference| resolve(root, reference)) {
            Some(next) => schema = next,
            None => break,
        }
    }
    schema
}

/// Whether everything that fits is an object.
pub(super) fn is_object(schema: &Value) -> bool {
    let target = target(schema, schema);
    target.get("type").and_then(Value::as_str) == Some("object")
        || (target.get("type").is_none() && target.get("properties").is_some())
}

/// The schema for providers that want an object: what a reference at the root leads to, and
/// anything but an object as the only member of one.
pub(crate) fn object(schema: &Value) -> Value {
    let definitions = ["$defs", "definitions"]
        .into_iter()
        .filter_map(|name| Some((name.to_owned(), schema.get(name)?.clone())));
    if !is_object(schema) {
        let mut inner = schema.clone();
        if let Some(inner) = inner.as_object_mut() {
            inner.shift_remove("$defs");
            inner.shift_remove("definitions");
        }
        let mut outer = Map::new();
        outer.insert("type".into(), "object".into());
        outer.insert("properties".into(), json!({ WRAPPED: inner }));
        outer.insert("required".into(), json!([WRAPPED]));
        outer.insert("additionalProperties".into(), false.into());
        outer.extend(definitions);
        return Value::Object(outer);
    }
    let mut object = target(schema, schema).clone();
    if let Some(object) = object.as_object_mut() {
        object.extend(definitions);
        object.shift_remove("$schema");
    }
    object
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_becomes_the_member_of_an_object() {
        let list =
            json!({"type": "array", "items": {"$ref": "#/$defs/a"}, "$defs": {"a": {"type": "string"}}});
        let object = object(&list);
        assert_eq!(object["properties"]["value"], json!({"type": "array", "items": {"$ref": "#/$defs/a"}}));
        assert_eq!(object["$defs"], json!({"a": {"type": "string"}}));
    }

    #[test]
    fn a_reference_at_the_root_is_followed() {
        let schema = json!({"$ref": "#/$defs/A", "$defs": {"A": {"type": "object", "properties": {}}}});
        assert_eq!(object(&schema)["type"], "object");
    }
}
