//! The value of a feature.

use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, Serializer};
use serde_json::value::RawValue;

/// The value of a feature.
pub(super) enum Cell {
    /// A number; NaN where it is missing.
    Number(f64),
    /// A text.
    Text(String),
}

/// Read by its first character: what a number is to a visitor hangs on how the JSON library was built.
impl<'de> Deserialize<'de> for Cell {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = <&RawValue>::deserialize(deserializer)?.get();
        match json.as_bytes().first() {
            Some(b'"') => serde_json::from_str(json).map(Self::Text).map_err(D::Error::custom),
            Some(b'n') => Ok(Self::Number(f64::NAN)),
            Some(b't') => Ok(Self::Number(1.0)),
            Some(b'f') => Ok(Self::Number(0.0)),
            Some(b'[') => Err(D::Error::custom("an array is no value of a feature")),
            Some(b'{') => Err(D::Error::custom("an object is no value of a feature")),
            _ => serde_json::from_str(json).map(Self::Number).map_err(D::Error::custom),
        }
    }
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            // Missing is `null`; JSON has no word for what is without end either.
            Self::Number(number) => serializer.serialize_f64(*number),
            Self::Text(text) => serializer.serialize_str(text),
        }
    }
}
