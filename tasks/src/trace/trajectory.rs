//! Whether the tools that an agent called are those expected.

use std::borrow::Cow;
use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use scouter_engine::misspelt;
use smol_str::SmolStr;

use super::assertion::{ArgumentMatch, ToolCall, TrajectoryMode};
use super::measure::{NO_SPANS, Reading};
use super::select::Selector;
use super::span::Span;
use super::tell::{list, named};
use super::tree::Trace;
use crate::operator::{short_key, some_of};
use crate::value::{Value, cut, from_json};

/// The calls expected, and how those of a trace are found and compared with them.
#[derive(Clone, Debug)]
pub(super) struct Trajectory {
    pub(super) expected: Vec<ToolCall>,
    pub(super) mode: TrajectoryMode,
    pub(super) arguments: ArgumentMatch,
    pub(super) filter: Option<Selector>,
    pub(super) name_key: SmolStr,
    pub(super) arguments_key: SmolStr,
}

/// A call that was made.
#[derive(Debug)]
struct Call<'t> {
    span: &'t Span,
    name: &'t str,
    arguments: Cow<'t, Value>,
}

impl Trajectory {
    /// Whether the calls of the trace are those expected. Where there is no call at all although
    /// some are expected, nothing matched: more often the filter or the keys are wrong than the
    /// agent, and no mode may then pass.
    pub(super) fn measure(&self, trace: &Trace) -> Reading {
        if trace.spans().is_empty() {
            return Reading::NothingMatched(NO_SPANS.to_owned());
        }
        let calls = match self.calls(trace) {
            Ok(calls) => calls,
            Err(why) => return Reading::Unusable(why),
        };
        if calls.is_empty() && !self.expected.is_empty() {
            return Reading::NothingMatched(match self.filter {
                Some(_) => "no span is a tool call: none matches the filter".to_owned(),
                None => format!("no span is a tool call: none has the attribute `{}`", self.name_key),
            });
        }
        Reading::Value(self.agree(&calls).into())
    }

    /// What of the calls is not as expected, or the calls where all is.
    pub(super) fn tell(&self, trace: &Trace) -> Option<String> {
        let calls = self.calls(trace).ok()?;
        let told = match self.mode {
            TrajectoryMode::Strict => self.first_unlike(&calls),
            TrajectoryMode::Unordered | TrajectoryMode::Subset | TrajectoryMode::Superset => {
                self.without_match(&calls)
            }
        };
        let meant = told.as_ref().and_then(|_| self.meant(&calls));
        match (told, meant) {
            (Some(told), Some(meant)) => Some(format!("{told}; {meant}")),
            (told, _) => told.or_else(|| list(calls.iter().map(|call| call.span))),
        }
    }

    /// A tool expected that was not called where one was that is called nearly the same, and is not expected.
    fn meant(&self, calls: &[Call<'_>]) -> Option<String> {
        let made: BTreeSet<&str> = calls.iter().map(|call| call.name).collect();
        let wanted: BTreeSet<&str> = self.expected.iter().map(|one| one.name.as_str()).collect();
        let strange = || made.difference(&wanted).copied();
        let mut absent = self.expected.iter().filter(|one| !made.contains(one.name.as_str()));
        absent.find_map(|one| {
            let near = short_key(misspelt(&one.name, strange())?);
            Some(format!("no tool is called {}; did you mean {near}?", tool(one)))
        })
    }

    /// Where the calls part from those expected, one by one.
    fn first_unlike(&self, calls: &[Call<'_>]) -> Option<String> {
        let pair = |at: usize| (self.expected.get(at), calls.get(at));
        let mut pairs = (0..calls.len().max(self.expected.len())).map(pair);
        pairs.find_map(|pair| match pair {
            (Some(expected), Some(call)) if self.fits(expected, call) => None,
            (Some(expected), Some(call)) => {
                Some(format!("{} is not the call of {} expected there", named(call.span), tool(expected)))
            }
            (Some(expected), None) => Some(format!("the call of {} is missing", tool(expected))),
            (None, Some(call)) => Some(format!("{} is a call too many", named(call.span))),
            (None, None) => None,
        })
    }

    /// Calls that nothing expected is like, and those expected that no call is like.
    fn without_match(&self, calls: &[Call<'_>]) -> Option<String> {
        let unexpected = calls.iter().filter(|call| !self.expected.iter().any(|one| self.fits(one, call)));
        let missing = self.expected.iter().filter(|one| !calls.iter().any(|call| self.fits(one, call)));
        let unexpected =
            list(unexpected.map(|call| call.span)).filter(|_| self.mode != TrajectoryMode::Superset);
        let missing: Vec<_> =
            if self.mode == TrajectoryMode::Subset { Vec::new() } else { missing.collect() };
        let unexpected = unexpected.map(|spans| format!("not expected: {spans}"));
        let missing =
            (!missing.is_empty()).then(|| format!("no call as expected of {}", some_of(missing, tool)));
        match (unexpected, missing) {
            (Some(unexpected), Some(missing)) => Some(format!("{unexpected}; {missing}")),
            (unexpected, missing) => unexpected.or(missing),
        }
    }

    fn calls<'t>(&self, trace: &'t Trace) -> Result<Vec<Call<'t>>, String> {
        let is_call = |span: &&Span| span.attribute(&self.name_key).is_some();
        let spans = match &self.filter {
            Some(filter) => filter.spans(trace),
            None => trace.spans().iter().map(Arc::as_ref).filter(is_call).collect(),
        };
        spans.into_iter().map(|span| self.call(span)).collect()
    }

    fn call<'t>(&self, span: &'t Span) -> Result<Call<'t>, String> {
        let name = match span.attribute(&self.name_key) {
            None => span.span_name.as_str(),
            Some(Value::Text(name)) => name,
            Some(other) => {
                let shown = cut(other).unwrap_or_else(|| other.clone());
                let key = &self.name_key;
                return Err(format!("{} has `{shown}` as `{key}`, which is not a name", named(span)));
            }
        };
        let arguments = match span.attribute(&self.arguments_key) {
            None | Some(Value::Null) => Cow::Owned(Value::Map(Arc::default())),
            Some(Value::Text(text)) => {
                // Text that is no object is the argument itself, as some tools take it.
                let object = from_json(text).ok().filter(|read| read.as_map().is_some());
                Cow::Owned(object.unwrap_or_else(|| Value::Text(text.clone())))
            }
            Some(other) => Cow::Borrowed(other),
        };
        Ok(Call { span, name, arguments })
    }

    fn agree(&self, calls: &[Call<'_>]) -> bool {
        let expected = &self.expected;
        let fits = |at: usize, call: usize| self.fits(&expected[at], &calls[call]);
        match self.mode {
            TrajectoryMode::Strict => {
                expected.len() == calls.len() && (0..calls.len()).all(|at| fits(at, at))
            }
            TrajectoryMode::Unordered => {
                expected.len() == calls.len() && each_has_its_own(expected.len(), calls.len(), fits)
            }
            TrajectoryMode::Subset => {
                each_has_its_own(calls.len(), expected.len(), |call, at| fits(at, call))
            }
            TrajectoryMode::Superset => each_has_its_own(expected.len(), calls.len(), fits),
        }
    }

    fn fits(&self, expected: &ToolCall, call: &Call<'_>) -> bool {
        expected.name == call.name
            && match (&expected.arguments, self.arguments) {
                (None, _) | (_, ArgumentMatch::Ignored) => true,
                (Some(arguments), ArgumentMatch::Exact) => *arguments == *call.arguments,
                (Some(arguments), ArgumentMatch::Partial) => contains(&call.arguments, arguments),
            }
    }
}

/// A tool by its name.
fn tool(call: &ToolCall) -> String {
    short_key(&call.name)
}

/// Whether the value has every entry of the part, at every level of objects; anything else is
/// compared whole.
fn contains(whole: &Value, part: &Value) -> bool {
    match (whole, part) {
        (Value::Map(whole), Value::Map(part)) => {
            part.iter().all(|(key, part)| whole.get(key).is_some_and(|whole| contains(whole, part)))
        }
        (whole, part) => whole == part,
    }
}

/// Whether each of `left` things can have one of `right` things that fits it to itself.
///
/// Giving each the first that fits is not enough: a call expected with any arguments may take the
/// only one that fits a stricter expectation. So those who have theirs make room along augmenting
/// paths (Berge 1957: an assignment is the largest where there is no such path), found breadth first.
fn each_has_its_own(left: usize, right: usize, fits: impl Fn(usize, usize) -> bool) -> bool {
    if left > right {
        return false;
    }
    let mut taken_by: Vec<Option<usize>> = vec![None; right];
    let mut holds: Vec<Option<usize>> = vec![None; left];
    (0..left).all(|start| {
        let mut wanted_by: Vec<Option<usize>> = vec![None; right];
        let mut asking = VecDeque::from([start]);
        let mut free = None;
        while let (None, Some(asker)) = (free, asking.pop_front()) {
            for thing in 0..right {
                if wanted_by[thing].is_some() || !fits(asker, thing) {
                    continue;
                }
                wanted_by[thing] = Some(asker);
                let Some(other) = taken_by[thing] else {
                    free = Some(thing);
                    break;
                };
                asking.push_back(other);
            }
        }
        let found = free.is_some();
        // Back along the path, each takes what it asked for and leaves what it had.
        while let Some((thing, asker)) = free.and_then(|thing| Some((thing, wanted_by[thing]?))) {
            taken_by[thing] = Some(asker);
            free = holds[asker].replace(thing);
        }
        found
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::{Attribute, TraceAssertion};
    use chrono::DateTime;
    use proptest::prelude::*;

    fn trace(calls: &[(&str, &str)]) -> Trace {
        let spans = calls.iter().enumerate().map(|(id, (name, arguments))| {
            let attributes = [("gen_ai.tool.name", *name), ("gen_ai.tool.call.arguments", *arguments)]
                .map(|(key, text)| Attribute { key: key.into(), value: text.into() });
            let span = Span::new("t", id.to_string(), "execute_tool", DateTime::UNIX_EPOCH);
            Span { attributes: attributes.into(), ..span }
        });
        Trace::new(spans).unwrap()
    }

    fn expected(calls: &[(&str, &str)]) -> Vec<ToolCall> {
        let read = |text: &str| from_json(text).ok();
        calls.iter().map(|(name, text)| ToolCall { name: (*name).into(), arguments: read(text) }).collect()
    }

    fn trajectory(expected: Vec<ToolCall>, mode: TrajectoryMode, arguments: ArgumentMatch) -> Trajectory {
        let (name_key, arguments_key) = ("gen_ai.tool.name".into(), "gen_ai.tool.call.arguments".into());
        Trajectory { expected, mode, arguments, filter: None, name_key, arguments_key }
    }

    fn agrees(wanted: &[(&str, &str)], arguments: ArgumentMatch, made: &[(&str, &str)]) -> bool {
        let measured = trajectory(expected(wanted), TrajectoryMode::Strict, arguments).measure(&trace(made));
        measured == Reading::Value(true.into())
    }

    #[test]
    fn calls_that_are_not_as_expected_are_named() {
        use TrajectoryMode::{Strict, Subset, Superset, Unordered};
        let made = [("a", "{}"), ("b", r#"{"x": 1}"#)];
        for (wanted, mode, told) in [
            (
                &[("a", ""), ("c", "")][..],
                Strict,
                "span `execute_tool` (`1`) is not the call of `c` expected there",
            ),
            (&[("a", ""), ("b", ""), ("c", "")], Strict, "the call of `c` is missing"),
            (&[("a", "")], Strict, "span `execute_tool` (`1`) is a call too many"),
            (&[("a", ""), ("b", "")], Strict, "spans `execute_tool` (`0`), `execute_tool` (`1`)"),
            (
                &[("a", ""), ("c", "")],
                Unordered,
                "not expected: span `execute_tool` (`1`); no call as expected of `c`",
            ),
            (&[("a", ""), ("c", "")], Subset, "not expected: span `execute_tool` (`1`)"),
            (&[("b", r#"{"x": 2}"#), ("c", "")], Superset, "no call as expected of `b`, `c`"),
            (&[("a", ""), ("a", "")], Superset, "spans `execute_tool` (`0`), `execute_tool` (`1`)"),
        ] {
            let trajectory = trajectory(expected(wanted), mode, ArgumentMatch::Exact);
            assert_eq!(trajectory.tell(&trace(&made)).unwrap(), told, "{wanted:?} {mode:?}");
        }
    }

    #[test]
    fn a_tool_whose_name_is_misspelt_is_told_with_the_one_that_was_called() {
        use TrajectoryMode::{Strict, Subset, Superset, Unordered};
        let made = [("search", "{}"), ("book_flight", "{}")];
        let told = |wanted: &[(&str, &str)], mode| {
            trajectory(expected(wanted), mode, ArgumentMatch::Exact).tell(&trace(&made)).unwrap()
        };
        for mode in [Strict, Unordered, Subset, Superset] {
            let said = told(&[("serach", ""), ("book_flight", "")], mode);
            assert!(
                said.ends_with("; no tool is called `serach`; did you mean `search`?"),
                "{mode:?}: {said}"
            );
        }
        assert!(told(&[("serach", ""), ("search", "")], Strict).ends_with("expected there"));
        assert!(told(&[("pay", ""), ("book_flight", "")], Strict).ends_with("expected there"));
    }

    #[test]
    fn exact_arguments_are_equal_by_worth_and_whatever_their_order() {
        let wanted = [("a", r#"{"x": 1, "y": 2}"#)];
        assert!(agrees(&wanted, ArgumentMatch::Exact, &[("a", r#"{"y": 2.0, "x": 1}"#)]));
        assert!(!agrees(&wanted, ArgumentMatch::Exact, &[("a", r#"{"x": 1, "y": 2, "z": 3}"#)]));
        assert!(!agrees(&wanted, ArgumentMatch::Exact, &[("b", r#"{"x": 1, "y": 2}"#)]));
    }

    #[test]
    fn partial_arguments_may_have_more_entries_at_any_level() {
        let wanted = [("a", r#"{"x": {"y": [1]}}"#)];
        assert!(agrees(&wanted, ArgumentMatch::Partial, &[("a", r#"{"x": {"y": [1], "z": 2}, "w": 3}"#)]));
        assert!(!agrees(&wanted, ArgumentMatch::Partial, &[("a", r#"{"x": {"y": [1, 2]}}"#)]));
        assert!(!agrees(&wanted, ArgumentMatch::Partial, &[("a", r#"{"x": {}}"#)]));
    }

    #[test]
    fn ignored_arguments_may_be_anything() {
        assert!(agrees(&[("a", "{}")], ArgumentMatch::Ignored, &[("a", r#"{"x": 1}"#)]));
        assert!(!agrees(&[("a", "{}")], ArgumentMatch::Ignored, &[("b", "{}")]));
    }

    #[test]
    fn arguments_that_are_not_expected_are_not_compared() {
        assert!(agrees(&[("a", "")], ArgumentMatch::Exact, &[("a", r#"{"x": 1}"#)]));
    }

    #[test]
    fn text_that_is_no_object_is_the_argument_itself() {
        assert!(agrees(&[("a", r#""Berlin""#)], ArgumentMatch::Exact, &[("a", "Berlin")]));
        assert!(agrees(&[("a", r#""5""#)], ArgumentMatch::Exact, &[("a", "5")]));
        assert!(!agrees(&[("a", r#"{"x": 1}"#)], ArgumentMatch::Exact, &[("a", r#"{"x": 1"#)]));
    }

    #[test]
    fn a_call_without_arguments_has_none_of_them() {
        let span = Span::new("t", "1", "a", DateTime::UNIX_EPOCH);
        let mut filtered = trajectory(expected(&[("a", "{}")]), TrajectoryMode::Strict, ArgumentMatch::Exact);
        filtered.filter = Some(Selector::Name("a".into()));
        let trace = Trace::new(vec![span]).unwrap();
        assert_eq!(filtered.measure(&trace), Reading::Value(true.into()), "and is named by its span");
    }

    #[test]
    fn no_tool_call_at_all_matches_no_expectation_in_any_mode() {
        use TrajectoryMode::{Strict, Subset, Superset, Unordered};
        let span = Span::new("t", "1", "a", DateTime::UNIX_EPOCH);
        let trace = Trace::new(vec![span]).unwrap();
        for mode in [Strict, Unordered, Subset, Superset] {
            let measured = trajectory(expected(&[("a", "{}")]), mode, ArgumentMatch::Exact).measure(&trace);
            let message = "no span is a tool call: none has the attribute `gen_ai.tool.name`";
            assert_eq!(measured, Reading::NothingMatched(message.into()));
        }
    }

    #[test]
    fn that_no_tool_is_called_can_be_expected() {
        let none = trajectory(Vec::new(), TrajectoryMode::Strict, ArgumentMatch::Exact);
        let span = Span::new("t", "1", "a", DateTime::UNIX_EPOCH);
        assert_eq!(none.measure(&Trace::new(vec![span]).unwrap()), Reading::Value(true.into()));
        assert_eq!(none.measure(&trace(&[("a", "{}")])), Reading::Value(false.into()));
    }

    #[test]
    fn a_tool_name_that_is_no_text_is_named_with_its_span() {
        let mut span = Span::new("t", "s1", "execute_tool", DateTime::UNIX_EPOCH);
        span.attributes = vec![Attribute { key: "gen_ai.tool.name".into(), value: Value::Int(7) }];
        let measured = trajectory(Vec::new(), TrajectoryMode::Strict, ArgumentMatch::Exact)
            .measure(&Trace::new(vec![span]).unwrap());
        let message = "span `execute_tool` (`s1`) has `7` as `gen_ai.tool.name`, which is not a name";
        assert_eq!(measured, Reading::Unusable(message.into()));
    }

    #[test]
    fn keys_and_filter_of_the_spec_are_used() {
        let text = r#"{"ToolCalls": {"expected": [{"name": "search", "arguments": {"q": 1}}], "filter": {"ByName": {"name": "step"}},
            "name_key": "tool", "arguments_key": "input"}}"#;
        let assertion: TraceAssertion = crate::value::from_value(&from_json(text).unwrap()).unwrap();
        let attributes = vec![
            Attribute { key: "tool".into(), value: "search".into() },
            Attribute { key: "input".into(), value: Value::map([("q", Value::Int(1))]) },
        ];
        let step = Span { attributes, ..Span::new("t", "1", "step", DateTime::UNIX_EPOCH) };
        let other = Span { span_id: "2".into(), span_name: "other".into(), ..step.clone() };
        let trace = Trace::new(vec![step, other]).unwrap();
        assert_eq!(assertion.compile().unwrap().measure(&trace), Reading::Value(true.into()));
    }

    /// Whether some way to give each of `left` things one of `right` exists, by trying all ways.
    fn any_way(
        left: usize,
        right: usize,
        taken: &mut Vec<usize>,
        fits: &dyn Fn(usize, usize) -> bool,
    ) -> bool {
        let next = taken.len();
        next == left
            || (0..right).any(|thing| {
                if taken.contains(&thing) || !fits(next, thing) {
                    return false;
                }
                taken.push(thing);
                let found = any_way(left, right, taken, fits);
                taken.pop();
                found
            })
    }

    proptest! {
        #[test]
        fn each_has_its_own_exactly_where_trying_all_ways_finds_one(
            left in 0_usize..6,
            right in 0_usize..6,
            edges in prop::collection::vec(prop::bool::weighted(0.4), 36),
        ) {
            let fits = |a: usize, b: usize| edges[a * 6 + b];
            prop_assert_eq!(each_has_its_own(left, right, fits), any_way(left, right, &mut Vec::new(), &fits));
        }

        #[test]
        fn every_mode_agrees_with_trying_all_ways(
            wanted in prop::collection::vec((0_usize..2, 0_usize..4), 1..5),
            made in prop::collection::vec((0_usize..2, 1_usize..4), 1..5),
        ) {
            // The empty text stands for no arguments expected: such a call fits several others.
            let texts = ["", "{}", r#"{"x":1}"#, r#"{"x":1,"y":2}"#];
            let calls = |given: &[(usize, usize)]| -> Vec<(&str, &str)> {
                given.iter().map(|&(name, text)| (["a", "b"][name], texts[text])).collect()
            };
            let fit = |w: (usize, usize), m: (usize, usize)| w.0 == m.0 && w.1 <= m.1;
            let forth = |w: usize, m: usize| fit(wanted[w], made[m]);
            let back = |m: usize, w: usize| fit(wanted[w], made[m]);
            let same = wanted.len() == made.len();
            let all = any_way(wanted.len(), made.len(), &mut Vec::new(), &forth);
            for (mode, agrees) in [
                (TrajectoryMode::Strict, same && wanted.iter().zip(&made).all(|(&w, &m)| fit(w, m))),
                (TrajectoryMode::Unordered, same && all),
                (TrajectoryMode::Superset, all),
                (TrajectoryMode::Subset, any_way(made.len(), wanted.len(), &mut Vec::new(), &back)),
            ] {
                let trajectory = trajectory(expected(&calls(&wanted)), mode, ArgumentMatch::Partial);
                let measured = trajectory.measure(&trace(&calls(&made)));
                prop_assert_eq!(measured, Reading::Value(agrees.into()), "{:?}", mode);
            }
        }
    }
}
