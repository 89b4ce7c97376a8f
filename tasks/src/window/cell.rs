//! What one record adds to a column.

use scouter_drift::column::TextLength;
use scouter_engine::{Outcome, Verdict};
use smol_str::SmolStr;

use crate::measured::Measured;
use crate::operator::instant;
use crate::path::Read;
use crate::value::{Number, Value};

/// What a column is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Numbers; booleans are 0 and 1.
    Numbers,
    /// Moments, as numbers of microseconds since 1970 in UTC.
    Moments,
    /// Texts, as numbers: how long they are.
    Lengths(TextLength),
    /// Categories. Numbers are categories by their shortest decimal form, so that `1` and `1.0` are the same, and booleans are 0 and 1: as
    /// profiles of data have them.
    Texts,
}

impl Holds {
    /// What it holds, for messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Numbers => "numbers",
            Self::Moments => "moments",
            Self::Lengths(_) => "texts",
            Self::Texts => "categories",
        }
    }
}

/// What a record adds to a column.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// It has no value there.
    Missing,
    /// A number.
    Number(f64),
    /// A category.
    Text(SmolStr),
    /// Something that the column cannot hold, in words.
    Wrong(SmolStr),
}

impl Cell {
    /// What a record that holds this adds.
    pub fn of_read(read: &Read, holds: Holds) -> Self {
        match read {
            Read::Found(value) => Self::of(value, holds),
            Read::Missing { .. } => Self::Missing,
            Read::Unreadable(why) => Self::Wrong(SmolStr::from(&**why)),
        }
    }

    /// What a value adds.
    pub fn of(value: &Value, holds: Holds) -> Self {
        let truth = value.as_bool().map(|truth| f64::from(u8::from(truth)));
        let number = value.as_number().map(Number::to_f64).or(truth);
        match (holds, number, value) {
            (_, _, Value::Null) => Self::Missing,
            (Holds::Moments, _, Value::Text(text)) => instant(text).map_or_else(
                || Self::Wrong("text that is no moment".into()),
                |moment| Self::Number(moment.and_utc().timestamp_micros() as f64),
            ),
            (Holds::Lengths(length), _, Value::Text(text)) => Self::Number(length.of(text)),
            (Holds::Numbers, Some(number), _) => Self::Number(number),
            // As it stands, for whole numbers beyond 2⁵³ have no floats of their own.
            (Holds::Texts, _, Value::Int(int)) => Self::Text(int.to_string().into()),
            (Holds::Texts, Some(number), _) => Self::Text((number + 0.0).to_string().into()),
            (Holds::Texts, None, Value::Text(text)) => Self::Text(text.clone()),
            (Holds::Moments | Holds::Lengths(_), _, other) | (_, None, other) => {
                Self::Wrong(other.kind().to_string().into())
            }
        }
    }

    /// What a task looked at; `None` where it came to nothing.
    pub fn of_value(outcome: &Outcome<Measured>, holds: Holds) -> Option<Self> {
        Some(Self::of(&outcome.output()?.value.actual(), holds))
    }

    /// Whether a task passed; `None` where it came to no verdict.
    pub fn of_verdict(outcome: &Outcome<Measured>) -> Option<Self> {
        match outcome.verdict()? {
            Verdict::Passed => Some(Self::Number(1.0)),
            Verdict::Failed => Some(Self::Number(0.0)),
            Verdict::NotApplicable => None,
        }
    }
}
