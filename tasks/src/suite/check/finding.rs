//! What comes of a check.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What trying a suite on sample records came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// How many sample records there were.
    pub sample: usize,
    /// What was found, in the order of the tasks.
    pub findings: Vec<Finding>,
    /// How often tasks that wait would be called, by kind.
    pub calls: Vec<Calls>,
}

/// Something that a suite and its sample records do not agree on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// The task that it is about, by id.
    pub task: String,
    /// The field of the task.
    pub field: Option<String>,
    /// What was found.
    pub message: String,
    /// What may have been meant, or what to do.
    pub hint: Option<String>,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The task can do its work on no sample record.
    Error,
    /// It probably does not do what was meant.
    Warning,
    /// Worth knowing.
    Note,
}

/// How often tasks of one kind would be called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calls {
    /// The kind.
    pub kind: String,
    /// How many tasks of it there are.
    pub tasks: usize,
    /// The most calls: every task on every record, each member of a jury for itself.
    pub most: usize,
    /// The calls to expect, as gates stand on the sample; gates of tasks that wait taken as open.
    pub likely: usize,
}

impl Severity {
    /// Its name, as it is written in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

impl Checked {
    /// Whether nothing was found that is an error.
    pub fn is_sound(&self) -> bool {
        self.findings.iter().all(|finding| finding.severity != Severity::Error)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: task `{}`", self.severity.as_str(), self.task)?;
        if let Some(field) = &self.field {
            write!(f, ", field `{field}`")?;
        }
        write!(f, ": {}", self.message)?;
        self.hint.iter().try_for_each(|hint| write!(f, "; {hint}"))
    }
}

/// "in none of the 20 sample records": how many of how many.
pub(super) fn share(some: usize, all: usize) -> String {
    match (some, all) {
        (1, 1) => "the one sample record that it reaches".to_owned(),
        (some, all) if some == all => format!("all {all} sample records that it reaches"),
        (some, all) => format!("{some} of {all} sample records"),
    }
}
