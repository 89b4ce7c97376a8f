//! How a task came out, in one word.

use std::fmt;

use scouter_engine::{Outcome, Verdict};
use serde::{Deserialize, Serialize};

/// How a task came out for a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// The check holds.
    Passed,
    /// The check does not hold.
    Failed,
    /// The check could not be made; never counted as failed.
    Errored,
    /// It did not run because of what happened upstream.
    Skipped,
    /// There was nothing to check.
    NotApplicable,
    /// The run was stopped before.
    Cancelled,
}

impl Status {
    /// All of them, in the order of tables.
    pub const ALL: [Self; 6] =
        [Self::Passed, Self::Failed, Self::Errored, Self::Skipped, Self::NotApplicable, Self::Cancelled];

    /// The status of an outcome. A value without a verdict is [`Status::NotApplicable`].
    pub fn of<V>(outcome: &Outcome<V>) -> Self {
        match outcome {
            Outcome::Done(output) => match output.verdict {
                Some(Verdict::Passed) => Self::Passed,
                Some(Verdict::Failed) => Self::Failed,
                Some(Verdict::NotApplicable) | None => Self::NotApplicable,
            },
            Outcome::Errored(_) => Self::Errored,
            Outcome::Skipped(_) => Self::Skipped,
            Outcome::Cancelled => Self::Cancelled,
        }
    }

    /// The name as in files and tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Errored => "errored",
            Self::Skipped => "skipped",
            Self::NotApplicable => "not_applicable",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether it counts in pass rates: it came to a verdict.
    pub fn counts(self) -> bool {
        matches!(self, Self::Passed | Self::Failed)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
