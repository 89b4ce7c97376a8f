//! Which spans of a trace a compiled filter selects.

use std::sync::Arc;

use regex::Regex;
use smol_str::SmolStr;

use super::filter::SpanStatus;
use super::span::Span;
use super::tree::Trace;
use crate::value::Value;

/// A compiled filter.
#[derive(Clone, Debug)]
pub(super) enum Selector {
    Name(SmolStr),
    Pattern(Regex),
    Attribute(SmolStr),
    AttributeValue(SmolStr, Value),
    Status(SpanStatus),
    Duration(Bounds<f64>),
    Sequence(Names),
    All(Vec<Selector>),
    Any(Vec<Selector>),
    Not(Box<Selector>),
    Ancestor(Box<Selector>),
    Descendant(Box<Selector>),
    Children(Bounds<usize>),
    Depth(Bounds<usize>),
}

/// The least and the greatest value, both included.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds<T> {
    pub(super) min: Option<T>,
    pub(super) max: Option<T>,
}

impl<T: PartialOrd> Bounds<T> {
    fn contain(&self, value: &T) -> bool {
        self.min.as_ref().is_none_or(|min| value >= min) && self.max.as_ref().is_none_or(|max| value <= max)
    }
}

/// Names of spans, at least one.
#[derive(Clone, Debug)]
pub(super) struct Names(Box<[SmolStr]>);

impl Names {
    pub(super) fn new(names: &[String]) -> Self {
        Self(names.iter().map(SmolStr::from).collect())
    }

    /// The places of the first spans that bear the names in order, or `None` where there are none.
    /// Taking the first span for each name is enough: a later one never leaves more to choose from.
    pub(super) fn in_order(&self, spans: &[Arc<Span>]) -> Option<Vec<usize>> {
        let (places, missing) = self.as_far_as(spans);
        missing.is_none().then_some(places)
    }

    /// As [`Names::in_order`], as far as there are such spans, with the first name that none bears.
    pub(super) fn as_far_as(&self, spans: &[Arc<Span>]) -> (Vec<usize>, Option<&str>) {
        let mut left = 0..spans.len();
        let mut places = Vec::with_capacity(self.0.len());
        for name in &self.0 {
            match left.find(|&place| spans[place].span_name == *name) {
                Some(place) => places.push(place),
                None => return (places, Some(name.as_str())),
            }
        }
        (places, None)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(SmolStr::as_str)
    }

    /// Whether every name occurs.
    pub(super) fn all_in(&self, spans: &[Arc<Span>]) -> bool {
        self.0.iter().all(|name| spans.iter().any(|span| span.span_name == *name))
    }
}

impl Selector {
    /// For each span, in order of starts, whether it is selected. The time grows with the number
    /// of spans and of filters, not with the depth of the tree.
    pub(super) fn marks(&self, trace: &Trace) -> Vec<bool> {
        let by_span =
            |selects: &dyn Fn(&Span) -> bool| trace.spans().iter().map(|span| selects(span)).collect();
        let by_place = |selects: &dyn Fn(usize) -> bool| (0..trace.spans().len()).map(selects).collect();
        match self {
            Self::Name(name) => by_span(&|span| span.span_name == *name),
            Self::Pattern(regex) => by_span(&|span| regex.is_match(&span.span_name)),
            Self::Attribute(key) => by_span(&|span| span.attribute(key).is_some()),
            Self::AttributeValue(key, value) => by_span(&|span| span.attribute(key) == Some(value)),
            Self::Status(status) => by_span(&|span| span.status() == Some(*status)),
            Self::Duration(bounds) => {
                by_span(&|span| span.elapsed_ms().is_some_and(|ms| bounds.contain(&ms)))
            }
            Self::Children(bounds) => by_place(&|place| bounds.contain(&trace.child_count(place))),
            Self::Depth(bounds) => by_place(&|place| bounds.contain(&trace.depth(place))),
            Self::Sequence(names) => {
                let mut marks = vec![false; trace.spans().len()];
                for place in names.in_order(trace.spans()).into_iter().flatten() {
                    marks[place] = true;
                }
                marks
            }
            Self::All(filters) => combined(filters, trace, true, |mark, other| mark & other),
            Self::Any(filters) => combined(filters, trace, false, |mark, other| mark | other),
            Self::Not(filter) => filter.marks(trace).into_iter().map(|mark| !mark).collect(),
            Self::Ancestor(filter) => below(&filter.marks(trace), trace),
            Self::Descendant(filter) => above(&filter.marks(trace), trace),
        }
    }

    /// The selected spans, in order of their start.
    pub(super) fn spans<'t>(&self, trace: &'t Trace) -> Vec<&'t Span> {
        let marks = self.marks(trace);
        trace
            .spans()
            .iter()
            .map(Arc::as_ref)
            .zip(marks)
            .filter_map(|(span, mark)| mark.then_some(span))
            .collect()
    }
}

fn combined(filters: &[Selector], trace: &Trace, none: bool, with: impl Fn(bool, bool) -> bool) -> Vec<bool> {
    let mut marks = vec![none; trace.spans().len()];
    for filter in filters {
        for (mark, other) in marks.iter_mut().zip(filter.marks(trace)) {
            *mark = with(*mark, other);
        }
    }
    marks
}

/// Marks everything below a marked span: parents come before their children.
fn below(marks: &[bool], trace: &Trace) -> Vec<bool> {
    let mut found = vec![false; marks.len()];
    for &place in trace.pre_order() {
        found[place] = trace.parent(place).is_some_and(|parent| marks[parent] || found[parent]);
    }
    found
}

/// Marks everything above a marked span: children come before their parents.
fn above(marks: &[bool], trace: &Trace) -> Vec<bool> {
    let mut found = vec![false; marks.len()];
    for &place in trace.pre_order().iter().rev() {
        if let Some(parent) = trace.parent(place) {
            found[parent] |= marks[place] || found[place];
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::{SpanFilter, TraceAssertion, samples};
    use crate::value::{from_json, from_value};
    use chrono::DateTime;
    use proptest::prelude::*;

    /// The names of the spans that a filter, written as JSON, selects.
    fn selected(spans: Vec<Span>, filter: &str) -> Vec<String> {
        let filter: SpanFilter = from_value(&from_json(filter).unwrap()).unwrap();
        let trace = Trace::new(spans).unwrap();
        let selector = crate::trace::compile::selector(&filter).unwrap();
        selector.spans(&trace).iter().map(|span| span.span_name.to_string()).collect()
    }

    #[test]
    fn names_are_compared_whole_and_patterns_are_searched_for() {
        assert_eq!(selected(samples::simple(), r#"{"ByName": {"name": "child"}}"#), [""; 0]);
        let pattern = r#"{"ByNamePattern": {"pattern": "child"}}"#;
        assert_eq!(selected(samples::simple(), pattern), ["child_1", "child_2"]);
        let pattern = r#"{"ByNamePattern": {"pattern": "^child$"}}"#;
        assert_eq!(selected(samples::simple(), pattern), [""; 0]);
    }

    #[test]
    fn attributes_are_found_by_key_and_by_worth() {
        assert_eq!(
            selected(samples::with_attributes(), r#"{"WithAttribute": {"key": "cost"}}"#),
            ["api_call"]
        );
        let value = r#"{"WithAttributeValue": {"key": "tokens.input", "value": 150.0}}"#;
        assert_eq!(selected(samples::with_attributes(), value), ["api_call"]);
        let value = r#"{"WithAttributeValue": {"key": "tokens.input", "value": "150"}}"#;
        assert_eq!(selected(samples::with_attributes(), value), [""; 0]);
    }

    #[test]
    fn the_status_is_compared() {
        let error = r#"{"WithStatus": {"status": "Error"}}"#;
        assert_eq!(selected(samples::with_errors(), error), ["failing_operation"]);
    }

    #[test]
    fn bounds_of_durations_are_included() {
        let within = r#"{"WithDuration": {"min_ms": 30, "max_ms": 50}}"#;
        assert_eq!(selected(samples::simple(), within), ["child_1", "child_2"]);
        assert_eq!(
            selected(samples::simple(), r#"{"WithDuration": {"min_ms": 30.001}}"#),
            ["root", "child_1"]
        );
    }

    #[test]
    fn an_unfinished_span_has_no_duration_to_select() {
        let mut spans = samples::simple();
        spans[0].end_time = None;
        spans[0].duration_ms = None;
        assert_eq!(selected(spans, r#"{"WithDuration": {}}"#), ["child_1", "child_2"]);
    }

    #[test]
    fn and_or_and_not_combine() {
        let either =
            r#"{"Or": {"filters": [{"ByName": {"name": "root"}}, {"ByName": {"name": "child_2"}}]}}"#;
        assert_eq!(selected(samples::simple(), either), ["root", "child_2"]);
        let both = format!(
            r#"{{"And": {{"filters": [{either}, {{"Not": {{"filter": {{"ByName": {{"name": "root"}}}}}}}}]}}}}"#
        );
        assert_eq!(selected(samples::simple(), &both), ["child_2"]);
    }

    #[test]
    fn relatives_at_any_distance_count() {
        let under = r#"{"HasAncestor": {"filter": {"ByName": {"name": "init"}}}}"#;
        assert_eq!(selected(samples::nested(), under), ["process", "db_query", "finalize"]);
        let over = r#"{"HasDescendant": {"filter": {"ByName": {"name": "db_query"}}}}"#;
        assert_eq!(selected(samples::nested(), over), ["init", "process"]);
    }

    #[test]
    fn a_span_is_not_its_own_relative() {
        let under = r#"{"HasAncestor": {"filter": {"ByName": {"name": "db_query"}}}}"#;
        assert_eq!(selected(samples::nested(), under), [""; 0]);
        let over = r#"{"HasDescendant": {"filter": {"ByName": {"name": "init"}}}}"#;
        assert_eq!(selected(samples::nested(), over), [""; 0]);
    }

    #[test]
    fn children_and_depth_are_counted() {
        assert_eq!(selected(samples::nested(), r#"{"ChildCount": {"min": 2}}"#), ["process"]);
        assert_eq!(selected(samples::nested(), r#"{"ChildCount": {"max": 0}}"#), ["db_query", "finalize"]);
        assert_eq!(selected(samples::nested(), r#"{"Depth": {"min": 0, "max": 0}}"#), ["init"]);
        assert_eq!(selected(samples::nested(), r#"{"Depth": {"min": 1, "max": 1}}"#), ["process"]);
    }

    #[test]
    fn a_sequence_selects_its_first_occurrence() {
        let trace = Trace::new(samples::sequence_pattern()).unwrap();
        let names = Names::new(&["run_agent".to_owned(), "run_agent".to_owned()]);
        assert_eq!(Selector::Sequence(names).marks(&trace), [false, false, true, false, true, false]);
    }

    #[test]
    fn a_sequence_that_does_not_occur_selects_nothing() {
        let trace = Trace::new(samples::sequence_pattern()).unwrap();
        let names = Names::new(&["start".to_owned(), "start".to_owned()]);
        assert_eq!(Selector::Sequence(names).marks(&trace), [false; 6]);
    }

    #[test]
    fn the_deepest_filter_finds_its_way_through_a_chain_of_100_000_spans() {
        let chain = (0_usize..100_000).map(|n| Span {
            parent_span_id: n.checked_sub(1).map(|parent| parent.to_string().into()),
            ..Span::new("t", n.to_string(), if n == 99_999 { "leaf" } else { "step" }, DateTime::UNIX_EPOCH)
        });
        let trace = Trace::new(chain).unwrap();
        let leaf = SpanFilter::ByName { name: "leaf".into() };
        let filter = SpanFilter::HasDescendant { filter: leaf.into() };
        let measure = TraceAssertion::SpanCount { filter }.compile().unwrap();
        assert_eq!(measure.measure(&trace), crate::trace::Reading::Value(Value::Int(99_999)));
    }

    /// Whether `names` can be had by striking out spans, by trying both ways at each.
    fn subsequence(names: &[u8], spans: &[u8]) -> bool {
        match (names, spans) {
            ([], _) => true,
            (_, []) => false,
            ([name, rest @ ..], [span, later @ ..]) => {
                (name == span && subsequence(rest, later)) || subsequence(names, later)
            }
        }
    }

    proptest! {
        #[test]
        fn names_in_order_are_found_exactly_where_trying_all_ways_finds_them(
            names in prop::collection::vec(0_u8..3, 1..5),
            given in prop::collection::vec(0_u8..3, 0..10),
        ) {
            let spans: Vec<_> = given
                .iter()
                .enumerate()
                .map(|(id, name)| Span::new("t", id.to_string(), name.to_string(), DateTime::UNIX_EPOCH))
                .map(Arc::new)
                .collect();
            let sought = Names::new(&names.iter().map(u8::to_string).collect::<Vec<_>>());
            let found = sought.in_order(&spans);
            prop_assert_eq!(found.is_some(), subsequence(&names, &given));
            if let Some(places) = found {
                prop_assert!(places.is_sorted_by(|a, b| a < b));
                prop_assert_eq!(places.iter().map(|&place| given[place]).collect::<Vec<_>>(), names);
            }
        }
    }
}
