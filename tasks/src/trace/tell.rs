//! Which spans a measure comes from, in words: what to look at where a check of it failed.

use std::sync::Arc;

use super::aggregate::aggregate;
use super::assertion::AggregationType;
use super::filter::SpanStatus;
use super::measure::{Measure, Quantity, Reading, first_with, with_attribute};
use super::select::Names;
use super::span::Span;
use super::tree::Trace;
use crate::operator::{short_key, some_of};
use crate::value::Value;

impl Measure {
    /// Which spans of the trace its value comes from, or which are not there. Where the value is an array and only some
    /// of its items are asked about, `items` has their places. `None` where no span in particular is to be named.
    ///
    /// ```
    /// use scouter_tasks::trace::{SpanFilter, SpanStatus, Trace, TraceAssertion, samples};
    ///
    /// let filter = SpanFilter::WithStatus { status: SpanStatus::Error };
    /// let measure = TraceAssertion::SpanCount { filter }.compile().map_err(|mistakes| mistakes[0].clone())?;
    /// let trace = Trace::new(samples::with_errors())?;
    /// assert_eq!(measure.tell(&trace, None).as_deref(), Some("span `failing_operation` (`0000000000000002`)"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn tell(&self, trace: &Trace, items: Option<&[usize]>) -> Option<String> {
        let spans = trace.spans();
        let asked = |found: Vec<&Span>| match items {
            // Of one span the value itself is measured, and the items are its own.
            Some(items) if found.len() > 1 => list(items.iter().filter_map(|&at| found.get(at).copied())),
            _ => list(found),
        };
        match &self.quantity {
            Quantity::Sequence(names) => Some(sequence(names, spans)),
            Quantity::Set(names) => Some(set(names, spans)),
            Quantity::Count(of) | Quantity::Exists(of) => list(of.spans(trace)),
            Quantity::Attribute { of, key } => {
                asked(with_attribute(&of.spans(trace), key).ok()?.into_iter().map(|(span, _)| span).collect())
            }
            Quantity::Duration(of) => {
                asked(of.spans(trace).into_iter().filter(|span| span.elapsed_ms().is_some()).collect())
            }
            Quantity::Aggregation { of, key, aggregation } => {
                let found = with_attribute(&of.spans(trace), key).ok()?;
                aggregated(&found, *aggregation)
            }
            Quantity::TraceDuration => {
                let last = spans.iter().max_by_key(|span| span.end().unwrap_or(span.start_time))?;
                Some(format!("from the start of {} to the end of {}", named(spans.first()?), named(last)))
            }
            Quantity::ErrorCount => {
                list(spans.iter().map(Arc::as_ref).filter(|span| span.status() == Some(SpanStatus::Error)))
            }
            Quantity::MaxDepth => {
                let deepest = trace.max_depth()?;
                let place = (0..spans.len()).find(|&place| trace.depth(place) == deepest)?;
                Some(named(&spans[place]))
            }
            Quantity::TraceAttribute(key) => first_with(trace, key).map(|(span, _)| named(span)),
            Quantity::ToolCalls(trajectory) => trajectory.tell(trace),
            Quantity::SpanCount | Quantity::ServiceCount => None,
        }
    }
}

/// A span by its name and its id.
pub(super) fn named(span: &Span) -> String {
    format!("span {}", name_and_id(span))
}

fn name_and_id(span: &Span) -> String {
    format!("{} ({})", short_key(&span.span_name), short_key(&span.span_id))
}

/// The first of these spans, and how many more there are; `None` where there is none.
pub(super) fn list<'t>(spans: impl IntoIterator<Item = &'t Span>) -> Option<String> {
    let mut spans = spans.into_iter().peekable();
    let first = spans.next()?;
    if spans.peek().is_none() {
        return Some(named(first));
    }
    Some(format!("spans {}", some_of([first].into_iter().chain(spans), name_and_id)))
}

/// Where a sequence breaks off, or the spans that make it.
fn sequence(names: &Names, spans: &[Arc<Span>]) -> String {
    let (places, missing) = names.as_far_as(spans);
    let last = places.last().map(|&place| &spans[place]);
    match (missing, last) {
        (Some(name), None) => format!("no span is called {}", short_key(name)),
        (Some(name), Some(last)) => format!("no span {} starts after {}", short_key(name), named(last)),
        (None, _) => list(places.iter().map(|&place| spans[place].as_ref())).unwrap_or_default(),
    }
}

/// The names that no span has, or the first span of each.
fn set(names: &Names, spans: &[Arc<Span>]) -> String {
    let first = |name: &str| spans.iter().map(Arc::as_ref).find(|span| span.span_name == name);
    let missing: Vec<&str> = names.iter().filter(|name| first(name).is_none()).collect();
    if missing.is_empty() {
        return list(names.iter().filter_map(first)).unwrap_or_default();
    }
    format!("no span is called {}", some_of(missing, short_key))
}

/// The span whose value was taken, or all whose values were.
fn aggregated(found: &[(&Span, &Value)], aggregation: AggregationType) -> Option<String> {
    let taken = match aggregation {
        AggregationType::Count | AggregationType::Sum | AggregationType::Average => None,
        AggregationType::First => found.first().map(|(span, _)| *span),
        AggregationType::Last => found.last().map(|(span, _)| *span),
        AggregationType::Min | AggregationType::Max => match aggregate(found, aggregation) {
            Reading::Value(value) => found.iter().find(|(_, own)| **own == value).map(|(span, _)| *span),
            Reading::NothingMatched(_) | Reading::Unusable(_) => None,
        },
    };
    taken.map(named).or_else(|| list(found.iter().map(|(span, _)| *span)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::{TraceAssertion, samples};
    use crate::value::{from_json, from_value};

    fn told_of(spans: Vec<Span>, assertion: &str, items: Option<&[usize]>) -> Option<String> {
        let assertion: TraceAssertion = from_value(&from_json(assertion).unwrap()).unwrap();
        assertion.compile().unwrap().tell(&Trace::new(spans).unwrap(), items)
    }

    /// What is told, with ids without their zeros.
    fn told(spans: Vec<Span>, assertion: &str) -> String {
        told_of(spans, assertion, None).unwrap_or_default().replace("000000000000000", "")
    }

    const ANY: &str = r#"{"ByNamePattern": {"pattern": ""}}"#;

    #[test]
    fn counts_name_the_spans_that_are_counted() {
        let count = format!(r#"{{"SpanCount": {{"filter": {ANY}}}}}"#);
        assert_eq!(told(samples::simple(), &count), "spans `root` (`1`), `child_1` (`2`), `child_2` (`3`)");
        assert_eq!(told(Vec::new(), &count), "");
        let errors = r#"{"TraceErrorCount": {}}"#;
        assert_eq!(told(samples::with_errors(), errors), "span `failing_operation` (`2`)");
    }

    #[test]
    fn a_sequence_says_where_it_breaks_off() {
        let told = |names: &str| {
            told(samples::simple(), &format!(r#"{{"SpanSequence": {{"span_names": {names}}}}}"#))
        };
        assert_eq!(told(r#"["child_2", "child_1"]"#), "no span `child_1` starts after span `child_2` (`3`)");
        assert_eq!(told(r#"["absent", "root"]"#), "no span is called `absent`");
        assert_eq!(told(r#"["root", "child_2"]"#), "spans `root` (`1`), `child_2` (`3`)");
    }

    #[test]
    fn a_set_says_what_is_missing() {
        let told =
            |names: &str| told(samples::simple(), &format!(r#"{{"SpanSet": {{"span_names": {names}}}}}"#));
        assert_eq!(told(r#"["a", "root", "b"]"#), "no span is called `a`, `b`");
        assert_eq!(told(r#"["child_1"]"#), "span `child_1` (`2`)");
    }

    #[test]
    fn of_several_values_the_spans_of_those_asked_about_are_named() {
        let durations = format!(r#"{{"SpanDuration": {{"filter": {ANY}}}}}"#);
        let told = told_of(samples::simple(), &durations, Some(&[2])).unwrap();
        assert_eq!(told, "span `child_2` (`0000000000000003`)");
        assert_eq!(told_of(samples::simple(), &durations, Some(&[])), None);
    }

    #[test]
    fn an_aggregate_names_the_span_that_it_took_or_all() {
        let told = |aggregation: &str| {
            let mut spans = samples::simple();
            for (span, n) in spans.iter_mut().zip([2, 3, 1]) {
                span.attributes.push(crate::trace::Attribute { key: "n".into(), value: Value::Int(n) });
            }
            let fields = format!(r#""filter": {ANY}, "attribute_key": "n", "aggregation": "{aggregation}""#);
            told(spans, &format!(r#"{{"SpanAggregation": {{{fields}}}}}"#))
        };
        assert_eq!(told("Max"), "span `child_1` (`2`)");
        assert_eq!(told("Min"), "span `child_2` (`3`)");
        assert_eq!(told("First"), "span `root` (`1`)");
        assert_eq!(told("Sum"), "spans `root` (`1`), `child_1` (`2`), `child_2` (`3`)");
    }

    #[test]
    fn measures_of_the_whole_trace_name_the_spans_that_decide_them() {
        let nested = |assertion: &str| told(samples::nested(), assertion);
        let duration = "from the start of span `init` (`1`) to the end of span `init` (`1`)";
        assert_eq!(nested(r#"{"TraceDuration": {}}"#), duration);
        assert_eq!(nested(r#"{"TraceMaxDepth": {}}"#), "span `db_query` (`3`)");
        assert_eq!(nested(r#"{"TraceSpanCount": {}}"#), "");
        let method = r#"{"TraceAttribute": {"attribute_key": "http.method"}}"#;
        assert_eq!(told(samples::simple(), method), "span `root` (`1`)");
    }

    #[test]
    fn many_spans_with_long_names_are_told_in_a_few_words() {
        let spans = (0..1_000).map(|at| {
            let mut span = samples::simple().remove(0);
            (span.span_id, span.span_name) = (at.to_string().into(), "x".repeat(10_000).into());
            span
        });
        let told = told(spans.collect(), &format!(r#"{{"SpanCount": {{"filter": {ANY}}}}}"#));
        assert!(told.len() < 600 && told.ends_with("and 995 more"), "{told}");
    }
}
