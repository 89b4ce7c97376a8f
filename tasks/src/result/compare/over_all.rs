//! What the tasks of both runs say that look at all records at once. Each has one outcome in a run, of which chance is made out where it is
//! judged: so what it came to is taken as it is.

use std::sync::Arc;

use super::comparison::{Comparison, compare};
use super::decide::ComparisonVerdict;
use super::options::Options;
use super::pair::TaskChange;
use crate::result::results::Results;
use crate::result::status::Status;

/// Compares the tasks of two runs that look at all records at once; `None` where neither has any.
pub(super) fn over_all(compared: &Results, baseline: &Results, options: Options) -> Option<Arc<Comparison>> {
    if compared.window.is_none() && baseline.window.is_none() {
        return None;
    }
    let of = |run: &Results| {
        run.window.clone().unwrap_or_else(|| Arc::new(Results::new(Arc::default(), Vec::new(), false)))
    };
    Some(Arc::new(compare(&of(compared), &of(baseline), options)))
}

/// Which way one outcome went that was a verdict before.
fn went(change: &TaskChange) -> ComparisonVerdict {
    match (change.baseline, change.comparison) {
        (_, Status::Errored) => ComparisonVerdict::Regressed,
        (Status::Passed, now) if now != Status::Passed => ComparisonVerdict::Regressed,
        (Status::Failed, Status::Passed) => ComparisonVerdict::Improved,
        _ => ComparisonVerdict::Unchanged,
    }
}

impl Comparison {
    /// What the tasks say that look at all records at once: regressed where one passed before and does not now, or had a verdict and errs
    /// now; otherwise improved where one failed and passes. `None` where none of both runs came to a verdict in the baseline.
    pub fn verdict_over_all(&self) -> Option<ComparisonVerdict> {
        let all: Vec<ComparisonVerdict> = self.outcomes_over_all().map(|change| went(&change)).collect();
        let decisive =
            [ComparisonVerdict::Regressed, ComparisonVerdict::Improved, ComparisonVerdict::Unchanged];
        decisive.into_iter().find(|verdict| all.contains(verdict))
    }

    /// The ids of the tasks that look at all records at once and went this way.
    pub(super) fn tasks_over_all(
        &self,
        verdict: ComparisonVerdict,
    ) -> impl Iterator<Item = (&str, TaskChange)> {
        let these = self.outcomes_over_all().filter(move |change| went(change) == verdict);
        these.filter_map(move |change| Some((self.window.as_deref()?.task_id(change.task), change)))
    }

    /// Gates are among them, tasks that only report are not.
    fn outcomes_over_all(&self) -> impl Iterator<Item = TaskChange> {
        self.window.iter().flat_map(|window| {
            let all = (0..window.pairs.len()).flat_map(move |pair| window.tasks_of(pair));
            all.filter(move |change| {
                change.baseline.counts() && window.compared.tasks()[change.task].advisory.is_none()
            })
        })
    }
}
