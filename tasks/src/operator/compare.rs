//! Equality and order.

use std::cmp::Ordering;

use smol_str::SmolStr;

use super::check::{Test, WrongKind};
use super::expected::{self, Problem, Quantity};
use super::kind::reads_as_number;
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
    /// What the looks of values may hide: that those of two kinds never equal each other, `7` and `"7"`, and that numbers that are
    /// texts are not sorted as numbers.
    pub(super) fn detail(&self, actual: &Value, says: &str) -> Option<String> {
        match self {
            Self::Equal(expected) => {
                let kinds = (actual.kind(), expected.kind());
                let differ = kinds.0 != kinds.1 && kinds.0 != Kind::Null && kinds.1 != Kind::Null;
                let (a, b) = (short(actual), short(expected));
                differ.then(|| format!("{a} {says} {b}: {} never equals {}", kinds.0, kinds.1))
            }
            Self::Order(_, Bound::Text(bound)) if self.numeric_texts(actual) == Some(true) => {
                let (a, b) = (short(actual), short(&Value::from(bound.as_str())));
                Some(format!("{a} {says} {b}: both are texts, which sort by their characters"))
            }
            Self::EqualIgnoringCase(_) | Self::Order(..) => None,
        }
    }

    /// Where both sides of an order are numbers that are written as texts, whether these may sort otherwise than the numbers do: not
    /// where the digits of both stand in the same places.
    pub(super) fn numeric_texts(&self, actual: &Value) -> Option<bool> {
        let Self::Order(_, Bound::Text(bound)) = self else { return None };
        let text = actual.as_text().filter(|text| reads_as_number(text) && reads_as_number(bound))?;
        let alike = |(a, b): (u8, u8)| (a.is_ascii_digit() && b.is_ascii_digit()) || (a == b'.' && b == b'.');
        Some(text.len() != bound.len() || !text.bytes().zip(bound.bytes()).all(alike))
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
    fn numbers_that_are_texts_are_told_where_they_may_sort_otherwise() {
        let told = |actual: &str, expected: &str| {
            Operator::LessThan.prepare(&json(expected)).unwrap().numeric_texts(&json(actual))
        };
        for (actual, expected) in
            [("\"95\"", "\"200\""), ("\"-5\"", "\"-7\""), ("\"9.55\"", "\"10.5\""), ("\"1e3\"", "\"500\"")]
        {
            assert_eq!(told(actual, expected), Some(true), "{actual} {expected}");
        }
        for (actual, expected) in [("\"2024\"", "\"2019\""), ("\"0.9\"", "\"1.0\"")] {
            assert_eq!(told(actual, expected), Some(false), "{actual} {expected}");
        }
        for (actual, expected) in
            [("95", "\"200\""), ("\"95\"", "200"), ("\"b\"", "\"200\""), ("\"95\"", "\"a\"")]
        {
            assert_eq!(told(actual, expected), None, "{actual} {expected}");
        }
        let check = Operator::LessThan.prepare(&json("\"200\"")).unwrap();
        assert_eq!(
            check.explain(&json("\"95\"")),
            r#"`"95"` is not less than `"200"`: both are texts, which sort by their characters"#
        );
    }

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
