//! What numbers are.

use serde::{Deserialize, Serialize};

/// What numbers are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Numbers.
    #[default]
    Number,
    /// Moments, in microseconds since 1970 in UTC.
    Moment,
}

impl Unit {
    /// Many of them, in a word.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Number => "numbers",
            Self::Moment => "moments",
        }
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
    pub(crate) fn is_number(&self) -> bool {
        *self == Self::Number
    }
}
