//! What to measure on a trace, as plain data.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::filter::SpanFilter;
use crate::value::Value;

/// What a trace assertion measures; an operator then judges the value.
///
/// In files it is an object with one entry, whose key is the kind:
///
/// ```
/// use scouter_tasks::trace::{Reading, Trace, TraceAssertion, samples};
/// use scouter_tasks::value::{Value, from_json, from_value};
///
/// let read = from_json(r#"{"SpanCount": {"filter": {"ByName": {"name": "call_tool"}}}}"#)?;
/// let assertion: TraceAssertion = from_value(&read)?;
/// let measure = assertion.compile().map_err(|mistakes| mistakes[0].clone())?;
/// let trace = Trace::new(samples::sequence_pattern())?;
/// assert_eq!(measure.measure(&trace), Reading::Value(Value::Int(2)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub enum TraceAssertion {
    /// Whether spans of these names start in this order, whatever starts between.
    SpanSequence {
        /// The names.
        span_names: Vec<String>,
    },
    /// Whether every one of these names occurs.
    SpanSet {
        /// The names.
        span_names: Vec<String>,
    },
    /// How many spans the filter selects.
    SpanCount {
        /// Selects the spans.
        filter: SpanFilter,
    },
    /// Whether the filter selects any span.
    SpanExists {
        /// Selects the spans.
        filter: SpanFilter,
    },
    /// The attribute of the selected spans that have it.
    SpanAttribute {
        /// Selects the spans.
        filter: SpanFilter,
        /// The attribute's key.
        attribute_key: String,
    },
    /// How long the selected spans took, in milliseconds.
    SpanDuration {
        /// Selects the spans.
        filter: SpanFilter,
    },
    /// One value out of the attribute of all selected spans that have it.
    SpanAggregation {
        /// Selects the spans.
        filter: SpanFilter,
        /// The attribute's key.
        attribute_key: String,
        /// How the values become one.
        aggregation: AggregationType,
    },
    /// Wall-clock time from the first start to the last end, in milliseconds.
    TraceDuration {},
    /// How many spans the trace has.
    TraceSpanCount {},
    /// How many spans failed.
    TraceErrorCount {},
    /// How many different services took part.
    TraceServiceCount {},
    /// How many ancestors the deepest span has.
    TraceMaxDepth {},
    /// An attribute of the root, or else of the first span that has it.
    TraceAttribute {
        /// The attribute's key.
        attribute_key: String,
    },
    /// Whether the tools that were called are those expected.
    ToolCalls {
        /// The calls expected.
        expected: Vec<ToolCall>,
        /// How the calls made relate to those expected.
        #[serde(default)]
        mode: TrajectoryMode,
        /// How the arguments of a call are compared.
        #[serde(default)]
        arguments: ArgumentMatch,
        /// Which spans are tool calls; without it, those that have the attribute `name_key`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        filter: Option<SpanFilter>,
        /// The attribute that names the tool; where a span lacks it, the span's name counts.
        #[serde(default = "name_key")]
        name_key: String,
        /// The attribute that holds the arguments, as an object or as JSON text of one.
        #[serde(default = "arguments_key")]
        arguments_key: String,
    },
}

// The names are those of OpenTelemetry's semantic conventions for generative AI.
fn name_key() -> String {
    "gen_ai.tool.name".to_owned()
}

fn arguments_key() -> String {
    "gen_ai.tool.call.arguments".to_owned()
}

/// How the values of an attribute become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum AggregationType {
    /// How many there are.
    Count,
    /// Their sum; of whole numbers exactly.
    Sum,
    /// Their mean, a float.
    Average,
    /// The least.
    Min,
    /// The greatest.
    Max,
    /// That of the span that started first.
    First,
    /// That of the span that started last.
    Last,
}

/// A tool call that is expected.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ToolCall {
    /// The tool's name.
    pub name: String,
    /// Its arguments; without them, any will do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arguments: Option<Value>,
}

/// How the tool calls that were made relate to those expected. A call expected twice must be made
/// twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum TrajectoryMode {
    /// The same calls in the same order, and no others.
    #[default]
    Strict,
    /// The same calls in any order, and no others.
    Unordered,
    /// Only calls that are expected, perhaps not all of them.
    Subset,
    /// All calls that are expected, perhaps others too.
    Superset,
}

/// How the arguments of a tool call are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum ArgumentMatch {
    /// They equal those expected. A call without arguments has an empty object of them.
    #[default]
    Exact,
    /// They contain those expected: objects may have more entries, at any level.
    Partial,
    /// Only names are compared.
    Ignored,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{from_json, from_value, to_value};

    fn read(text: &str) -> Result<TraceAssertion, impl std::fmt::Display> {
        from_value(&from_json(text).unwrap())
    }

    #[test]
    fn every_assertion_comes_back_from_its_json_text() {
        let filter = r#""filter":{"ByName":{"name":"a"}}"#;
        for text in [
            r#"{"SpanSequence":{"span_names":["a","b"]}}"#.to_owned(),
            r#"{"SpanSet":{"span_names":["a"]}}"#.to_owned(),
            format!(r#"{{"SpanCount":{{{filter}}}}}"#),
            format!(r#"{{"SpanExists":{{{filter}}}}}"#),
            format!(r#"{{"SpanAttribute":{{{filter},"attribute_key":"k"}}}}"#),
            format!(r#"{{"SpanDuration":{{{filter}}}}}"#),
            format!(r#"{{"SpanAggregation":{{{filter},"attribute_key":"k","aggregation":"Average"}}}}"#),
            r#"{"TraceDuration":{}}"#.to_owned(),
            r#"{"TraceSpanCount":{}}"#.to_owned(),
            r#"{"TraceErrorCount":{}}"#.to_owned(),
            r#"{"TraceServiceCount":{}}"#.to_owned(),
            r#"{"TraceMaxDepth":{}}"#.to_owned(),
            r#"{"TraceAttribute":{"attribute_key":"k"}}"#.to_owned(),
        ] {
            let assertion = read(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(to_value(&assertion).unwrap().to_string(), text);
        }
    }

    #[test]
    fn tool_calls_need_only_what_is_expected() {
        let assertion = read(r#"{"ToolCalls": {"expected": [{"name": "a"}]}}"#).ok().unwrap();
        let expected = TraceAssertion::ToolCalls {
            expected: vec![ToolCall { name: "a".into(), arguments: None }],
            mode: TrajectoryMode::Strict,
            arguments: ArgumentMatch::Exact,
            filter: None,
            name_key: "gen_ai.tool.name".into(),
            arguments_key: "gen_ai.tool.call.arguments".into(),
        };
        assert_eq!(assertion, expected);
    }

    #[test]
    fn a_field_that_does_not_exist_is_refused() {
        assert!(read(r#"{"TraceDuration": {"filter": 1}}"#).is_err());
        assert!(read(r#"{"ToolCalls": {"expected": [{"tool": "a"}]}}"#).is_err());
    }

    #[test]
    fn the_schema_has_every_kind_and_admits_no_other_field() {
        let schema = schemars::schema_for!(TraceAssertion);
        let kinds = schema.get("oneOf").and_then(|kinds| kinds.as_array()).unwrap();
        assert_eq!(kinds.len(), 14);
        for kind in kinds {
            let fields = kind["properties"].as_object().unwrap().values().next().unwrap();
            assert_eq!(fields["additionalProperties"], false, "{kind}");
        }
    }
}
