//! From specs to measures: everything that can be wrong with a spec is found here.

use std::fmt::Display;

use regex::Regex;

use super::assertion::{TraceAssertion, TrajectoryMode};
use super::error::{MAX_FILTER_DEPTH, SpecProblem, TraceSpecError};
use super::filter::SpanFilter;
use super::measure::{Measure, Quantity};
use super::select::{Bounds, Names, Selector};
use super::trajectory::Trajectory;
use crate::pattern::{self, PatternError};

impl TraceAssertion {
    /// What measures this on any number of traces.
    ///
    /// # Errors
    /// Every mistake of the spec at once, each with the path of its field: an empty list, a
    /// regular expression that cannot be used, bounds that nothing lies between, filters nested
    /// too deep.
    pub fn compile(&self) -> Result<Measure, Vec<TraceSpecError>> {
        let mut mistakes = Mistakes(Vec::new());
        let quantity = self.quantity(&mut mistakes);
        match quantity {
            Some(quantity) if mistakes.0.is_empty() => Ok(Measure::new(quantity)),
            _ => Err(mistakes.0),
        }
    }

    fn quantity(&self, mistakes: &mut Mistakes) -> Option<Quantity> {
        let mut select = |filter: &SpanFilter| compiled(filter, "assertion.filter", 1, mistakes);
        Some(match self {
            Self::SpanSequence { span_names } => {
                Quantity::Sequence(mistakes.names(span_names, "assertion.span_names")?)
            }
            Self::SpanSet { span_names } => {
                Quantity::Set(mistakes.names(span_names, "assertion.span_names")?)
            }
            Self::SpanCount { filter } => Quantity::Count(select(filter)?),
            Self::SpanExists { filter } => Quantity::Exists(select(filter)?),
            Self::SpanAttribute { filter, attribute_key } => {
                Quantity::Attribute { of: select(filter)?, key: attribute_key.into() }
            }
            Self::SpanDuration { filter } => Quantity::Duration(select(filter)?),
            Self::SpanAggregation { filter, attribute_key, aggregation } => Quantity::Aggregation {
                of: select(filter)?,
                key: attribute_key.into(),
                aggregation: *aggregation,
            },
            Self::TraceDuration {} => Quantity::TraceDuration,
            Self::TraceSpanCount {} => Quantity::SpanCount,
            Self::TraceErrorCount {} => Quantity::ErrorCount,
            Self::TraceServiceCount {} => Quantity::ServiceCount,
            Self::TraceMaxDepth {} => Quantity::MaxDepth,
            Self::TraceAttribute { attribute_key } => Quantity::TraceAttribute(attribute_key.into()),
            Self::ToolCalls { expected, mode, arguments, filter, name_key, arguments_key } => {
                let selector = filter.as_ref().map(&mut select);
                if expected.is_empty() && *mode == TrajectoryMode::Superset {
                    mistakes.add("assertion.expected", SpecProblem::AlwaysTrue);
                }
                Quantity::ToolCalls(Trajectory {
                    expected: expected.clone(),
                    mode: *mode,
                    arguments: *arguments,
                    // A filter that could not be compiled ends here, without it being forgotten.
                    filter: selector.map_or(Some(None), |selector| selector.map(Some))?,
                    name_key: name_key.into(),
                    arguments_key: arguments_key.into(),
                })
            }
        })
    }
}

impl SpanFilter {
    /// Looks whether it can be compiled.
    ///
    /// # Errors
    /// Every mistake at once, each with the path of its field, such as `filters[1].pattern`.
    pub fn check(&self) -> Result<(), Vec<TraceSpecError>> {
        const AT: &str = "filter";
        let mut mistakes = Mistakes(Vec::new());
        compiled(self, AT, 1, &mut mistakes);
        let within = |TraceSpecError { field, problem }| {
            let field = field.strip_prefix(AT).unwrap_or(&field).trim_start_matches('.').to_owned();
            TraceSpecError { field, problem }
        };
        if mistakes.0.is_empty() { Ok(()) } else { Err(mistakes.0.into_iter().map(within).collect()) }
    }
}

/// All that was found wrong so far. What is `None` next to it has left its reason here.
struct Mistakes(Vec<TraceSpecError>);

impl Mistakes {
    fn add(&mut self, field: impl Into<String>, problem: SpecProblem) {
        self.0.push(TraceSpecError { field: field.into(), problem });
    }

    fn names(&mut self, names: &[String], field: &str) -> Option<Names> {
        if names.is_empty() {
            self.add(field, SpecProblem::Empty);
            return None;
        }
        Some(Names::new(names))
    }

    fn bounds<T: PartialOrd + Copy + Display>(
        &mut self,
        min: Option<T>,
        max: Option<T>,
        field: String,
    ) -> Option<Bounds<T>> {
        if let (Some(min), Some(max)) = (min, max)
            && min > max
        {
            self.add(field, SpecProblem::MinAboveMax { min: min.to_string(), max: max.to_string() });
            return None;
        }
        Some(Bounds { min, max })
    }

    fn regex(&mut self, pattern: &str, field: String) -> Option<Regex> {
        let problem = |error| match error {
            PatternError::TooLarge => SpecProblem::PatternTooLarge(pattern.to_owned()),
            PatternError::LookAround => SpecProblem::LookAround(pattern.to_owned()),
            PatternError::Invalid(reason) => SpecProblem::Pattern { pattern: pattern.to_owned(), reason },
        };
        pattern::compile(pattern).map_err(|error| self.add(field, problem(error))).ok()
    }
}

/// The filter of an assertion, on its own.
#[cfg(test)]
pub(super) fn selector(filter: &SpanFilter) -> Option<Selector> {
    compiled(filter, "assertion.filter", 1, &mut Mistakes(Vec::new()))
}

fn compiled(filter: &SpanFilter, field: &str, depth: usize, mistakes: &mut Mistakes) -> Option<Selector> {
    if depth > MAX_FILTER_DEPTH {
        mistakes.add(field, SpecProblem::TooDeep);
        return None;
    }
    Some(match filter {
        SpanFilter::ByName { name } => Selector::Name(name.into()),
        SpanFilter::ByNamePattern { pattern } => {
            Selector::Pattern(mistakes.regex(pattern, format!("{field}.pattern"))?)
        }
        SpanFilter::WithAttribute { key } => Selector::Attribute(key.into()),
        SpanFilter::WithAttributeValue { key, value } => Selector::AttributeValue(key.into(), value.clone()),
        SpanFilter::WithStatus { status } => Selector::Status(*status),
        SpanFilter::WithDuration { min_ms, max_ms } => {
            let bounds = [("min_ms", min_ms), ("max_ms", max_ms)];
            let nan = bounds.map(|(name, bound)| bound.is_some_and(f64::is_nan).then_some(name));
            for name in nan.into_iter().flatten() {
                mistakes.add(format!("{field}.{name}"), SpecProblem::NotADuration);
            }
            Selector::Duration(mistakes.bounds(*min_ms, *max_ms, format!("{field}.min_ms"))?)
        }
        SpanFilter::Sequence { names } => {
            Selector::Sequence(mistakes.names(names, &format!("{field}.names"))?)
        }
        SpanFilter::And { filters } => Selector::All(selectors(filters, field, depth, mistakes)?),
        SpanFilter::Or { filters } => Selector::Any(selectors(filters, field, depth, mistakes)?),
        SpanFilter::Not { filter } => Selector::Not(inner(filter, field, depth, mistakes)?),
        SpanFilter::HasAncestor { filter } => Selector::Ancestor(inner(filter, field, depth, mistakes)?),
        SpanFilter::HasDescendant { filter } => Selector::Descendant(inner(filter, field, depth, mistakes)?),
        SpanFilter::ChildCount { min, max } => {
            Selector::Children(mistakes.bounds(*min, *max, format!("{field}.min"))?)
        }
        SpanFilter::Depth { min, max } => {
            Selector::Depth(mistakes.bounds(*min, *max, format!("{field}.min"))?)
        }
    })
}

fn inner(filter: &SpanFilter, field: &str, depth: usize, mistakes: &mut Mistakes) -> Option<Box<Selector>> {
    compiled(filter, &format!("{field}.filter"), depth + 1, mistakes).map(Box::new)
}

fn selectors(
    filters: &[SpanFilter],
    field: &str,
    depth: usize,
    mistakes: &mut Mistakes,
) -> Option<Vec<Selector>> {
    if filters.is_empty() {
        mistakes.add(format!("{field}.filters"), SpecProblem::Empty);
    }
    // All of them are looked at, so that the mistakes of each are found.
    let all: Vec<_> = filters
        .iter()
        .enumerate()
        .map(|(at, filter)| compiled(filter, &format!("{field}.filters[{at}]"), depth + 1, mistakes))
        .collect();
    all.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{from_json, from_value};

    /// The mistakes of an assertion, as text.
    fn mistakes(text: &str) -> Vec<String> {
        let assertion: TraceAssertion = from_value(&from_json(text).unwrap()).unwrap();
        assertion.compile().err().unwrap_or_default().iter().map(ToString::to_string).collect()
    }

    fn count(filter: SpanFilter) -> Result<Measure, Vec<TraceSpecError>> {
        TraceAssertion::SpanCount { filter }.compile()
    }

    fn pattern(pattern: &str) -> SpecProblem {
        let filter = SpanFilter::ByNamePattern { pattern: pattern.into() };
        count(filter).unwrap_err().remove(0).problem
    }

    #[test]
    fn every_mistake_is_reported_with_its_path() {
        let found = mistakes(
            r#"{"SpanCount": {"filter": {"And": {"filters": [
                {"ByName": {"name": "fine"}},
                {"ByNamePattern": {"pattern": "("}},
                {"Not": {"filter": {"Or": {"filters": []}}}},
                {"WithDuration": {"min_ms": 3.5, "max_ms": 2}},
                {"WithDuration": {"min_ms": NaN, "max_ms": NaN}},
                {"HasAncestor": {"filter": {"Sequence": {"names": []}}}},
                {"ChildCount": {"min": 2, "max": 1}},
                {"Depth": {"min": 9, "max": 8}}
            ]}}}}"#,
        );
        assert_eq!(
            found,
            [
                "`assertion.filter.filters[1].pattern`: `(` is not a regular expression: unclosed group",
                "`assertion.filter.filters[2].filter.filters`: the list is empty",
                "`assertion.filter.filters[3].min_ms`: `3.5` is above the maximum `2`, nothing lies between",
                "`assertion.filter.filters[4].min_ms`: `NaN` is not a duration",
                "`assertion.filter.filters[4].max_ms`: `NaN` is not a duration",
                "`assertion.filter.filters[5].filter.names`: the list is empty",
                "`assertion.filter.filters[6].min`: `2` is above the maximum `1`, nothing lies between",
                "`assertion.filter.filters[7].min`: `9` is above the maximum `8`, nothing lies between",
            ]
        );
    }

    #[test]
    fn empty_lists_of_names_are_refused() {
        for kind in ["SpanSequence", "SpanSet"] {
            let found = mistakes(&format!(r#"{{"{kind}": {{"span_names": []}}}}"#));
            assert_eq!(found, ["`assertion.span_names`: the list is empty"]);
        }
    }

    #[test]
    fn a_superset_of_no_calls_is_refused_beside_the_mistakes_of_its_filter() {
        let found = mistakes(
            r#"{"ToolCalls": {"expected": [], "mode": "Superset", "filter": {"ByNamePattern": {"pattern": "["}}}}"#,
        );
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].starts_with("`assertion.filter.pattern`"), "{found:?}");
        assert!(found[1].starts_with("`assertion.expected`"), "{found:?}");
    }

    #[test]
    fn looking_around_and_referring_back_come_with_a_hint() {
        for text in ["a(?=b)", "(?!a)b", "(?<=a)b", "(?<!a)b", r"(a)\1"] {
            let problem = pattern(text);
            assert_eq!(problem, SpecProblem::LookAround(text.into()));
            assert!(problem.hint().is_some());
        }
    }

    #[test]
    fn a_regular_expression_that_would_take_much_memory_is_refused() {
        let text = r"(\w{1000}){1000}";
        assert_eq!(pattern(text), SpecProblem::PatternTooLarge(text.into()));
    }

    #[test]
    fn letters_of_every_script_may_be_repeated_as_names_need() {
        assert!(count(SpanFilter::ByNamePattern { pattern: r"^\w{1,64}\.\w{1,64}$".into() }).is_ok());
    }

    fn nested(levels: usize) -> SpanFilter {
        let leaf = SpanFilter::ByName { name: "a".into() };
        (1..levels).fold(leaf, |filter, _| SpanFilter::Not { filter: filter.into() })
    }

    #[test]
    fn filters_may_be_nested_to_the_limit() {
        assert!(count(nested(MAX_FILTER_DEPTH)).is_ok());
    }

    #[test]
    fn filters_nested_beyond_the_limit_are_refused_once() {
        let found = count(nested(MAX_FILTER_DEPTH + 10)).unwrap_err();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].problem, SpecProblem::TooDeep);
    }

    #[test]
    fn a_filter_can_be_checked_on_its_own() {
        let pattern = |pattern: &str| SpanFilter::ByNamePattern { pattern: pattern.into() };
        assert_eq!(pattern("a").check(), Ok(()));
        let filter = SpanFilter::And { filters: vec![pattern("a"), pattern("(")] };
        assert_eq!(filter.check().unwrap_err()[0].field, "filters[1].pattern");
    }

    #[test]
    fn bounds_may_be_equal_or_absent() {
        for (min, max) in [(Some(1.0), Some(1.0)), (None, Some(f64::INFINITY)), (None, None)] {
            assert!(count(SpanFilter::WithDuration { min_ms: min, max_ms: max }).is_ok());
        }
    }
}
