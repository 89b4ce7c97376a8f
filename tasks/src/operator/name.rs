//! Operators by name.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use scouter_engine::nearest;
use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, Serializer};

use super::table::Operator;

/// A name that no operator has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown operator `{name}`{}", .nearest.map_or_else(String::new, |near| format!(", did you mean `{near}`?")))]
pub struct UnknownOperator {
    /// The name as it was given.
    pub name: String,
    /// The operator whose name is nearest, where one is near.
    pub nearest: Option<Operator>,
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.row().name)
    }
}

impl FromStr for Operator {
    type Err = UnknownOperator;

    fn from_str(name: &str) -> Result<Self, UnknownOperator> {
        named(name).ok_or_else(|| {
            let near = || nearest(name, Self::ALL.iter().map(|operator| operator.row().name)).and_then(named);
            UnknownOperator { name: name.to_owned(), nearest: signed(name).or_else(near) }
        })
    }
}

fn named(name: &str) -> Option<Operator> {
    Operator::ALL.iter().copied().find(|operator| operator.row().name == name)
}

/// The operator that programming languages or other tools write so, whatever the case.
fn signed(sign: &str) -> Option<Operator> {
    Some(match sign.to_lowercase().as_str() {
        "=" | "==" | "===" | "eq" | "is" => Operator::Equals,
        "!=" | "<>" | "!==" | "ne" => Operator::NotEqual,
        ">" | "gt" => Operator::GreaterThan,
        ">=" | "ge" | "gte" => Operator::GreaterThanOrEqual,
        "<" | "lt" => Operator::LessThan,
        "<=" | "le" | "lte" => Operator::LessThanOrEqual,
        "in" | "isin" | "is_in" => Operator::IsOneOf,
        "not in" | "notin" | "not_in" | "isnotin" | "is_not_in" => Operator::NotOneOf,
        "includes" => Operator::Contains,
        "~" | "=~" | "regex" | "regexp" => Operator::Matches,
        _ => return None,
    })
}

impl Serialize for Operator {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.row().name)
    }
}

impl<'de> Deserialize<'de> for Operator {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operator_reads_back_from_its_name() {
        for &operator in Operator::ALL {
            assert_eq!(operator.to_string().parse(), Ok(operator));
        }
    }

    #[test]
    fn serde_writes_and_reads_the_name() {
        let text = serde_json::to_string(&Operator::IsUrl).unwrap();
        assert_eq!(text, r#""IsUrl""#);
        assert_eq!(serde_json::from_str::<Operator>(&text).unwrap(), Operator::IsUrl);
    }

    #[test]
    fn an_unknown_name_is_told_the_nearest_one() {
        let text = |name: &str| name.parse::<Operator>().unwrap_err().to_string();
        assert_eq!(text("GreaterThen"), "unknown operator `GreaterThen`, did you mean `GreaterThan`?");
        assert_eq!(text("is_empty"), "unknown operator `is_empty`, did you mean `IsEmpty`?");
        assert_eq!(
            text("greater_than_or_equal"),
            "unknown operator `greater_than_or_equal`, did you mean `GreaterThanOrEqual`?"
        );
        assert_eq!(text("zzz"), "unknown operator `zzz`");
        assert_eq!(text(">="), "unknown operator `>=`, did you mean `GreaterThanOrEqual`?");
        assert_eq!(text("in"), "unknown operator `in`, did you mean `IsOneOf`?");
        assert_eq!(text("IsIn"), "unknown operator `IsIn`, did you mean `IsOneOf`?");
        assert_eq!(text("Regex"), "unknown operator `Regex`, did you mean `Matches`?");
    }
}
