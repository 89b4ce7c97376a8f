//! Names that a measure looks for and a trace does not have, with those that were probably meant.

use std::collections::BTreeSet;
use std::fmt;

use scouter_engine::misspelt;

use super::measure::{Measure, Quantity};
use super::select::Selector;
use super::tree::Trace;
use crate::operator::{short_key, some_of};

/// A name that no span of a trace bears, or the key of an attribute that none has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absent {
    kind: Kind,
    name: String,
    near: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Span,
    Attribute,
}

impl Kind {
    /// The names of spans, or the keys of attributes, that these traces have.
    fn of<'t>(self, traces: &[&'t Trace]) -> BTreeSet<&'t str> {
        let spans = traces.iter().copied().flat_map(Trace::spans);
        match self {
            Self::Span => spans.map(|span| span.span_name.as_str()).collect(),
            Self::Attribute => {
                let attributes = spans.flat_map(|span| &span.attributes);
                attributes.map(|attribute| attribute.key.as_str()).collect()
            }
        }
    }
}

impl Measure {
    /// A name that is looked for and that the trace does not have; of several, one that has a near one. What a filter leaves out
    /// is not looked for.
    pub fn absent(&self, trace: &Trace) -> Option<Absent> {
        self.absent_in_all(&[trace])
    }

    /// The same of a name that none of these traces has.
    pub fn absent_in_all(&self, traces: &[&Trace]) -> Option<Absent> {
        let sought = self.sought();
        if sought.is_empty() {
            return None;
        }
        let (names, keys) = (Kind::Span.of(traces), Kind::Attribute.of(traces));
        let known = |kind| if kind == Kind::Span { &names } else { &keys };
        let absent = sought.into_iter().filter(|(kind, name)| !known(*kind).contains(name));
        let absent = absent.map(|(kind, name)| {
            let near = misspelt(name, known(kind).iter().copied()).map(str::to_owned);
            Absent { kind, name: name.to_owned(), near }
        });
        // The first of those that are equal.
        absent.reduce(|first, other| if first.near.is_none() && other.near.is_some() { other } else { first })
    }

    fn sought(&self) -> Vec<(Kind, &str)> {
        let mut sought = Vec::new();
        match &self.quantity {
            Quantity::Sequence(names) | Quantity::Set(names) => {
                sought.extend(names.iter().map(|name| (Kind::Span, name)));
            }
            Quantity::Count(of) | Quantity::Exists(of) | Quantity::Duration(of) => of.add_sought(&mut sought),
            Quantity::Attribute { of, key } | Quantity::Aggregation { of, key, .. } => {
                of.add_sought(&mut sought);
                sought.push((Kind::Attribute, key.as_str()));
            }
            Quantity::TraceAttribute(key) => sought.push((Kind::Attribute, key.as_str())),
            Quantity::ToolCalls(trajectory) => match &trajectory.filter {
                Some(filter) => filter.add_sought(&mut sought),
                None => sought.push((Kind::Attribute, trajectory.name_key.as_str())),
            },
            Quantity::TraceDuration
            | Quantity::SpanCount
            | Quantity::ErrorCount
            | Quantity::ServiceCount
            | Quantity::MaxDepth => {}
        }
        sought
    }
}

impl Selector {
    fn add_sought<'s>(&'s self, sought: &mut Vec<(Kind, &'s str)>) {
        match self {
            Self::Name(name) => sought.push((Kind::Span, name.as_str())),
            Self::Sequence(names) => sought.extend(names.iter().map(|name| (Kind::Span, name))),
            Self::Attribute(key) | Self::AttributeValue(key, _) => {
                sought.push((Kind::Attribute, key.as_str()));
            }
            Self::All(filters) | Self::Any(filters) => {
                for filter in filters {
                    filter.add_sought(sought);
                }
            }
            Self::Ancestor(filter) | Self::Descendant(filter) => filter.add_sought(sought),
            Self::Not(_)
            | Self::Pattern(_)
            | Self::Status(_)
            | Self::Duration(_)
            | Self::Children(_)
            | Self::Depth(_) => {}
        }
    }
}

impl Absent {
    /// What was probably meant, in words.
    pub fn hint(&self) -> Option<String> {
        self.near.as_deref().map(|near| format!("did you mean {}?", short_key(near)))
    }

    /// What these traces have in its place, in words.
    pub fn instead(&self, traces: &[&Trace]) -> String {
        let kind = match self.kind {
            Kind::Span => "spans",
            Kind::Attribute => "attributes",
        };
        let have = self.kind.of(traces);
        if have.is_empty() {
            return format!("no {kind}");
        }
        format!("the {kind} {}, not {}", some_of(have, short_key), short_key(&self.name))
    }

    /// A note with this behind it, and with what was probably meant. A note that has the name is not told it again.
    ///
    /// ```
    /// use scouter_tasks::trace::{SpanFilter, Trace, TraceAssertion, samples};
    ///
    /// let filter = SpanFilter::ByName { name: "db_qeury".into() };
    /// let measure = TraceAssertion::SpanCount { filter }.compile().map_err(|mistakes| mistakes[0].clone())?;
    /// let told = measure.absent(&Trace::new(samples::nested())?).map(|absent| absent.behind("there are 0"));
    /// assert_eq!(told.as_deref(), Some("there are 0; no span is called `db_qeury`; did you mean `db_query`?"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn behind(&self, note: &str) -> String {
        let named = note.contains(&short_key(&self.name));
        let this = (!named).then(|| self.to_string());
        [Some(note.to_owned()), this, self.hint()].into_iter().flatten().collect::<Vec<_>>().join("; ")
    }
}

impl fmt::Display for Absent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lacks = match self.kind {
            Kind::Span => "no span is called",
            Kind::Attribute => "no span has the attribute",
        };
        write!(f, "{lacks} {}", short_key(&self.name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::{SpanFilter, TraceAssertion, samples};
    use crate::value::{from_json, from_value};

    fn absent(assertion: &str) -> Option<Absent> {
        let assertion: TraceAssertion = from_value(&from_json(assertion).unwrap()).unwrap();
        assertion.compile().unwrap().absent(&Trace::new(samples::with_attributes()).unwrap())
    }

    fn told(assertion: &str) -> String {
        absent(assertion).map(|absent| absent.behind("none")).unwrap_or_default()
    }

    fn counted(filter: &str) -> String {
        told(&format!(r#"{{"SpanCount": {{"filter": {filter}}}}}"#))
    }

    #[test]
    fn a_name_that_no_span_bears_is_told_with_the_nearest_that_one_does() {
        assert_eq!(
            counted(r#"{"ByName": {"name": "api_cal"}}"#),
            "none; no span is called `api_cal`; did you mean `api_call`?"
        );
        assert_eq!(counted(r#"{"ByName": {"name": "elsewhere"}}"#), "none; no span is called `elsewhere`");
        assert_eq!(counted(r#"{"ByName": {"name": "api_call"}}"#), "");
    }

    #[test]
    fn a_key_that_no_span_has_is_told_with_the_nearest_that_one_has() {
        assert_eq!(
            told(r#"{"TraceAttribute": {"attribute_key": "modle"}}"#),
            "none; no span has the attribute `modle`; did you mean `model`?"
        );
    }

    #[test]
    fn a_name_with_another_number_is_one_that_the_trace_has_not() {
        // The samples have `child_1` and `child_2`.
        let filter = SpanFilter::ByName { name: "child_3".into() };
        let measure = TraceAssertion::SpanDuration { filter }.compile().unwrap();
        let absent = measure.absent(&Trace::new(samples::simple()).unwrap()).unwrap();
        assert_eq!(absent.behind("none"), "none; no span is called `child_3`");
    }

    #[test]
    fn of_several_names_one_that_has_a_near_one_is_told() {
        let names = r#"{"SpanSet": {"span_names": ["elsewhere", "api_cal"]}}"#;
        assert_eq!(told(names), "none; no span is called `api_cal`; did you mean `api_call`?");
    }

    #[test]
    fn what_several_traces_have_together_is_absent_from_none_and_told_in_the_place_of_what_is() {
        let traces = [samples::simple(), samples::with_attributes()].map(|spans| Trace::new(spans).unwrap());
        let traces: Vec<&Trace> = traces.iter().collect();
        let absent = |names: &[&str]| {
            let span_names = names.iter().map(|name| (*name).into()).collect();
            TraceAssertion::SpanSet { span_names }.compile().unwrap().absent_in_all(&traces)
        };
        assert_eq!(absent(&["child_1", "api_call"]), None);
        let told = absent(&["child_1", "elsewhere"]).map(|absent| absent.instead(&traces));
        let told = told.unwrap_or_default();
        assert!(
            told.starts_with("the spans `api_call`, `child_1`, ") && told.ends_with(", not `elsewhere`"),
            "{told}"
        );
    }

    #[test]
    fn names_are_found_within_filters_but_for_what_is_left_out() {
        let cal = r#"{"ByName": {"name": "api_cal"}}"#;
        for within in [
            format!(r#"{{"And": {{"filters": [{{"WithStatus": {{"status": "Error"}}}}, {cal}]}}}}"#),
            format!(r#"{{"HasAncestor": {{"filter": {cal}}}}}"#),
            r#"{"Sequence": {"names": ["api_cal"]}}"#.to_owned(),
        ] {
            assert!(counted(&within).ends_with("did you mean `api_call`?"), "{within}");
        }
        assert_eq!(counted(&format!(r#"{{"Not": {{"filter": {cal}}}}}"#)), "");
    }

    #[test]
    fn a_note_that_has_the_name_is_not_told_it_again() {
        let absent = absent(r#"{"SpanSet": {"span_names": ["api_cal"]}}"#).unwrap();
        let hinted = "no span is called `api_cal`; did you mean `api_call`?";
        assert_eq!(absent.behind("no span is called `api_cal`"), hinted);
        assert_eq!(
            absent.behind("no span matches the filter"),
            format!("no span matches the filter; {hinted}")
        );
    }
}
