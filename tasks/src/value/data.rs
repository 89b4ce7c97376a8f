//! The value itself.

use std::fmt;
use std::sync::Arc;

use smol_str::SmolStr;

use super::map::Map;
use super::number::{Decimal, Number};

/// A JSON value whose numbers are exact.
///
/// Copies are cheap: short text lives inside the value, everything longer is shared.
///
/// ```
/// use scouter_tasks::value::{Value, from_json};
///
/// let record = from_json(r#"{"n": 9007199254740993, "x": 1.0}"#)?;
/// assert_eq!(record.get("n"), Some(&Value::Int(9_007_199_254_740_993)));
/// assert_eq!(record.get("x"), Some(&Value::Int(1)), "numbers are equal by what they are worth");
/// # Ok::<(), scouter_tasks::value::JsonError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub enum Value {
    /// `null`, Python's `None`.
    #[default]
    Null,
    /// `true` or `false`; never equal to a number.
    Bool(bool),
    /// A whole number that fits 64 bits.
    Int(i64),
    /// A binary floating-point number, NaN and the infinities among them.
    Float(f64),
    /// Any other exact number: a whole number beyond 64 bits, or a decimal fraction.
    Decimal(Arc<Decimal>),
    /// Text.
    Text(SmolStr),
    /// An array.
    List(Arc<Vec<Value>>),
    /// An object, in the order in which it was written.
    Map(Arc<Map>),
}

/// The kind of a [`Value`], for messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// any number
    Number,
    /// text
    Text,
    /// an array
    List,
    /// an object
    Map,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "null",
            Self::Bool => "a boolean",
            Self::Number => "a number",
            Self::Text => "text",
            Self::List => "an array",
            Self::Map => "an object",
        })
    }
}

impl Value {
    /// Text from anything that reads as text.
    pub fn text(text: impl AsRef<str>) -> Self {
        Self::Text(SmolStr::new(text))
    }

    /// An array of the items.
    pub fn list(items: impl IntoIterator<Item = Value>) -> Self {
        Self::List(Arc::new(items.into_iter().collect()))
    }

    /// An object of the entries; of two entries with one key the later counts.
    pub fn map<K: Into<SmolStr>>(entries: impl IntoIterator<Item = (K, Value)>) -> Self {
        Self::Map(Arc::new(entries.into_iter().map(|(key, value)| (key.into(), value)).collect()))
    }

    /// Which kind of value this is.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Null => Kind::Null,
            Self::Bool(_) => Kind::Bool,
            Self::Int(_) | Self::Float(_) | Self::Decimal(_) => Kind::Number,
            Self::Text(_) => Kind::Text,
            Self::List(_) => Kind::List,
            Self::Map(_) => Kind::Map,
        }
    }

    /// The number, where this is one.
    pub fn as_number(&self) -> Option<Number<'_>> {
        match self {
            Self::Int(int) => Some(Number::Int(*int)),
            Self::Float(float) => Some(Number::Float(*float)),
            Self::Decimal(decimal) => Some(Number::Decimal(decimal)),
            _ => None,
        }
    }

    /// The text, where this is text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The boolean, where this is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The items, where this is an array.
    pub fn as_list(&self) -> Option<&[Value]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    /// The object, where this is one.
    pub fn as_map(&self) -> Option<&Map> {
        match self {
            Self::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The member `key`, where this is an object that has it.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.as_map()?.get(key)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<usize> for Value {
    fn from(value: usize) -> Self {
        i64::try_from(value).map_or_else(|_| Decimal::from(value).into(), Self::Int)
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Float(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::text(value)
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value.into())
    }
}

impl From<Vec<Value>> for Value {
    fn from(items: Vec<Value>) -> Self {
        Self::List(Arc::new(items))
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_takes_24_bytes() {
        // Every outcome that is kept holds one: a larger value is paid for a million times.
        assert_eq!(size_of::<Value>(), 24);
    }
}
