//! Operators made ready: judging values, and saying why.

use super::collection::Collection;
use super::compare::Compare;
use super::date::Period;
use super::expected::{ExpectedError, Problem};
use super::format::Format;
use super::kind::KindOf;
use super::length::Length;
use super::number::NumberTest;
use super::pattern::Pattern;
use super::row::{Expects, Scope, Sense};
use super::schema::Schema;
use super::short::short;
use super::similarity::Similarity;
use super::table::Operator;
use super::text::TextTest;
use crate::codec::Shape;
use crate::value::{Kind, Value};

/// An operator with its expected value, ready to judge.
#[derive(Clone, Debug)]
pub struct Check {
    operator: Operator,
    expected: Value,
    /// What the test has to find for the check to pass.
    pass: bool,
    test: Test,
}

/// A value of a kind that the operator cannot judge: neither a pass nor the opposite of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the value is not {wanted}")]
pub struct WrongKind {
    /// What the operator judges, as in "text" or "a number".
    pub wanted: &'static str,
}

/// What is tested, by family.
#[derive(Clone, Debug)]
pub(super) enum Test {
    Present,
    Compare(Compare),
    Number(NumberTest),
    Length(Length),
    Text(TextTest),
    Pattern(Pattern),
    Collection(Collection),
    Kind(KindOf),
    Format(Format),
    Date(Period),
    Similarity(Similarity),
    Schema(Schema),
}

impl Operator {
    /// The operator made ready to judge values against `expected`.
    ///
    /// ```
    /// use scouter_tasks::operator::Operator;
    /// use scouter_tasks::value::Value;
    ///
    /// let check = Operator::GreaterThan.prepare(&Value::Int(5))?;
    /// assert_eq!(check.judge(&Value::Int(6)), Ok(true));
    /// assert!(check.judge(&Value::from("6")).is_err(), "text is not compared with a number");
    /// assert_eq!(check.explain(&Value::Int(3)), "`3` is not greater than `5`");
    /// # Ok::<(), scouter_tasks::operator::ExpectedError>(())
    /// ```
    ///
    /// # Errors
    /// Where the operator cannot work with `expected`: the wrong kind of value, a pattern or
    /// schema that is not valid, a range upside down, an empty list.
    pub fn prepare(self, expected: &Value) -> Result<Check, ExpectedError> {
        let row = self.row();
        let wrong = |problem| ExpectedError::new(self, expected, problem);
        let wanted = match (row.expects, expected) {
            (Expects::Nothing, Value::Bool(wanted)) => *wanted,
            (Expects::Nothing, Value::Null) => true,
            (Expects::Nothing, other) => return Err(wrong(Problem::WrongKind(other.kind()))),
            _ => true,
        };
        let test = (row.build)(expected).map_err(wrong)?;
        let pass = wanted == (row.sense == Sense::Plain);
        Ok(Check { operator: self, expected: expected.clone(), pass, test })
    }
}

impl Check {
    /// The operator.
    pub fn operator(&self) -> Operator {
        self.operator
    }

    /// The expected value, as it was given.
    pub fn expected(&self) -> &Value {
        &self.expected
    }

    /// Whether one value passes, taken as a whole: an array is not gone through, whatever the
    /// operator's scope.
    ///
    /// # Errors
    /// Where the operator cannot judge a value of this kind. That is never a pass, for an operator
    /// as little as for its opposite.
    #[inline]
    pub fn judge(&self, actual: &Value) -> Result<bool, WrongKind> {
        Ok(self.test.holds(actual)? == self.pass)
    }

    /// Where this orders two numbers that are written as texts, whether they may sort otherwise than the numbers do: `"95"` stands behind
    /// `"200"`. `None` where it does something else, or one of them is no such text.
    pub(crate) fn numeric_texts(&self, actual: &Value) -> Option<bool> {
        match &self.test {
            Test::Compare(test) => test.numeric_texts(actual),
            _ => None,
        }
    }

    /// Whether the operator judges the items of `actual` one by one: `actual` is an array, and the
    /// operator does not look at arrays themselves.
    #[inline]
    pub fn each_item(&self, actual: &Value) -> bool {
        self.each_item_of(actual.kind())
    }

    /// The same of a value of this kind.
    #[inline]
    pub(crate) fn each_item_of(&self, kind: Kind) -> bool {
        kind == Kind::List
            && match self.operator.row().scope {
                Scope::Items => true,
                Scope::ItemsUnlessArrayExpected => !matches!(self.expected, Value::List(_)),
                Scope::Whole => false,
            }
    }

    /// Whether an array or object of this shape passes as a whole, where that can be told of its bytes without making a
    /// value of them.
    pub(crate) fn judge_bytes(&self, shape: Shape, bytes: &[u8]) -> Option<bool> {
        let holds = match &self.test {
            Test::Present => true,
            Test::Length(test) => test.holds_of(shape.entries)?,
            Test::Collection(test) => test.holds_of(shape, bytes)?,
            Test::Kind(test) => test.holds_of(shape.kind),
            _ => return None,
        };
        Some(holds == self.pass)
    }

    /// Whether the check passes where its path leads nowhere: [`Operator::NotExists`] does, and so
    /// does [`Operator::Exists`] with the expected value `false`; no other operator.
    pub fn passes_on_missing(&self) -> bool {
        self.judge_missing().unwrap_or(false)
    }

    /// Whether the check passes where there is nothing, or `None` where its operator cannot tell:
    /// only [`Operator::Exists`] and [`Operator::NotExists`] have an answer.
    pub fn judge_missing(&self) -> Option<bool> {
        matches!(self.test, Test::Present).then_some(!self.pass)
    }

    /// Why the value passes or does not, as a fragment for a message. Long values are shortened.
    pub fn explain(&self, actual: &Value) -> String {
        let row = self.operator.row();
        let holds = match self.test.holds(actual) {
            Ok(holds) => holds,
            Err(wrong) => return format!("{} is {}, not {}", short(actual), actual.kind(), wrong.wanted),
        };
        let says = if holds == (row.sense == Sense::Plain) { row.says.yes } else { row.says.no };
        if let Some(detail) = self.test.detail(actual, holds, says) {
            return detail;
        }
        match row.expects {
            Expects::Nothing => format!("{} {says}", short(actual)),
            _ => format!("{} {says} {}", short(actual), short(&self.expected)),
        }
    }
}

impl Test {
    #[inline]
    fn holds(&self, actual: &Value) -> Result<bool, WrongKind> {
        match self {
            Self::Present => Ok(true),
            Self::Compare(test) => test.holds(actual),
            Self::Number(test) => test.holds(actual),
            Self::Length(test) => test.holds(actual),
            Self::Text(test) => test.holds(actual),
            Self::Pattern(test) => test.holds(actual),
            Self::Collection(test) => test.holds(actual),
            Self::Kind(test) => Ok(test.holds(actual)),
            Self::Format(test) => test.holds(actual),
            Self::Date(test) => test.holds(actual),
            Self::Similarity(test) => test.holds(actual),
            Self::Schema(test) => test.holds(actual),
        }
    }

    /// What there is to say beyond "the actual value, the operator, the expected value".
    fn detail(&self, actual: &Value, holds: bool, says: &str) -> Option<String> {
        match self {
            Self::Compare(test) => test.detail(actual, says),
            Self::Length(test) => test.detail(actual, says),
            Self::Collection(test) => test.detail(actual, holds),
            Self::Similarity(test) => test.detail(actual, says),
            Self::Schema(test) => test.detail(actual),
            _ => None,
        }
    }
}
