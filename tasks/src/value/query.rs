//! Lets `jsonpath-rust` walk our values in place, without a copy into its own type.
//!
//! Its filters compare numbers as floats, whatever they are here: `docs/reference/values.md` says so.

use jsonpath_rust::query::queryable::Queryable;

use super::data::Value;

impl Queryable for Value {
    fn get(&self, key: &str) -> Option<&Self> {
        self.as_map()?.get(key)
    }

    fn as_array(&self) -> Option<&Vec<Self>> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    fn as_object(&self) -> Option<Vec<(&str, &Self)>> {
        Some(self.as_map()?.iter().map(|(key, value)| (key.as_str(), value)).collect())
    }

    fn as_str(&self) -> Option<&str> {
        self.as_text()
    }

    fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Int(int) => Some(*int),
            _ => None,
        }
    }

    fn as_f64(&self) -> Option<f64> {
        self.as_number().map(super::Number::to_f64)
    }

    fn as_bool(&self) -> Option<bool> {
        Self::as_bool(self)
    }

    fn null() -> Self {
        Self::Null
    }
}
