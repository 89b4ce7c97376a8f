//! Lengths, and counts of words.

use super::check::{Test, WrongKind};
use super::compare::Relation;
use super::expected::{self, Problem};
use crate::value::Value;

/// How long a value is, against a count.
#[derive(Clone, Debug)]
pub(super) struct Length {
    unit: Unit,
    relation: Relation,
    count: usize,
}

#[derive(Clone, Copy, Debug)]
enum Unit {
    /// Characters of text, items of an array, entries of an object.
    Entries,
    /// Words of text, apart by white space.
    Words,
}

pub(super) fn length(relation: Relation, expected: &Value) -> Result<Test, Problem> {
    measured(Unit::Entries, relation, expected)
}

pub(super) fn words(relation: Relation, expected: &Value) -> Result<Test, Problem> {
    measured(Unit::Words, relation, expected)
}

fn measured(unit: Unit, relation: Relation, expected: &Value) -> Result<Test, Problem> {
    Ok(Test::Length(Length { unit, relation, count: expected::count(expected)? }))
}

impl Length {
    pub(super) fn holds(&self, actual: &Value) -> Result<bool, WrongKind> {
        Ok(self.relation.holds(self.unit.of(actual)?.cmp(&self.count)))
    }

    /// Whether an array or object of so many items or entries does; `None` where these are not what is counted.
    pub(super) fn holds_of(&self, entries: usize) -> Option<bool> {
        matches!(self.unit, Unit::Entries).then(|| self.relation.holds(entries.cmp(&self.count)))
    }

    pub(super) fn detail(&self, actual: &Value, says: &str) -> Option<String> {
        let length = self.unit.of(actual).ok()?;
        let name = match self.unit {
            Unit::Entries => "length",
            Unit::Words => "word count",
        };
        Some(format!("{name} {length} {says} {}", self.count))
    }
}

impl Unit {
    fn of(self, actual: &Value) -> Result<usize, WrongKind> {
        match (self, actual) {
            (Self::Entries, Value::Text(text)) => Ok(text.chars().count()),
            (Self::Entries, Value::List(items)) => Ok(items.len()),
            (Self::Entries, Value::Map(map)) => Ok(map.len()),
            (Self::Entries, _) => Err(WrongKind { wanted: "text, an array or an object" }),
            (Self::Words, Value::Text(text)) => Ok(text.split_whitespace().count()),
            (Self::Words, _) => Err(WrongKind { wanted: "text" }),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::operator::Operator;
    use crate::operator::tests::{explain, fails, json, passes};

    #[test]
    fn the_length_of_text_is_in_characters() {
        passes(Operator::HasLengthEqual, r#""naïve 🙂""#, "7");
        passes(Operator::HasLengthEqual, r#"{"a": 1}"#, "1.0");
        fails(Operator::HasLengthGreaterThan, "[]", "0");
    }

    #[test]
    fn a_count_is_whole_and_not_negative() {
        for expected in ["-1", "1.5", "NaN", "9223372036854775808", r#""1""#, "null"] {
            assert!(Operator::HasLengthEqual.prepare(&json(expected)).is_err(), "{expected}");
        }
    }

    #[test]
    fn the_reason_names_the_length() {
        assert_eq!(
            explain(Operator::HasLengthGreaterThan, r#""ab""#, "10"),
            "length 2 is not greater than 10"
        );
        assert_eq!(explain(Operator::WordCountAtMost, r#""a b""#, "2"), "word count 2 is at most 2");
    }
}
