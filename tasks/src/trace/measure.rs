//! Measuring traces.

use std::collections::HashSet;
use std::sync::Arc;

use smol_str::SmolStr;

use super::aggregate::aggregate;
use super::assertion::AggregationType;
use super::filter::SpanStatus;
use super::select::{Names, Selector};
use super::span::{Span, milliseconds};
use super::trajectory::Trajectory;
use super::tree::Trace;
use crate::value::Value;

/// A compiled [`TraceAssertion`](super::TraceAssertion), for any number of traces.
#[derive(Clone, Debug)]
pub struct Measure {
    pub(super) quantity: Quantity,
}

/// What is measured.
#[derive(Clone, Debug)]
pub(super) enum Quantity {
    Sequence(Names),
    Set(Names),
    Count(Selector),
    Exists(Selector),
    Attribute { of: Selector, key: SmolStr },
    Duration(Selector),
    Aggregation { of: Selector, key: SmolStr, aggregation: AggregationType },
    TraceDuration,
    SpanCount,
    ErrorCount,
    ServiceCount,
    MaxDepth,
    TraceAttribute(SmolStr),
    ToolCalls(Trajectory),
}

/// What a trace gave.
#[derive(Clone, Debug, PartialEq)]
pub enum Reading {
    /// The value, for an operator to judge.
    Value(Value),
    /// There was nothing to measure, and why. Whatever is expected, this is no pass.
    NothingMatched(String),
    /// There was something that cannot be measured in this way: the span and the value are named.
    Unusable(String),
}

impl Measure {
    pub(super) fn new(quantity: Quantity) -> Self {
        Self { quantity }
    }

    /// The value that the trace gives.
    pub fn measure(&self, trace: &Trace) -> Reading {
        let spans = trace.spans();
        match &self.quantity {
            Quantity::Sequence(names) => given(names.in_order(spans).is_some()),
            Quantity::Set(names) => given(names.all_in(spans)),
            Quantity::Count(selector) => given(count(selector.marks(trace))),
            Quantity::Exists(selector) => given(selector.marks(trace).contains(&true)),
            Quantity::Attribute { of, key } => match with_attribute(&of.spans(trace), key) {
                Ok(found) => given(one_or_list(found.into_iter().map(|(_, value)| value.clone()).collect())),
                Err(why) => Reading::NothingMatched(why),
            },
            Quantity::Duration(selector) => durations(&selector.spans(trace)),
            Quantity::Aggregation { of, key, aggregation } => {
                match (with_attribute(&of.spans(trace), key), aggregation) {
                    (Ok(found), _) => aggregate(&found, *aggregation),
                    // A count of none is a count.
                    (Err(_), AggregationType::Count) => given(0_usize),
                    (Err(why), _) => Reading::NothingMatched(why),
                }
            }
            Quantity::TraceDuration => or_no_spans(wall_clock(spans)),
            Quantity::SpanCount => given(spans.len()),
            Quantity::ErrorCount => {
                given(count(spans.iter().map(|span| span.status() == Some(SpanStatus::Error))))
            }
            Quantity::ServiceCount => {
                given(spans.iter().filter_map(|span| span.service()).collect::<HashSet<_>>().len())
            }
            Quantity::MaxDepth => or_no_spans(trace.max_depth()),
            Quantity::TraceAttribute(key) => trace_attribute(trace, key),
            Quantity::ToolCalls(trajectory) => trajectory.measure(trace),
        }
    }
}

fn given(value: impl Into<Value>) -> Reading {
    Reading::Value(value.into())
}

pub(super) const NO_SPANS: &str = "the trace has no spans";

fn or_no_spans(value: Option<impl Into<Value>>) -> Reading {
    value.map_or_else(|| Reading::NothingMatched(NO_SPANS.to_owned()), given)
}

fn count(marks: impl IntoIterator<Item = bool>) -> usize {
    marks.into_iter().filter(|&mark| mark).count()
}

/// One value itself, several as an array.
fn one_or_list(mut values: Vec<Value>) -> Value {
    match values.pop() {
        Some(only) if values.is_empty() => only,
        Some(last) => {
            values.push(last);
            values.into()
        }
        None => Value::Null,
    }
}

/// The spans that have the attribute, with its value; at least one, or else why there is none.
pub(super) fn with_attribute<'t>(
    spans: &[&'t Span],
    key: &str,
) -> Result<Vec<(&'t Span, &'t Value)>, String> {
    let found: Vec<_> = spans.iter().filter_map(|span| Some((*span, span.attribute(key)?))).collect();
    match (spans.len(), found.is_empty()) {
        (0, _) => Err(NO_MATCH.to_owned()),
        (_, false) => Ok(found),
        (1, true) => Err(format!("the span that matches the filter has no attribute `{key}`")),
        (many, true) => {
            Err(format!("none of the {many} spans that match the filter has the attribute `{key}`"))
        }
    }
}

const NO_MATCH: &str = "no span matches the filter";

fn durations(spans: &[&Span]) -> Reading {
    let finished: Vec<_> = spans.iter().filter_map(|span| span.elapsed_ms()).map(Value::Float).collect();
    match (spans.len(), finished.is_empty()) {
        (0, _) => Reading::NothingMatched(NO_MATCH.to_owned()),
        (_, false) => given(one_or_list(finished)),
        (1, true) => Reading::NothingMatched("the span that matches the filter is unfinished".to_owned()),
        (many, true) => {
            Reading::NothingMatched(format!("all {many} spans that match the filter are unfinished"))
        }
    }
}

/// From the first start to the last end. A span without an end counts with its start: the trace was
/// running at least until then.
fn wall_clock(spans: &[Arc<Span>]) -> Option<f64> {
    let first = spans.first()?.start_time;
    let last = spans.iter().map(|span| span.end().unwrap_or(span.start_time)).max()?;
    Some(milliseconds(last - first))
}

fn trace_attribute(trace: &Trace, key: &str) -> Reading {
    if trace.spans().is_empty() {
        return Reading::NothingMatched(NO_SPANS.to_owned());
    }
    match first_with(trace, key) {
        Some((_, value)) => given(value.clone()),
        None => Reading::NothingMatched(format!("no span has the attribute `{key}`")),
    }
}

/// The root that has the attribute, or else the first span that has it, with its value.
pub(super) fn first_with<'t>(trace: &'t Trace, key: &str) -> Option<(&'t Span, &'t Value)> {
    let roots = trace.roots().map(|root| &trace.spans()[root]);
    roots.chain(trace.spans()).find_map(|span| Some((span.as_ref(), span.attribute(key)?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::{Attribute, TraceAssertion, samples};
    use crate::value::{from_json, from_value};
    use chrono::TimeDelta;

    fn measured(spans: Vec<Span>, assertion: &str) -> Reading {
        let assertion: TraceAssertion = from_value(&from_json(assertion).unwrap()).unwrap();
        assertion.compile().unwrap().measure(&Trace::new(spans).unwrap())
    }

    /// Asserts that the spans measure to the JSON text, which shows the form of numbers too.
    #[track_caller]
    fn gives(spans: Vec<Span>, assertion: &str, expected: &str) {
        match measured(spans, assertion) {
            Reading::Value(value) => assert_eq!(value.to_string(), expected, "{assertion}"),
            other => panic!("{assertion}: {other:?}"),
        }
    }

    #[track_caller]
    fn matches_nothing(spans: Vec<Span>, assertion: &str, message: &str) {
        assert_eq!(measured(spans, assertion), Reading::NothingMatched(message.into()), "{assertion}");
    }

    fn unfinished(mut spans: Vec<Span>, name: &str) -> Vec<Span> {
        for span in spans.iter_mut().filter(|span| span.span_name == name) {
            (span.end_time, span.duration_ms) = (None, None);
        }
        spans
    }

    const ANY: &str = r#"{"ByNamePattern": {"pattern": ""}}"#;
    const CHILDREN: &str = r#"{"ByNamePattern": {"pattern": "^child_"}}"#;
    const NONE: &str = r#"{"ByName": {"name": "absent"}}"#;

    #[test]
    fn the_simple_sample_gives_its_measures() {
        for (assertion, expected) in [
            (r#"{"TraceDuration": {}}"#, "150.0"),
            (r#"{"TraceSpanCount": {}}"#, "3"),
            (r#"{"TraceErrorCount": {}}"#, "0"),
            (r#"{"TraceServiceCount": {}}"#, "1"),
            (r#"{"TraceMaxDepth": {}}"#, "1"),
            (r#"{"TraceAttribute": {"attribute_key": "http.method"}}"#, r#""POST""#),
            (r#"{"SpanSet": {"span_names": ["child_2", "root"]}}"#, "true"),
        ] {
            gives(samples::simple(), assertion, expected);
        }
    }

    #[test]
    fn the_nested_sample_gives_its_measures() {
        gives(samples::nested(), r#"{"TraceMaxDepth": {}}"#, "2");
        gives(samples::nested(), r#"{"TraceDuration": {}}"#, "300.0");
        gives(samples::nested(), r#"{"SpanSequence": {"span_names": ["init", "finalize"]}}"#, "true");
        gives(
            samples::nested(),
            r#"{"SpanDuration": {"filter": {"ByName": {"name": "db_query"}}}}"#,
            "100.0",
        );
    }

    #[test]
    fn the_sample_with_attributes_gives_their_values() {
        for (key, expected) in [
            ("model", r#""gpt-4""#),
            ("tokens.output", "300"),
            ("cost", "0.045"),
            ("response", r#"{"success":true,"data":{"id":12345}}"#),
        ] {
            let assertion = format!(
                r#"{{"SpanAttribute": {{"filter": {{"ByName": {{"name": "api_call"}}}}, "attribute_key": "{key}"}}}}"#
            );
            gives(samples::with_attributes(), &assertion, expected);
        }
    }

    #[test]
    fn the_sample_of_several_services_counts_each_once() {
        gives(samples::multi_service(), r#"{"TraceServiceCount": {}}"#, "3");
        gives(samples::sequence_pattern(), r#"{"TraceServiceCount": {}}"#, "1");
    }

    #[test]
    fn the_sample_of_a_sequence_is_found_with_gaps_and_in_order_only() {
        for (names, expected) in [
            (r#"["start", "call_tool", "run_agent", "call_tool", "run_agent", "finish"]"#, "true"),
            (r#"["start", "run_agent", "finish"]"#, "true"),
            (r#"["call_tool", "call_tool"]"#, "true"),
            (r#"["call_tool", "call_tool", "call_tool"]"#, "false"),
            (r#"["finish", "start"]"#, "false"),
        ] {
            let assertion = format!(r#"{{"SpanSequence": {{"span_names": {names}}}}}"#);
            gives(samples::sequence_pattern(), &assertion, expected);
        }
        gives(samples::sequence_pattern(), r#"{"TraceDuration": {}}"#, "530.0");
    }

    #[test]
    fn the_sample_with_errors_counts_them() {
        gives(samples::with_errors(), r#"{"TraceErrorCount": {}}"#, "1");
        gives(
            samples::with_errors(),
            r#"{"SpanExists": {"filter": {"WithStatus": {"status": "Error"}}}}"#,
            "true",
        );
    }

    #[test]
    fn counts_and_existence_of_nothing_are_measured() {
        for spans in [samples::simple(), Vec::new()] {
            gives(spans.clone(), &format!(r#"{{"SpanCount": {{"filter": {NONE}}}}}"#), "0");
            gives(spans.clone(), &format!(r#"{{"SpanExists": {{"filter": {NONE}}}}}"#), "false");
            let count = r#""attribute_key": "k", "aggregation": "Count""#;
            gives(spans, &format!(r#"{{"SpanAggregation": {{"filter": {NONE}, {count}}}}}"#), "0");
        }
    }

    #[test]
    fn an_empty_trace_matches_nothing_where_there_is_nothing_to_count() {
        for assertion in [
            r#"{"TraceDuration": {}}"#,
            r#"{"TraceMaxDepth": {}}"#,
            r#"{"TraceAttribute": {"attribute_key": "k"}}"#,
            r#"{"ToolCalls": {"expected": []}}"#,
        ] {
            matches_nothing(Vec::new(), assertion, "the trace has no spans");
        }
        for count in ["TraceSpanCount", "TraceErrorCount", "TraceServiceCount"] {
            gives(Vec::new(), &format!(r#"{{"{count}": {{}}}}"#), "0");
        }
    }

    #[test]
    fn an_attribute_says_whether_the_span_or_the_key_is_absent() {
        for (filter, message) in [
            (NONE, "no span matches the filter"),
            (CHILDREN, "none of the 2 spans that match the filter has the attribute `k`"),
            (r#"{"ByName": {"name": "root"}}"#, "the span that matches the filter has no attribute `k`"),
        ] {
            let attribute = format!(r#"{{"SpanAttribute": {{"filter": {filter}, "attribute_key": "k"}}}}"#);
            matches_nothing(samples::simple(), &attribute, message);
            let sum = format!(
                r#"{{"SpanAggregation": {{"filter": {filter}, "attribute_key": "k", "aggregation": "Sum"}}}}"#
            );
            matches_nothing(samples::simple(), &sum, message);
        }
    }

    #[test]
    fn several_values_are_an_array_in_order_of_starts() {
        let mut spans = samples::simple();
        for (span, n) in spans.iter_mut().zip([1, 2, 3]) {
            span.attributes.push(Attribute { key: "n".into(), value: Value::Int(n) });
        }
        spans.reverse();
        let any = format!(r#"{{"SpanAttribute": {{"filter": {ANY}, "attribute_key": "n"}}}}"#);
        gives(spans.clone(), &any, "[1,2,3]");
        let last = format!(
            r#"{{"SpanAggregation": {{"filter": {ANY}, "attribute_key": "n", "aggregation": "Last"}}}}"#
        );
        gives(spans, &last, "3");
    }

    #[test]
    fn durations_leave_unfinished_spans_out() {
        let duration = format!(r#"{{"SpanDuration": {{"filter": {CHILDREN}}}}}"#);
        gives(samples::simple(), &duration, "[50.0,30.0]");
        gives(unfinished(samples::simple(), "child_1"), &duration, "30.0");
    }

    #[test]
    fn durations_say_whether_the_span_is_absent_or_unfinished() {
        let of = |filter: &str| format!(r#"{{"SpanDuration": {{"filter": {filter}}}}}"#);
        matches_nothing(samples::simple(), &of(NONE), "no span matches the filter");
        let root = r#"{"ByName": {"name": "root"}}"#;
        let message = "the span that matches the filter is unfinished";
        matches_nothing(unfinished(samples::simple(), "root"), &of(root), message);
        let none = unfinished(unfinished(samples::simple(), "child_1"), "child_2");
        matches_nothing(none, &of(CHILDREN), "all 2 spans that match the filter are unfinished");
    }

    #[test]
    fn an_aggregate_names_what_is_not_a_number() {
        let sum = format!(
            r#"{{"SpanAggregation": {{"filter": {ANY}, "attribute_key": "model", "aggregation": "Sum"}}}}"#
        );
        let message = r#"span `api_call` (`0000000000000002`) has `"gpt-4"`, which is not a number"#;
        assert_eq!(measured(samples::with_attributes(), &sum), Reading::Unusable(message.into()));
    }

    #[test]
    fn the_duration_of_a_trace_is_wall_clock_also_beyond_its_root() {
        let mut spans = samples::simple();
        let end = spans[2].start_time + TimeDelta::microseconds(200_500);
        spans[2].end_time = Some(end);
        gives(spans, r#"{"TraceDuration": {}}"#, "270.5");
    }

    #[test]
    fn an_unfinished_span_counts_with_its_start() {
        let spans = unfinished(unfinished(samples::simple(), "root"), "child_2");
        // child_1 ends at 60 ms, child_2 starts at 70 ms.
        gives(spans, r#"{"TraceDuration": {}}"#, "70.0");
    }

    #[test]
    fn the_root_comes_first_for_an_attribute_of_the_trace() {
        let attributes = |value: &str| vec![Attribute { key: "k".into(), value: value.into() }];
        let mut spans = samples::simple();
        spans[1].attributes = attributes("first child");
        spans[2].attributes = attributes("second child");
        let assertion = r#"{"TraceAttribute": {"attribute_key": "k"}}"#;
        gives(spans.clone(), assertion, r#""first child""#);
        // A child that started before the root, as clocks of two machines may have it.
        spans[1].start_time -= TimeDelta::seconds(1);
        spans[0].attributes = attributes("root");
        gives(spans, assertion, r#""root""#);
        matches_nothing(samples::simple(), assertion, "no span has the attribute `k`");
    }
}
