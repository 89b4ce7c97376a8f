//! Whether a run passes beside its baseline: one rule for the command line, pytest and reports.

use super::comparison::{Comparison, Validity};
use super::decide::ComparisonVerdict;
use crate::result::status::Status;

/// What a comparison comes to for whoever must decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComparisonOutcome {
    /// Nothing got worse, as far as the records tell.
    Passed,
    /// The run is worse than its baseline.
    Failed,
    /// Too many records errored, or are lost.
    TooManyErrors,
    /// It cannot be said.
    Inconclusive,
}

impl ComparisonOutcome {
    /// The name, as that of the exit code.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::TooManyErrors => "too_many_errors",
            Self::Inconclusive => "inconclusive",
        }
    }
}

impl Comparison {
    /// What it comes to. What is lost or softened is never a pass: deleting what fails makes nothing better.
    pub fn outcome(&self) -> ComparisonOutcome {
        match (self.validity(), self.verdict()) {
            (Validity::TooManyErrors | Validity::Disjoint, _) => ComparisonOutcome::TooManyErrors,
            (Validity::PlacesUnknown | Validity::NothingCompared | Validity::OtherTrials { .. }, _) => {
                ComparisonOutcome::Inconclusive
            }
            (Validity::Valid, ComparisonVerdict::Regressed) => ComparisonOutcome::Failed,
            _ if self.lost_records().len() > 0 || !self.changed_tasks.is_empty() => {
                ComparisonOutcome::Inconclusive
            }
            // Where the records do not tell, nothing may have got worse; where they do, single records come and go.
            (_, ComparisonVerdict::Inconclusive) if self.regressed() || self.loses_checks() => {
                ComparisonOutcome::Inconclusive
            }
            _ => ComparisonOutcome::Passed,
        }
    }

    /// Whether a check that passed does not pass any more, where no change is too small to matter.
    fn loses_checks(&self) -> bool {
        let lost = |before, now| before == Status::Passed && now != Status::Passed;
        self.options.threshold <= 0.0 && self.changes().any(|change| lost(change.baseline, change.comparison))
    }
}
