//! Expected values: what can be wrong about them, and how they are read.

use std::sync::Arc;

use smol_str::SmolStr;

use super::short::short;
use super::table::Operator;
use crate::value::{Decimal, Kind, Number, Value};

/// An expected value that its operator cannot work with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{operator}` expects {}, got {got}: {problem}", .operator.row().expects)]
pub struct ExpectedError {
    /// The operator.
    pub operator: Operator,
    /// The expected value as it was given, shortened, in backticks.
    pub got: String,
    /// What is wrong about it.
    pub problem: Problem,
}

impl ExpectedError {
    pub(super) fn new(operator: Operator, expected: &Value, problem: Problem) -> Self {
        Self { operator, got: short(expected), problem }
    }
}

/// What is wrong about an expected value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// A value of another kind is expected.
    #[error("this is {0}")]
    WrongKind(Kind),
    /// Two entries are expected, and there are more or fewer.
    #[error("this has {0} entries, not two")]
    NotAPair(usize),
    /// An entry of the object is missing.
    #[error("the entry `{0}` is missing")]
    MissingEntry(&'static str),
    /// NaN, to which no number compares.
    #[error("no number compares with NaN")]
    NaN,
    /// The end of a range or period is before its beginning.
    #[error("the first is beyond the second")]
    UpsideDown,
    /// Not a whole number from 0.
    #[error("this is not a whole number from 0 to 2^63 - 1")]
    NotACount,
    /// A tolerance that is negative or infinite.
    #[error("the tolerance is a finite number from 0")]
    Tolerance,
    /// A ratio outside 0 to 1.
    #[error("the ratio is a number from 0 to 1")]
    Ratio,
    /// An expected value with nothing in it, which every value or none would satisfy.
    #[error("nothing is in it, so that there is nothing to check")]
    Empty,
    /// Text that is not a date.
    #[error("write a date as `2026-01-31`, a date-time as `2026-01-31T12:00:00Z`")]
    NotADate,
    /// Text too long to measure edit distances to.
    #[error("the text has more than {0} characters")]
    TooLong(usize),
    /// A regular expression that is not one.
    #[error("the pattern is not valid: {0}")]
    Pattern(String),
    /// A regular expression with look-ahead, look-behind or a back-reference.
    #[error(
        "look-ahead, look-behind and back-references are not supported; say what must not match with \
         `NotMatches`, and combine several checks"
    )]
    LookAround,
    /// A regular expression that is too large when compiled.
    #[error(
        "the pattern takes more than {0} bytes when compiled; make its repetitions smaller, or name the \
         characters: `[0-9A-Za-z_]` is much smaller than `\\w`, which knows every script"
    )]
    PatternTooLarge(usize),
    /// A JSON Schema that is not one.
    #[error("the schema is not valid: {0}")]
    Schema(String),
    /// A keyword that JSON Schema does not know, and would ignore.
    #[error("`{keyword}` is not a keyword of JSON Schema{}", .nearest.map_or_else(String::new, |near| format!(", did you mean `{near}`?")))]
    SchemaKeyword {
        /// The keyword as it was given.
        keyword: String,
        /// The nearest known keyword, where one is near.
        nearest: Option<&'static str>,
    },
    /// A reference to a schema elsewhere.
    #[error("the reference `{0}` leads outside the schema; put what it means under `$defs`")]
    RemoteSchema(String),
}

/// A number other than NaN, kept.
#[derive(Clone, Debug)]
pub(super) enum Quantity {
    Int(i64),
    Float(f64),
    Decimal(Arc<Decimal>),
}

impl Quantity {
    #[inline]
    pub(super) fn number(&self) -> Number<'_> {
        match self {
            Self::Int(int) => Number::Int(*int),
            Self::Float(float) => Number::Float(*float),
            Self::Decimal(decimal) => Number::Decimal(decimal),
        }
    }
}

pub(super) fn number(expected: &Value) -> Result<Quantity, Problem> {
    match expected {
        Value::Int(int) => Ok(Quantity::Int(*int)),
        Value::Float(float) if float.is_nan() => Err(Problem::NaN),
        Value::Float(float) => Ok(Quantity::Float(*float)),
        Value::Decimal(decimal) => Ok(Quantity::Decimal(decimal.clone())),
        other => Err(wrong_kind(other)),
    }
}

pub(super) fn any_text(expected: &Value) -> Result<SmolStr, Problem> {
    match expected {
        Value::Text(text) => Ok(text.clone()),
        other => Err(wrong_kind(other)),
    }
}

pub(super) fn text(expected: &Value) -> Result<SmolStr, Problem> {
    any_text(expected).and_then(|text| if text.is_empty() { Err(Problem::Empty) } else { Ok(text) })
}

/// A count; `10.0` is as good as `10`.
pub(super) fn count(expected: &Value) -> Result<usize, Problem> {
    let int = match expected {
        Value::Int(int) => *int,
        #[expect(clippy::cast_possible_truncation, reason = "whole and below 2^53, as checked")]
        Value::Float(float) if float.fract() == 0.0 && (0.0..9e15).contains(float) => *float as i64,
        Value::Float(_) | Value::Decimal(_) => return Err(Problem::NotACount),
        other => return Err(wrong_kind(other)),
    };
    usize::try_from(int).map_err(|_| Problem::NotACount)
}

pub(super) fn list(expected: &Value) -> Result<Arc<Vec<Value>>, Problem> {
    match expected {
        Value::List(items) if items.is_empty() => Err(Problem::Empty),
        Value::List(items) => Ok(items.clone()),
        other => Err(wrong_kind(other)),
    }
}

pub(super) fn pair(expected: &Value) -> Result<[&Value; 2], Problem> {
    match expected.as_list() {
        Some([first, second]) => Ok([first, second]),
        Some(items) => Err(Problem::NotAPair(items.len())),
        None => Err(wrong_kind(expected)),
    }
}

/// Two values: as an array, or as an object with these keys.
pub(super) fn named_pair<'a>(
    expected: &'a Value,
    keys: [&'static str; 2],
) -> Result<[&'a Value; 2], Problem> {
    let Some(map) = expected.as_map() else { return pair(expected) };
    let [first, second] = keys.map(|key| map.get(key).ok_or(Problem::MissingEntry(key)));
    let both = [first?, second?];
    if map.len() == 2 { Ok(both) } else { Err(Problem::NotAPair(map.len())) }
}

pub(super) fn wrong_kind(expected: &Value) -> Problem {
    Problem::WrongKind(expected.kind())
}
