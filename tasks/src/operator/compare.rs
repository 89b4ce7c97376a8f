//! Equality and order.

use std::cmp::Ordering;

use smol_str::SmolStr;

use super::check::{Test, WrongKind};
use super::expected::{self, Problem, Quantity};
use super::short::short;
use crate::value::{Kind, Value};

#[derive(Clone, Debug)]
pub(super) enum Compare {
    Equal(Value),
    EqualIgnoringCase(SmolStr),
    Order(Relation, Bound),
}

/// How one side stands to the other.
#[derive(Clone, Copy, Debug)]
pub(super) enum Relation {
    Less,
    LessOrEqual,
    Equal,
    GreaterOrEqual,
    Greater,
}

/// What an actual value is ordered against: numbers with a number, text with text.
#[derive(Clone, Debug)]
pub(super) enum Bound {
    Number(Quantity),
    Text(SmolStr),
}

#[expect(clippy::unnecessary_wraps, reason = "the table wants one type of function")]
pub(super) fn equal(expected: &Value) -> Result<Test, Problem> {
    Ok(Test::Compare(Compare::Equal(expected.clone())))
}

pub(super) fn equal_ignoring_case(expected: &Value) -> Result<Test, Problem> {
    expected::any_text(expected).map(|text| Test::Compare(Compare::EqualIgnoringCase(text)))
}

pub(super) fn order(relation: Relation, expected: &Value) -> Result<Test, Problem> {
    let bound = match expected.kind() {
        Kind::Text => Bound::Text(expected::any_text(expected)?),
        _ => Bound::Number(expected::number(expected)?),
    };
    Ok(Test::Compare(Compare::Order(relation, bound)))
}

impl Relation {
    #[inline]
    pub(super) fn holds(self, ordering: Ordering) -> bool {
        match self {
            Self::Less => ordering.is_lt(),
            Self::LessOrEqual => ordering.is_le(),
            Self::Equal => ordering.is_eq(),
            Self::GreaterOrEqual => ordering.is_ge(),
            Self::Greater => ordering.is_gt(),
        }
    }
}

impl Compare {
    /// That values of two kinds never equal each other, which their looks may hide: `7` and `"7"`.
    pub(super) fn detail(&self, actual: &Value, says: &str) -> Option<String> {
        let Self::Equal(expected) = self else { return None };
        let kinds = (actual.kind(), expected.kind());
        let differ = kinds.0 != kinds.1 && kinds.0 != Kind::Null && kinds.1 != Kind::Null;
        let (a, b) = (short(actual), short(expected));
        differ.then(|| format!("{a} {says} {b}: {} never equals {}", kinds.0, kinds.1))
    }

    #[inline]
    pub(super) fn holds(&self, actual: &Value) -> Result<bool, WrongKind> {
        match self {
            Self::Equal(expected) => Ok(actual == expected),
            Self::EqualIgnoringCase(expected) => {
                let text = actual.as_text().ok_or(WrongKind { wanted: "text" })?;
                Ok(lower(text).eq(lower(expected)))
            }
            Self::Order(relation, Bound::Number(bound)) => {
                let number = actual.as_number().ok_or(WrongKind { wanted: "a number" })?;
                Ok(number.partial_cmp(&bound.number()).is_some_and(|ordering| relation.holds(ordering)))
            }
            Self::Order(relation, Bound::Text(bound)) => {
                let text = actual.as_text().ok_or(WrongKind { wanted: "text" })?;
                // UTF-8 sorts by code point.
                Ok(relation.holds(text.cmp(bound.as_str())))
            }
        }
    }
}

fn lower(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(char::to_lowercase)
}

#[cfg(test)]
mod tests {
    use crate::operator::Operator;
    use crate::operator::tests::{fails, json, passes};

    #[test]
    fn whole_numbers_beyond_2_to_the_53_are_compared_exactly() {
        passes(Operator::GreaterThan, "9007199254740993", "9007199254740992");
        fails(Operator::Equals, "9007199254740993", "9007199254740992.0");
        fails(Operator::Equals, "1e300", "9223372036854775807");
        fails(Operator::Equals, "1e19", "9223372036854775807");
        passes(Operator::GreaterThan, "1180591620717411303424", "9223372036854775807");
    }

    #[test]
    fn equality_looks_at_worth_and_kind() {
        passes(Operator::Equals, r#"{"x": 1}"#, r#"{"x": 1.0}"#);
        fails(Operator::Equals, r#""1""#, "1");
        fails(Operator::Equals, "true", "1");
        passes(Operator::SequenceMatches, "true", "true");
    }

    #[test]
    fn nan_equals_nothing_and_has_no_place_in_an_order() {
        fails(Operator::Equals, "NaN", "NaN");
        passes(Operator::NotEqual, "NaN", "NaN");
        fails(Operator::GreaterThanOrEqual, "NaN", "1");
        fails(Operator::LessThanOrEqual, "NaN", "1");
        assert!(Operator::LessThan.prepare(&json("NaN")).is_err());
    }

    #[test]
    fn text_is_ordered_by_code_point() {
        passes(Operator::LessThan, r#""Z""#, r#""a""#);
        passes(Operator::GreaterThan, r#""é""#, r#""z""#);
    }

    #[test]
    fn case_is_ignored_beyond_ascii() {
        passes(Operator::EqualsIgnoreCase, r#""ÄRGER""#, r#""ärger""#);
        fails(Operator::EqualsIgnoreCase, r#""ärger!""#, r#""ärger""#);
    }
}
