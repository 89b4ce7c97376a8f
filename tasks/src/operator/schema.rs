//! JSON Schema.

use std::sync::Arc;

use jsonschema::error::ValidationErrorKind;
use jsonschema::{ReferencingError, Validator};
use serde_json::{Map as JsonMap, Value as Json};

use super::check::{Test, WrongKind};
use super::expected::{self, Problem};
use crate::value::{Map, Value};

/// Keywords whose value is a schema, or an array of schemas.
const OF_SCHEMAS: [&str; 16] = [
    "additionalItems",
    "additionalProperties",
    "allOf",
    "anyOf",
    "contains",
    "contentSchema",
    "else",
    "if",
    "items",
    "not",
    "oneOf",
    "prefixItems",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
];

/// Keywords whose value is an object of schemas by name.
const OF_NAMED_SCHEMAS: [&str; 6] =
    ["$defs", "definitions", "dependencies", "dependentSchemas", "patternProperties", "properties"];

/// All other keywords of the drafts from 4 to 2020-12, and the annotations that generators of
/// schemas add.
const OTHERS: [&str; 43] = [
    "$anchor",
    "$comment",
    "$dynamicAnchor",
    "$dynamicRef",
    "$id",
    "$recursiveAnchor",
    "$recursiveRef",
    "$ref",
    "$schema",
    "$vocabulary",
    "const",
    "contentEncoding",
    "contentMediaType",
    "default",
    "dependentRequired",
    "deprecated",
    "description",
    "discriminator",
    "enum",
    "example",
    "examples",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "format",
    "id",
    "maxContains",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minContains",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "pattern",
    "readOnly",
    "required",
    "title",
    "type",
    "uniqueItems",
    "writeOnly",
];

/// The most characters of a reason that a schema gives.
const SHOWN: usize = 240;

/// A compiled schema.
#[derive(Clone, Debug)]
pub(super) struct Schema(Arc<Validator>);

pub(super) fn schema(expected: &Value) -> Result<Test, Problem> {
    let map = expected.as_map().ok_or_else(|| expected::wrong_kind(expected))?;
    if map.is_empty() {
        return Err(Problem::Empty);
    }
    check_keywords(map)?;
    let json = to_json(expected).map_err(|_| Problem::NaN)?;
    // A format that is named is meant to be checked, although newer drafts leave it to the reader.
    let built = jsonschema::options().offline().should_validate_formats(true).build(&json);
    let validator = built.map_err(|error| match error.kind() {
        ValidationErrorKind::Referencing(ReferencingError::Unretrievable { uri, .. }) => {
            Problem::RemoteSchema(uri.clone())
        }
        _ => Problem::Schema(first_line(&error.to_string())),
    })?;
    Ok(Test::Schema(Schema(Arc::new(validator))))
}

/// JSON Schema ignores keywords that it does not know, so that a slip checks nothing.
fn check_keywords(schema: &Map) -> Result<(), Problem> {
    for (keyword, value) in schema.iter() {
        let keyword = keyword.as_str();
        if OF_SCHEMAS.contains(&keyword) {
            let one = std::slice::from_ref(value);
            value.as_list().unwrap_or(one).iter().filter_map(Value::as_map).try_for_each(check_keywords)?;
        } else if OF_NAMED_SCHEMAS.contains(&keyword) {
            let named = value.as_map().into_iter().flat_map(Map::iter);
            named.filter_map(|(_, schema)| schema.as_map()).try_for_each(check_keywords)?;
        } else if !OTHERS.contains(&keyword) && !keyword.starts_with("x-") {
            let known = OF_SCHEMAS.iter().chain(&OF_NAMED_SCHEMAS).chain(&OTHERS).copied();
            let nearest = scouter_engine::nearest(keyword, known);
            return Err(Problem::SchemaKeyword { keyword: keyword.to_owned(), nearest });
        }
    }
    Ok(())
}

impl Schema {
    pub(super) fn holds(&self, actual: &Value) -> Result<bool, WrongKind> {
        Ok(self.0.is_valid(&to_json(actual)?))
    }

    /// The first thing that is wrong, and where.
    pub(super) fn detail(&self, actual: &Value) -> Option<String> {
        let json = to_json(actual).ok()?;
        let error = self.0.iter_errors(&json).next()?;
        let path = error.instance_path().as_str();
        let at = if path.is_empty() { String::new() } else { format!(" at `{path}`") };
        Some(first_line(&format!("{}{at}", error.masked())))
    }
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().chars().take(SHOWN).collect()
}

/// The value in the form that the validator reads. Numbers beyond 64 bits become the nearest
/// float: a schema has no exact word for them.
fn to_json(value: &Value) -> Result<Json, WrongKind> {
    const WANTED: WrongKind = WrongKind { wanted: "JSON, which has neither NaN nor infinities" };
    Ok(match value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Int(int) => Json::from(*int),
        Value::Float(float) => Json::Number(serde_json::Number::from_f64(*float).ok_or(WANTED)?),
        Value::Decimal(decimal) => {
            Json::Number(serde_json::Number::from_f64(decimal.to_f64()).ok_or(WANTED)?)
        }
        Value::Text(text) => Json::String(text.to_string()),
        Value::List(items) => Json::Array(items.iter().map(to_json).collect::<Result<_, _>>()?),
        Value::Map(map) => {
            let entries = map.iter().map(|(key, value)| Ok((key.to_string(), to_json(value)?)));
            Json::Object(entries.collect::<Result<JsonMap<_, _>, _>>()?)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::Problem;
    use crate::operator::Operator;
    use crate::operator::tests::{cannot_judge, explain, fails, json, passes};

    fn problem(schema: &str) -> Problem {
        Operator::MatchesSchema.prepare(&json(schema)).unwrap_err().problem
    }

    #[test]
    fn the_reason_names_what_is_wrong_and_where() {
        let schema = r#"{"type": "object", "properties": {"n": {"type": "integer"}}}"#;
        assert_eq!(
            explain(Operator::MatchesSchema, r#"{"n": "x"}"#, schema),
            "value is not of type \"integer\" at `/n`"
        );
        passes(Operator::MatchesSchema, r#"{"n": 1}"#, schema);
    }

    #[test]
    fn a_misspelt_keyword_is_refused_wherever_it_stands() {
        let wanted = Problem::SchemaKeyword { keyword: "minimun".into(), nearest: Some("minimum") };
        for schema in [
            r#"{"minimun": 1}"#,
            r#"{"properties": {"minimun": {"minimun": 1}}}"#,
            r#"{"allOf": [{"items": {"minimun": 1}}]}"#,
            r##"{"$defs": {"x": {"minimun": 1}}, "$ref": "#/$defs/x"}"##,
        ] {
            assert_eq!(problem(schema), wanted, "{schema}");
        }
    }

    #[test]
    fn references_within_the_schema_are_followed_and_others_are_refused() {
        let inner = r##"{"$ref": "#/$defs/n", "$defs": {"n": {"type": "integer"}}}"##;
        passes(Operator::MatchesSchema, "1", inner);
        fails(Operator::MatchesSchema, r#""x""#, inner);
        assert_eq!(
            problem(r#"{"$ref": "https://example.org/schema.json"}"#),
            Problem::RemoteSchema("https://example.org/schema.json".into())
        );
    }

    #[test]
    fn schemas_that_are_none_are_refused() {
        assert_eq!(problem("{}"), Problem::Empty);
        assert!(matches!(problem(r#"{"type": "strin"}"#), Problem::Schema(_)));
        assert!(matches!(problem(r#"{"pattern": "("}"#), Problem::Schema(_)));
        assert!(matches!(problem("true"), Problem::WrongKind(_)));
    }

    #[test]
    fn nesting_to_the_limit_does_not_exhaust_the_stack() {
        let deep = r#"{"not": "#.repeat(200) + r#"{"type": "null"}"# + &"}".repeat(200);
        fails(Operator::MatchesSchema, "1", &deep);
        let tree = r##"{"$ref": "#/$defs/t", "$defs": {"t": {"items": {"$ref": "#/$defs/t"}}}}"##;
        passes(Operator::MatchesSchema, &("[".repeat(250) + &"]".repeat(250)), tree);
    }

    #[test]
    fn formats_are_checked() {
        fails(Operator::MatchesSchema, r#""nobody""#, r#"{"format": "email"}"#);
    }

    #[test]
    fn large_numbers_have_a_type_and_nan_is_no_json() {
        passes(Operator::MatchesSchema, "1180591620717411303424", r#"{"type": "integer"}"#);
        cannot_judge(Operator::MatchesSchema, "[NaN]", r#"{"type": "array"}"#);
    }
}
