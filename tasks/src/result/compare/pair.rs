//! One record in both runs.

use scouter_engine::{Outcome, SkipReason};

use crate::result::row::Row;
use crate::result::status::Status;

/// Which of two runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The run that was there before.
    Baseline,
    /// The run that is compared with it.
    Comparison,
}

/// A task that only one of the runs has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingTask {
    /// Its id.
    pub task_id: String,
    /// The run that has it.
    pub present_in: Side,
}

/// How a task came out on both sides for one record. Names are those of the comparison's runs:
/// [`super::Comparison::task_id`], [`super::Comparison::record`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaskChange {
    /// The place of the pair.
    pub pair: usize,
    /// The place of the task in the compared suite.
    pub task: usize,
    /// How it came out before.
    pub baseline: Status,
    /// How it came out now.
    pub comparison: Status,
}

impl TaskChange {
    /// Whether it came out otherwise than before.
    pub fn changed(&self) -> bool {
        self.baseline != self.comparison
    }
}

/// Which way something went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trend {
    /// Better by more than the threshold.
    Improved,
    /// Worse by more than the threshold.
    Regressed,
    /// Neither.
    Unchanged,
}

/// One record in both runs.
///
/// Rates are compared over the tasks that came to a verdict on either side: a task that errored,
/// was skipped or had nothing to check on one side has not passed there. Otherwise a run that
/// loses half of its checks to errors would look as good as before. A check that errors where it
/// came to a verdict before makes its record a regression; one that comes to a verdict where it errored
/// before makes it no improvement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The place of the record's row in the compared run.
    pub comparison: u32,
    /// The place of its row in the baseline.
    pub baseline: u32,
    /// How many tasks passed before.
    pub baseline_passed: u32,
    /// How many pass now.
    pub comparison_passed: u32,
    /// How many tasks were compared.
    pub compared: u32,
    /// Which way it went.
    pub trend: Trend,
}

impl Pair {
    /// The share that passed before, from 0 to 1; 0 where nothing was compared.
    pub fn baseline_rate(&self) -> f64 {
        rate(self.baseline_passed, self.compared)
    }

    /// The share that passes now, from 0 to 1; 0 where nothing was compared.
    pub fn comparison_rate(&self) -> f64 {
        rate(self.comparison_passed, self.compared)
    }

    /// By how much it went up or down.
    pub fn delta(&self) -> f64 {
        self.comparison_rate() - self.baseline_rate()
    }
}

fn rate(passed: u32, of: u32) -> f64 {
    if of == 0 { 0.0 } else { f64::from(passed) / f64::from(of) }
}

/// Which way a rate went. A change of just the threshold is none, also where the difference of the
/// two rates, as floats, comes out a little larger: 19/20 − 20/20 is below −0.05.
pub(super) fn trend(delta: f64, threshold: f64) -> Trend {
    const ROUNDING: f64 = 1e-12;
    if delta < -threshold - ROUNDING {
        Trend::Regressed
    } else if delta > threshold + ROUNDING {
        Trend::Improved
    } else {
        Trend::Unchanged
    }
}

/// How many tasks of a record passed on either side, of those that nothing kept from a verdict. What
/// was lost to an error says nothing of how good the runs are.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Judged {
    baseline: u32,
    comparison: u32,
    of: u32,
}

impl Judged {
    pub(super) fn add(&mut self, change: TaskChange, (now, at): (&Row, usize), (old, before): (&Row, usize)) {
        let told = change.baseline.counts() || change.comparison.counts();
        if told && !lost_to_error(now, at) && !lost_to_error(old, before) {
            self.of += 1;
            self.baseline += u32::from(change.baseline == Status::Passed);
            self.comparison += u32::from(change.comparison == Status::Passed);
        }
    }

    /// By how much the rate went up or down; `None` where nothing was judged.
    pub(super) fn delta(self) -> Option<f64> {
        (self.of > 0).then(|| (f64::from(self.comparison) - f64::from(self.baseline)) / f64::from(self.of))
    }
}

/// Whether a task errored, or did not run because of an error or because the run was stopped.
fn lost_to_error(row: &Row, task: usize) -> bool {
    match &row.outcomes[task] {
        Outcome::Done(_) => false,
        Outcome::Skipped(SkipReason::GateClosed { by }) => {
            matches!(row.outcomes.get(by.index()), Some(Outcome::Errored(_) | Outcome::Cancelled))
        }
        Outcome::Errored(_) | Outcome::Cancelled | Outcome::Skipped(_) => true,
    }
}
