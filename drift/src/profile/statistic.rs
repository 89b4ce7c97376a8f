//! A number, or why there is none.

use serde::{Deserialize, Serialize};

use crate::Absent;

/// A statistic of a profile. As JSON it is the number, or `{"absent": reason}`.
///
/// ```
/// use scouter_drift::{Absent, profile::Statistic};
///
/// let text = |found| serde_json::to_string(&Statistic::from(found)).unwrap_or_default();
/// assert_eq!(text(Ok(2.5)), "2.5");
/// assert_eq!(text(Err(Absent::AllMissing)), r#"{"absent":"all_missing"}"#);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Statistic {
    /// The number.
    Value(f64),
    /// There is none.
    Absent {
        /// Why.
        absent: Absent,
    },
}

impl From<Result<f64, Absent>> for Statistic {
    fn from(found: Result<f64, Absent>) -> Self {
        match found {
            Ok(value) if value.is_finite() => Self::Value(value),
            Ok(_) => Self::Absent { absent: Absent::Overflow },
            Err(absent) => Self::Absent { absent },
        }
    }
}

impl Statistic {
    /// The number, where there is one.
    pub fn value(self) -> Option<f64> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent { .. } => None,
        }
    }
}
