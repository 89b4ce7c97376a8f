//! The JSON Schema of a value: anything.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};

use super::data::Value;

impl JsonSchema for Value {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Value".into()
    }

    fn json_schema(_generator: &mut SchemaGenerator) -> Schema {
        true.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_value_is_allowed() {
        assert_eq!(schemars::schema_for!(Value).as_bool(), None, "the root carries its dialect");
        assert_eq!(schemars::schema_for!(Vec<Value>).get("items"), Some(&serde_json::Value::Bool(true)));
    }
}
