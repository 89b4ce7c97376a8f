//! The spans of a record, out of its column.

use std::sync::Arc;

use super::bad::Flaw;
use crate::operator::short;
use crate::subject::Spans;
use crate::trace::{Span, Trace};
use crate::value::{Map, Value, from_value};

/// The trace that stands in the column of this name, where the record has one.
///
/// # Errors
/// Where it is no list, or something in it is no span.
pub(super) fn spans(column: &str, trace: Option<Value>) -> Result<Spans, Flaw> {
    let spans = match trace {
        None | Some(Value::Null) => return Ok(Spans::Absent),
        Some(Value::List(spans)) => spans,
        Some(other) => return Err(no_list(column, &other).into()),
    };
    let spans = spans.iter().enumerate().map(|(at, span)| {
        from_value::<Span>(span).map_err(|error| {
            let why = error.to_string();
            let (field, why) = (at_fault(span, &why), cut(&why));
            Flaw::from(format!("its trace is not a list of spans: `[{at}]{field}`: {why}"))
        })
    });
    Ok(match Trace::new(spans.collect::<Result<Vec<Span>, Flaw>>()?) {
        Ok(trace) => Spans::Tree(Arc::new(trace)),
        Err(error) => Spans::Unusable(error.to_string().into()),
    })
}

/// What is wrong with what is no list. A text that begins as one, or is empty as a cell of CSV may be, is probably JSON.
fn no_list(column: &str, trace: &Value) -> String {
    let text = trace.as_text().map(str::trim_start);
    if text.is_some_and(|text| text.is_empty() || text.starts_with('[')) {
        return format!(
            "its trace is text, not a list of spans: `json=[\"{column}\"]` reads the column `{column}` as JSON"
        );
    }
    format!("its trace is not a list of spans: it is {}: {}", trace.kind(), short(trace))
}

/// The field that cannot be read, as a step of a path: without it the span is read, or something else is wrong with it.
/// Nothing where the span itself lacks a field, which the error names.
fn at_fault(span: &Value, why: &str) -> String {
    let Some(map) = span.as_map() else { return String::new() };
    let lacks = why.starts_with("missing field");
    let is_at_fault = |key: &str| {
        let rest = map.iter().filter(|(own, _)| own.as_str() != key);
        let rest = rest.map(|(own, value)| (own.clone(), value.clone())).collect::<Map>();
        match from_value::<Span>(&Value::Map(Arc::new(rest))) {
            Ok(_) => true,
            // Where fields are missing, one more that is may be named before them.
            Err(error) => !lacks && error.to_string() != why,
        }
    };
    let field = map.iter().map(|(key, _)| key).find(|key| is_at_fault(key));
    field.map(|key| format!(".{key}")).unwrap_or_default()
}

/// The error with the middle left out where that is long: at its end it says what was expected, before that it has the value.
fn cut(why: &str) -> String {
    const SHOWN: usize = 100;
    let (value, expected) = why.rfind(", expected ").map_or((why, ""), |at| why.split_at(at));
    match value.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…{expected}", &value[..end]),
        None => why.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::from_json;

    const SPAN: &str =
        r#"{"trace_id": "t", "span_id": "a", "span_name": "plan", "start_time": "2025-01-01T00:00:00Z"}"#;

    /// What is told of this trace in the column `spans`.
    fn told(trace: Value) -> String {
        spans("spans", Some(trace)).map_or_else(|flaw| flaw.message, |_| String::new())
    }

    /// The same of a list of a span that is sound and one with this in the place of its name.
    fn told_of_second(fields: &str) -> String {
        told(from_json(&format!("[{SPAN}, {}]", SPAN.replace(r#""span_name": "plan""#, fields))).unwrap())
    }

    #[test]
    fn a_list_of_spans_is_a_trace() {
        assert_eq!(told(from_json(&format!("[{SPAN}]")).unwrap()), "");
    }

    #[test]
    fn a_text_that_is_a_list_or_empty_is_told_with_how_it_is_read() {
        let told_of =
            "its trace is text, not a list of spans: `json=[\"spans\"]` reads the column `spans` as JSON";
        for text in [format!("[{SPAN}]"), " [".to_owned(), String::new()] {
            assert_eq!(told(Value::from(text.as_str())), told_of, "{text}");
        }
    }

    #[test]
    fn what_is_no_list_is_named_and_cut() {
        let long = told(Value::from("x".repeat(1000).as_str()));
        assert!(long.starts_with("its trace is not a list of spans: it is text: `"), "{long}");
        assert!(long.len() < 200, "{long}");
        assert_eq!(told(Value::Int(1)), "its trace is not a list of spans: it is a number: `1`");
    }

    #[test]
    fn a_span_that_lacks_a_field_is_named_by_its_place() {
        let told = told_of_second(r#""depth": 0"#);
        assert_eq!(told, "its trace is not a list of spans: `[1]`: missing field `span_name`");
    }

    #[test]
    fn the_field_of_a_span_that_cannot_be_read_is_named() {
        for (fields, named) in [
            (r#""span_name": "plan", "attributes": {"model": "m"}"#, "`[1].attributes`: "),
            (
                r#""span_name": "plan", "attributes": [{"value": "m"}]"#,
                "`[1].attributes`: missing field `key`",
            ),
            (r#""span_name": 1"#, "`[1].span_name`: "),
            (r#""span_name": "plan", "end_time": "soon""#, "`[1].end_time`: "),
        ] {
            let told = told_of_second(fields);
            assert!(told.starts_with(&format!("its trace is not a list of spans: {named}")), "{told}");
        }
    }

    #[test]
    fn a_long_value_is_cut_and_what_was_expected_is_not() {
        let told = told_of_second(&format!(r#""span_name": "plan", "attributes": "{}""#, "x".repeat(1000)));
        assert!(told.contains("xxx…, expected ") && told.len() < 300, "{told}");
    }
}
