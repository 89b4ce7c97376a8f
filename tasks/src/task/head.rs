//! What every task has.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

/// What every task has, whatever its kind.
///
/// Ids are blind to case, and so are the names in `depends_on`: both are kept in lower case.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Head {
    /// The task's name, unique in its suite. Not told apart by case.
    #[serde(deserialize_with = "lower")]
    pub id: String,
    /// What the task is for, in a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The tasks that run before this one and whose outputs it sees under their ids.
    #[serde(default, deserialize_with = "lower_all", skip_serializing_if = "Vec::is_empty")]
    pub depends_on: Vec<String>,
    /// Whether it is a gate: unless it passes, nothing that depends on it runs. Gates do not
    /// count in pass rates.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub condition: bool,
}

impl Head {
    /// The names of its fields in files.
    pub const FIELDS: [&'static str; 4] = ["id", "description", "depends_on", "condition"];

    /// A task of this name that depends on nothing and is no gate.
    pub fn new(id: &str) -> Self {
        Self { id: id.to_lowercase(), ..Self::default() }
    }
}

fn lower<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(String::deserialize(deserializer)?.to_lowercase())
}

fn lower_all<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let names = Option::<Vec<String>>::deserialize(deserializer)?.unwrap_or_default();
    Ok(names.iter().map(|name| name.to_lowercase()).collect())
}
