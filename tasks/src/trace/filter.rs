//! Which spans to look at, as plain data.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::value::Value;

/// Selects spans of a trace.
///
/// In files a filter is an object with one entry, whose key is the kind:
///
/// ```
/// use scouter_tasks::trace::SpanFilter;
/// use scouter_tasks::value::{from_json, from_value};
///
/// let read = from_json(r#"{"And": {"filters": [{"ByName": {"name": "call_tool"}}, {"WithStatus": {"status": "Error"}}]}}"#)?;
/// let filter: SpanFilter = from_value(&read)?;
/// assert!(matches!(filter, SpanFilter::And { filters } if filters.len() == 2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub enum SpanFilter {
    /// Spans of exactly this name.
    ByName {
        /// The name.
        name: String,
    },
    /// Spans in whose name the regular expression is found; `^` and `$` tie it to the ends.
    ByNamePattern {
        /// The regular expression.
        pattern: String,
    },
    /// Spans that have the attribute, whatever its value.
    WithAttribute {
        /// The attribute's key.
        key: String,
    },
    /// Spans whose attribute equals the value.
    WithAttributeValue {
        /// The attribute's key.
        key: String,
        /// The value; numbers are equal by what they are worth.
        value: Value,
    },
    /// Spans of this status.
    WithStatus {
        /// The status.
        status: SpanStatus,
    },
    /// Finished spans that took this long, both bounds included.
    WithDuration {
        /// The least duration, in milliseconds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        min_ms: Option<f64>,
        /// The greatest duration, in milliseconds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max_ms: Option<f64>,
    },
    /// The spans of the first occurrence of these names in this order of starts, whatever lies
    /// between; none where the names do not occur in this order.
    Sequence {
        /// The names.
        names: Vec<String>,
    },
    /// Spans that all of the filters select.
    And {
        /// The filters.
        filters: Vec<SpanFilter>,
    },
    /// Spans that at least one of the filters selects.
    Or {
        /// The filters.
        filters: Vec<SpanFilter>,
    },
    /// Spans that the filter does not select.
    Not {
        /// The filter.
        filter: Box<SpanFilter>,
    },
    /// Spans that have an ancestor which the filter selects.
    HasAncestor {
        /// Selects the ancestor.
        filter: Box<SpanFilter>,
    },
    /// Spans that have a descendant which the filter selects.
    HasDescendant {
        /// Selects the descendant.
        filter: Box<SpanFilter>,
    },
    /// Spans with so many children, both bounds included.
    ChildCount {
        /// The least number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        min: Option<usize>,
        /// The greatest number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max: Option<usize>,
    },
    /// Spans with so many ancestors, both bounds included; a root has none.
    Depth {
        /// The least number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        min: Option<usize>,
        /// The greatest number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max: Option<usize>,
    },
}

/// How an operation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum SpanStatus {
    /// It was marked as successful.
    Ok,
    /// It failed.
    Error,
    /// Nothing was said about it.
    Unset,
}

impl SpanFilter {
    /// Spans that both select. A chain of these stays one list, however long.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match self {
            Self::And { mut filters } => {
                filters.push(other);
                Self::And { filters }
            }
            first => Self::And { filters: vec![first, other] },
        }
    }

    /// Spans that either selects. A chain of these stays one list, however long.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match self {
            Self::Or { mut filters } => {
                filters.push(other);
                Self::Or { filters }
            }
            first => Self::Or { filters: vec![first, other] },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{from_json, from_value, to_value};

    fn read(text: &str) -> Result<SpanFilter, impl std::fmt::Display> {
        from_value(&from_json(text).unwrap())
    }

    #[test]
    fn every_filter_comes_back_from_its_json_text() {
        for text in [
            r#"{"ByName":{"name":"retry_operation"}}"#,
            r#"{"ByNamePattern":{"pattern":"llm\\..*"}}"#,
            r#"{"WithAttribute":{"key":"model"}}"#,
            r#"{"WithAttributeValue":{"key":"n","value":1180591620717411303424}}"#,
            r#"{"WithStatus":{"status":"Unset"}}"#,
            r#"{"WithDuration":{"min_ms":0.5}}"#,
            r#"{"Sequence":{"names":["a","b"]}}"#,
            r#"{"And":{"filters":[{"ByName":{"name":"a"}}]}}"#,
            r#"{"Or":{"filters":[]}}"#,
            r#"{"Not":{"filter":{"HasAncestor":{"filter":{"HasDescendant":{"filter":{"ByName":{"name":"a"}}}}}}}}"#,
            r#"{"ChildCount":{"min":1,"max":2}}"#,
            r#"{"Depth":{"max":0}}"#,
        ] {
            let filter = read(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(to_value(&filter).unwrap().to_string(), text);
        }
    }

    #[test]
    fn a_bound_may_be_null() {
        let filter = read(r#"{"WithDuration": {"min_ms": null, "max_ms": 20}}"#).ok().unwrap();
        assert_eq!(filter, SpanFilter::WithDuration { min_ms: None, max_ms: Some(20.0) });
    }

    #[test]
    fn a_misspelt_field_is_refused_by_name() {
        let error = read(r#"{"WithDuration": {"min": 1}}"#).err().unwrap().to_string();
        assert!(error.contains("`min`") && error.contains("`min_ms`"), "{error}");
    }

    #[test]
    fn long_chains_of_and_and_or_stay_flat() {
        let name = |n: usize| SpanFilter::ByName { name: n.to_string() };
        let filters: Vec<_> = (0..100).map(name).collect();
        let chained = (1..100).map(name).fold(name(0), SpanFilter::and);
        assert_eq!(chained, SpanFilter::And { filters: filters.clone() });
        let chained = (1..100).map(name).fold(name(0), SpanFilter::or);
        assert_eq!(chained, SpanFilter::Or { filters });
    }
}
