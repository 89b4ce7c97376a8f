//! Equality, and the total order that sorts values of any kind.

use std::cmp::Ordering;

use super::data::Value;
use super::number::Number;

impl PartialEq for Value {
    /// Numbers are equal by what they are worth, objects whatever the order of their entries;
    /// values of different kinds never are.
    fn eq(&self, other: &Self) -> bool {
        alike(self, other, &|a, b| a == b)
    }
}

/// Whether two values are alike where their numbers are.
fn alike<'v>(a: &'v Value, b: &'v Value, numbers: &impl Fn(Number<'v>, Number<'v>) -> bool) -> bool {
    match (a, b) {
        (Value::Null, Value::Null) => true,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Text(a), Value::Text(b)) => a == b,
        (Value::List(a), Value::List(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| alike(a, b, numbers))
        }
        (Value::Map(a), Value::Map(b)) => {
            a.len() == b.len()
                && a.iter().all(|(key, value)| b.get(key).is_some_and(|other| alike(value, other, numbers)))
        }
        (a, b) => match (a.as_number(), b.as_number()) {
            (Some(a), Some(b)) => numbers(a, b),
            _ => false,
        },
    }
}

impl Value {
    /// Whether this is the other value: equal, or NaN in the same places, which equals nothing when it is judged.
    pub fn is_same(&self, other: &Self) -> bool {
        alike(self, other, &|a, b| a == b || a.is_nan() && b.is_nan())
    }

    /// A total order over all values, for sorting and for finding duplicates: null, booleans,
    /// numbers (NaN last), text, arrays, objects. Equal values compare as equal.
    pub fn total_cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Bool(a), Self::Bool(b)) => a.cmp(b),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (Self::List(a), Self::List(b)) => {
                let differing = a.iter().zip(b.iter()).map(|(a, b)| a.total_cmp(b)).find(|o| o.is_ne());
                differing.unwrap_or_else(|| a.len().cmp(&b.len()))
            }
            (Self::Map(a), Self::Map(b)) => {
                let sorted = |map: &super::Map| {
                    let mut entries: Vec<_> =
                        map.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
                    entries.sort_by(|(a, _), (b, _)| a.cmp(b));
                    entries
                };
                let (a, b) = (sorted(a), sorted(b));
                let differing =
                    a.iter().zip(&b).map(|(a, b)| a.0.cmp(&b.0).then_with(|| a.1.total_cmp(&b.1)));
                differing.into_iter().find(|o| o.is_ne()).unwrap_or_else(|| a.len().cmp(&b.len()))
            }
            (a, b) => match (a.as_number(), b.as_number()) {
                (Some(x), Some(y)) => {
                    x.partial_cmp(&y).unwrap_or_else(|| x.to_f64().is_nan().cmp(&y.to_f64().is_nan()))
                }
                _ => a.rank().cmp(&b.rank()),
            },
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Null => 0,
            Self::Bool(_) => 1,
            Self::Int(_) | Self::Float(_) | Self::Decimal(_) => 2,
            Self::Text(_) => 3,
            Self::List(_) => 4,
            Self::Map(_) => 5,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::from_json;

    fn json(text: &str) -> Value {
        from_json(text).unwrap()
    }

    #[test]
    fn equality_looks_at_worth_not_at_form() {
        assert_eq!(json(r#"{"x": 1, "y": [2]}"#), json(r#"{"y": [2.0], "x": 1.0}"#));
        assert_ne!(json("1"), json(r#""1""#));
        assert_ne!(json("1"), json("true"));
        assert_ne!(json("NaN"), json("NaN"));
        assert_ne!(json(r#"{"x": 1}"#), json(r#"{"x": 1, "y": 2}"#));
        assert_ne!(json("null"), json("0"));
    }

    #[test]
    fn a_value_that_holds_nan_is_the_same_as_itself_and_equal_to_nothing() {
        let value = json(r#"{"x": [NaN, 1], "y": NaN}"#);
        assert!(value.is_same(&json(r#"{"y": NaN, "x": [NaN, 1.0]}"#)));
        assert_ne!(value, value);
        assert!(!value.is_same(&json(r#"{"x": [NaN, 1], "y": 0}"#)));
        assert!(!json("[NaN]").is_same(&json("[NaN, NaN]")) && !json("NaN").is_same(&json("null")));
    }

    #[test]
    fn the_total_order_sorts_every_kind() {
        let mut values: Vec<Value> =
            ["{}", "[]", r#""b""#, r#""a""#, "NaN", "2.5", "2", "1e300", "true", "false", "null"]
                .map(json)
                .into();
        values.sort_by(Value::total_cmp);
        let shown: Vec<String> = values.iter().map(ToString::to_string).collect();
        assert_eq!(
            shown,
            ["null", "false", "true", "2", "2.5", "1e300", "NaN", r#""a""#, r#""b""#, "[]", "{}"]
        );
    }
}
