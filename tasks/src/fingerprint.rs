//! What tells whether something has changed: 128 bits of what it is made of.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::path::Read;
use crate::result::Labels;
use crate::run::Entry;
use crate::subject::Spans;
use crate::value::{Value, to_value};

mod mix;
mod packed;

use mix::Mix;

/// 128 bits of what something is made of: the same for the same, and for different things as
/// good as never. It is no protection against somebody who wants two things to have the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fingerprint(u128);

impl Fingerprint {
    /// Of a value.
    pub fn of(value: &Value) -> Self {
        let mut print = Printer::default();
        print.value(value);
        print.done()
    }

    pub(crate) fn to_bytes(self) -> [u8; 16] {
        self.0.to_le_bytes()
    }

    pub(crate) fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(u128::from_le_bytes(bytes))
    }
}

/// 32 hexadecimal digits.
impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// Something that is no fingerprint.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("read the fingerprint `{0}`: 32 hexadecimal digits are expected")]
pub struct NoFingerprint(String);

impl FromStr for Fingerprint {
    type Err = NoFingerprint;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let read = u128::from_str_radix(text, 16).map(Self);
        read.ok().filter(|print| print.to_string() == text).ok_or_else(|| NoFingerprint(text.to_owned()))
    }
}

impl Serialize for Fingerprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Fingerprint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// What a record is to a suite: its id, what it belongs to, and all that the suite's nodes can see of it.
pub(crate) fn of_record(entry: &Entry) -> Fingerprint {
    let subject = &entry.subject;
    let mut mix = text(Mix::default(), entry.id.as_deref());
    if let Some(Labels { case, trial: number, cluster }) = entry.labels.as_deref() {
        mix = text(mix, case.as_deref());
        mix = trial(mix, *number);
        mix = text(mix, cluster.as_deref());
    }
    for lookup in &subject.reads {
        // An array or object that came as bytes has the print of the value that would be made of them.
        let packed = lookup.as_packed().and_then(|packed| packed::print(mix, &packed.bytes));
        mix = packed.unwrap_or_else(|| match lookup.read() {
            Read::Found(found) => value(mix, found),
            Read::Missing { taken } => mix.words(kind::MISSING, *taken as u64, 0),
            Read::Unreadable(why) => mix.bytes(kind::UNREADABLE, why.as_bytes()),
        });
    }
    mix = match &subject.spans {
        Spans::Absent => text(mix, None),
        Spans::Unusable(why) => mix.bytes(kind::UNREADABLE, why.as_bytes()),
        // Spans are plain data, which always has a form.
        Spans::Tree(trace) => value(mix, &to_value(trace.spans()).unwrap_or_default()),
    };
    if let Some(seen) = subject.seen {
        mix = print(mix, seen.print);
    }
    Fingerprint(mix.done())
}

/// What goes into a fingerprint: a part that is of another kind is another.
mod kind {
    pub(super) const NULL: u64 = 1;
    pub(super) const BOOL: u64 = 2;
    pub(super) const INT: u64 = 3;
    pub(super) const FLOAT: u64 = 4;
    pub(super) const DECIMAL: u64 = 5;
    pub(super) const TEXT: u64 = 6;
    pub(super) const LIST: u64 = 7;
    pub(super) const MAP: u64 = 8;
    pub(super) const KEY: u64 = 9;
    pub(super) const MISSING: u64 = 10;
    pub(super) const UNREADABLE: u64 = 11;
    pub(super) const NO_TEXT: u64 = 12;
    pub(super) const TRIAL: u64 = 13;
    pub(super) const PRINT: u64 = 14;
}

/// Puts a fingerprint together from parts, which are read where they lie.
#[derive(Debug, Default)]
pub struct Printer(Mix);

impl Printer {
    /// A value; `1` and `1.0` differ, and so do objects whose keys stand in another order.
    pub fn value(&mut self, part: &Value) {
        self.0 = value(self.0, part);
    }

    /// A text, or none.
    pub fn text(&mut self, part: Option<&str>) {
        self.0 = text(self.0, part);
    }

    /// Which of several trials, or that there is but one.
    pub fn trial(&mut self, part: Option<NonZeroU32>) {
        self.0 = trial(self.0, part);
    }

    /// Another fingerprint.
    pub fn print(&mut self, part: Fingerprint) {
        self.0 = print(self.0, part);
    }

    /// The fingerprint of all parts in their order. Ready for the next one.
    pub fn done(&mut self) -> Fingerprint {
        Fingerprint(std::mem::take(&mut self.0).done())
    }
}

fn value(mix: Mix, value: &Value) -> Mix {
    match value {
        Value::Null => mix.words(kind::NULL, 0, 0),
        Value::Bool(value) => mix.words(kind::BOOL, u64::from(*value), 0),
        Value::Int(int) => mix.words(kind::INT, int.cast_unsigned(), 0),
        Value::Float(float) => {
            let float = if float.is_nan() { f64::NAN } else { *float };
            mix.words(kind::FLOAT, float.to_bits(), 0)
        }
        Value::Decimal(decimal) => mix.bytes(kind::DECIMAL, decimal.to_string().as_bytes()),
        Value::Text(text) => mix.bytes(kind::TEXT, text.as_bytes()),
        Value::List(items) => {
            let list = mix.words(kind::LIST, items.len() as u64, 0);
            items.iter().fold(list, self::value)
        }
        Value::Map(map) => {
            let object = mix.words(kind::MAP, map.len() as u64, 0);
            map.iter()
                .fold(object, |mix, (key, item)| self::value(mix.bytes(kind::KEY, key.as_bytes()), item))
        }
    }
}

fn text(mix: Mix, text: Option<&str>) -> Mix {
    match text {
        None => mix.words(kind::NO_TEXT, 0, 0),
        Some(text) => mix.bytes(kind::TEXT, text.as_bytes()),
    }
}

fn trial(mix: Mix, trial: Option<NonZeroU32>) -> Mix {
    mix.words(kind::TRIAL, trial.map_or(0, NonZeroU32::get).into(), 0)
}

fn print(mix: Mix, print: Fingerprint) -> Mix {
    let (low, high) = mix::halves(&print.to_bytes());
    mix.words(kind::PRINT, low, high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{from_json, from_saved_json};

    #[test]
    fn values_come_to_what_another_program_says() {
        // Whoever changes what comes out changes the format of run directories.
        let golden = from_json(include_str!("../../tests/golden/fingerprints.json")).unwrap();
        let rows = golden.get("values").and_then(Value::as_list).unwrap();
        assert!(rows.len() > 20);
        for row in rows {
            let field = |name| row.get(name).and_then(Value::as_text).unwrap();
            let value = from_saved_json(field("saved")).unwrap();
            assert_eq!(Fingerprint::of(&value).to_string(), field("print"), "{row}");
        }
    }
}
