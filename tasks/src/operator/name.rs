//! Operators by name.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, Serializer};

use super::table::Operator;

/// Names closer than this to a known one are taken for a slip; 1 is the same name.
const NEAR: f64 = 0.7;

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
        let found = Self::ALL.iter().find(|operator| operator.row().name == name);
        found.copied().ok_or_else(|| UnknownOperator { name: name.to_owned(), nearest: nearest(name) })
    }
}

fn nearest(name: &str) -> Option<Operator> {
    // `greater_than` and `GREATERTHAN` mean `GreaterThan`.
    let plain = |name: &str| name.replace(['_', '-', ' '], "").to_lowercase();
    let wanted = plain(name);
    let nearness = |operator: Operator| strsim::jaro_winkler(&plain(operator.row().name), &wanted);
    let scored = Operator::ALL.iter().map(|&operator| (operator, nearness(operator)));
    let (operator, score) = scored.max_by(|a, b| a.1.total_cmp(&b.1))?;
    (score >= NEAR).then_some(operator)
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
        assert_eq!(text("zzz"), "unknown operator `zzz`");
    }
}
