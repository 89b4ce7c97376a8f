//! Where the values of a column come from.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where a column has its values from, one of every record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(
    untagged,
    deny_unknown_fields,
    expecting = "a column is the path of a field, or an object with the id of a task as its `value_of` or `pass_rate_of`"
)]
pub enum Column {
    /// A field of the record, by its path.
    Field(String),
    /// What a task looked at, such as the score that a judge gave.
    ValueOf {
        /// The task.
        value_of: String,
    },
    /// Whether a task passed: 1 or 0.
    PassRateOf {
        /// The task.
        pass_rate_of: String,
    },
}

impl Column {
    /// What the column is called where it has no other name.
    pub fn name(&self) -> &str {
        match self {
            Self::Field(name)
            | Self::ValueOf { value_of: name }
            | Self::PassRateOf { pass_rate_of: name } => name,
        }
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(path) => write!(f, "`{path}`"),
            Self::ValueOf { value_of } => write!(f, "the value of `{value_of}`"),
            Self::PassRateOf { pass_rate_of } => write!(f, "the pass rate of `{pass_rate_of}`"),
        }
    }
}
