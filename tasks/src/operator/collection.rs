//! Arrays and objects, and what they contain.

use smol_str::SmolStr;

use super::check::{Test, WrongKind};
use super::expected::{self, Problem};
use super::members::{Index, Members};
use super::short::{short, short_key, some_of};
use crate::codec::{Shape, has_text};
use crate::value::{Kind, Value};

#[derive(Clone, Debug)]
pub(super) enum Collection {
    Holds(Value),
    HoldsAll(Members),
    HoldsAny(Members),
    OneOf(Members),
    Subset(Members),
    Superset(Members),
    Keys(Box<[SmolStr]>),
    Unique,
    Sorted,
    Empty,
}

const CONTAINER: WrongKind = WrongKind { wanted: "text, an array or an object" };
const ARRAY: WrongKind = WrongKind { wanted: "an array" };

#[expect(clippy::unnecessary_wraps, reason = "the table wants one type of function")]
pub(super) fn holds(expected: &Value) -> Result<Test, Problem> {
    Ok(Test::Collection(Collection::Holds(expected.clone())))
}

pub(super) fn members(make: fn(Members) -> Collection, expected: &Value) -> Result<Test, Problem> {
    expected::list(expected).map(|items| Test::Collection(make(Members::new(items))))
}

pub(super) fn keys(expected: &Value) -> Result<Test, Problem> {
    let keys = match expected.kind() {
        Kind::Text => [expected::any_text(expected)?].into(),
        _ => expected::list(expected)?.iter().map(expected::any_text).collect::<Result<_, _>>()?,
    };
    Ok(Test::Collection(Collection::Keys(keys)))
}

impl Collection {
    #[inline]
    pub(super) fn holds(&self, actual: &Value) -> Result<bool, WrongKind> {
        match self {
            Self::Holds(wanted) => contains(actual, wanted),
            Self::HoldsAll(wanted) => contains_all(actual, wanted.items()),
            Self::HoldsAny(wanted) => contains_any(actual, wanted),
            Self::OneOf(allowed) => Ok(allowed.has(actual)),
            Self::Subset(allowed) => Ok(array(actual)?.iter().all(|item| allowed.has(item))),
            Self::Superset(wanted) => array(actual).and_then(|_| contains_all(actual, wanted.items())),
            Self::Keys(keys) => {
                let map = actual.as_map().ok_or(WrongKind { wanted: "an object" })?;
                Ok(keys.iter().all(|key| map.get(key).is_some()))
            }
            Self::Unique => array(actual).map(is_unique),
            Self::Sorted => is_sorted(array(actual)?),
            Self::Empty => match actual {
                Value::Null => Ok(true),
                Value::Text(text) => Ok(text.is_empty()),
                Value::List(items) => Ok(items.is_empty()),
                Value::Map(map) => Ok(map.is_empty()),
                _ => Err(CONTAINER),
            },
        }
    }

    /// Whether an array or object of this shape does, where that can be told of its bytes.
    pub(super) fn holds_of(&self, shape: Shape, bytes: &[u8]) -> Option<bool> {
        match self {
            Self::Empty => Some(shape.entries == 0),
            Self::Holds(Value::Text(wanted)) if shape.kind == Kind::List => has_text(bytes, wanted).ok(),
            _ => None,
        }
    }

    pub(super) fn detail(&self, actual: &Value, holds: bool) -> Option<String> {
        match self {
            Self::HoldsAll(wanted) | Self::Superset(wanted) if !holds => {
                let missing = wanted.items().iter().filter(|item| contains(actual, item) == Ok(false));
                Some(format!("missing: {}", some_of(missing, short)))
            }
            Self::HoldsAny(wanted) if holds => {
                let found = wanted.items().iter().filter(|item| contains(actual, item) == Ok(true));
                Some(format!("{} contains {}", short(actual), some_of(found, short)))
            }
            Self::Subset(allowed) if !holds => {
                let beyond = actual.as_list()?.iter().filter(|item| !allowed.has(item));
                Some(format!("not among the expected: {}", some_of(beyond, short)))
            }
            Self::Keys(keys) if !holds => {
                let missing = keys.iter().filter(|key| actual.get(key).is_none());
                Some(format!("missing keys: {}", some_of(missing, |key| short_key(key))))
            }
            _ => None,
        }
    }
}

fn array(actual: &Value) -> Result<&[Value], WrongKind> {
    actual.as_list().ok_or(ARRAY)
}

/// Part of the text, item of the array, key of the object.
#[inline]
fn contains(actual: &Value, wanted: &Value) -> Result<bool, WrongKind> {
    match (actual, wanted) {
        (Value::Text(_), Value::Text(part)) if part.is_empty() => {
            Err(WrongKind { wanted: "an array, the only thing that may lack the empty text" })
        }
        (Value::Text(text), Value::Text(part)) => Ok(text.contains(part.as_str())),
        (Value::List(items), wanted) => Ok(items.contains(wanted)),
        (Value::Map(map), Value::Text(key)) => Ok(map.get(key).is_some()),
        (Value::Text(_) | Value::Map(_), _) => {
            Err(WrongKind { wanted: "an array, the only thing that contains values other than text" })
        }
        _ => Err(CONTAINER),
    }
}

fn contains_all(actual: &Value, wanted: &[Value]) -> Result<bool, WrongKind> {
    if let (Value::List(items), true) = (actual, wanted.len() > 4) {
        let index = Index::new(items);
        return Ok(wanted.iter().all(|item| index.has(items, item)));
    }
    for item in wanted {
        if !contains(actual, item)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn contains_any(actual: &Value, wanted: &Members) -> Result<bool, WrongKind> {
    if let Value::List(items) = actual {
        return Ok(items.iter().any(|item| wanted.has(item)));
    }
    for item in wanted.items() {
        if contains(actual, item)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn is_unique(items: &[Value]) -> bool {
    if items.len() <= 8 {
        return items.iter().enumerate().all(|(at, item)| !items[..at].contains(item));
    }
    let mut sorted: Vec<&Value> = items.iter().collect();
    sorted.sort_by(|a, b| a.total_cmp(b));
    sorted.windows(2).all(|two| two[0] != two[1])
}

fn is_sorted(items: &[Value]) -> Result<bool, WrongKind> {
    const WANTED: WrongKind =
        WrongKind { wanted: "an array of numbers (without NaN) alone, or of text alone" };
    let Some(first) = items.first() else { return Ok(true) };
    let one_kind = items
        .iter()
        .all(|item| item.kind() == first.kind() && !matches!(item, Value::Float(float) if float.is_nan()));
    if !one_kind || !matches!(first.kind(), Kind::Number | Kind::Text) {
        return Err(WANTED);
    }
    Ok(items.is_sorted_by(|a, b| a.total_cmp(b).is_le()))
}

#[cfg(test)]
mod tests {
    use crate::operator::Operator;
    use crate::operator::tests::{cannot_judge, explain, fails, json, passes};

    #[test]
    fn an_array_contains_what_is_worth_the_same() {
        passes(Operator::Contains, "[1]", "1.0");
        fails(Operator::Contains, r#"["1"]"#, "1");
        fails(Operator::Contains, r#"["abc"]"#, r#""b""#);
        passes(Operator::Contains, "[[1], {}]", "[1.0]");
    }

    #[test]
    fn what_can_contain_nothing_does_not_lack_anything() {
        for actual in ["5", "null", "true", "NaN"] {
            cannot_judge(Operator::NotContains, actual, r#""x""#);
            cannot_judge(Operator::ContainsNone, actual, r#"["x"]"#);
        }
        cannot_judge(Operator::NotContains, r#""abc""#, "5");
        cannot_judge(Operator::ContainsNone, r#""abc""#, r#"["x", 5]"#);
    }

    #[test]
    fn the_empty_text_is_part_of_every_text_and_proves_nothing() {
        cannot_judge(Operator::Contains, r#""abc""#, r#""""#);
        passes(Operator::NotContains, r#"["abc"]"#, r#""""#);
    }

    #[test]
    fn an_empty_list_is_refused() {
        for &operator in Operator::ALL {
            let refused = operator.prepare(&json("[]")).is_err();
            assert!(refused || operator.row().expects == super::super::Expects::Anything, "{operator}");
        }
    }

    #[test]
    fn long_arrays_are_judged_as_short_ones_are() {
        let long = |range: std::ops::Range<i64>| format!("{:?}", range.collect::<Vec<_>>());
        passes(Operator::ContainsAll, &long(0..200), &long(50..150));
        fails(Operator::ContainsAll, &long(0..200), &long(150..250));
        passes(Operator::IsSubsetOf, &long(50..150), &long(0..200));
        fails(Operator::IsSubsetOf, &long(150..250), &long(0..200));
        passes(Operator::HasUniqueItems, &long(0..200), "true");
        fails(
            Operator::HasUniqueItems,
            &format!("[3.0, {}]", &long(0..200)[1..199]).replace(", ]", "]"),
            "true",
        );
    }

    #[test]
    fn only_arrays_of_one_kind_have_an_order() {
        cannot_judge(Operator::IsSorted, r#"[1, "2"]"#, "true");
        cannot_judge(Operator::IsSorted, "[1, NaN]", "true");
        passes(Operator::IsSorted, "[1, 1.0, 2]", "true");
    }

    #[test]
    fn the_reason_names_what_is_missing_or_too_much() {
        assert_eq!(explain(Operator::HasKeys, r#"{"c": 1}"#, r#"["a", "b", "c"]"#), "missing keys: `a`, `b`");
        assert_eq!(explain(Operator::ContainsAll, "[1]", "[1, 2]"), "missing: `2`");
        assert_eq!(explain(Operator::ContainsNone, "[1]", "[1, 2]"), "`[1]` contains `1`");
        assert_eq!(explain(Operator::IsSubsetOf, "[1, 7]", "[1, 2]"), "not among the expected: `7`");
    }
}
