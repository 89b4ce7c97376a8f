//! One task over all pairs.

use serde::{Deserialize, Serialize};

use super::cluster::{Clusters, Gains};
use super::decide::{ComparisonVerdict, RateChange};
use super::numbers::{NumberChange, Numbers};
use super::options::Options;
use super::pair::TaskChange;
use crate::result::counts::Counts;
use crate::result::status::Status;

/// How one task came out over all pairs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskTally {
    /// The place of the task in the compared suite.
    pub task: usize,
    /// In how many pairs it came to a verdict on both sides.
    pub judged: usize,
    /// In how many of them it passed before.
    pub baseline_passed: usize,
    /// In how many of them it passes now.
    pub comparison_passed: usize,
    /// In how many pairs it came out otherwise than before.
    pub changed: usize,
    /// How it came out before, over all pairs.
    pub baseline: Counts,
    /// How it comes out now, over all pairs.
    pub comparison: Counts,
    /// By how much its pass rate changed; `None` where no record came to a verdict on both sides.
    pub rate: Option<RateChange>,
    /// By how much the number that it measured changed, where it measured one on both sides.
    pub numbers: Option<NumberChange>,
}

impl TaskTally {
    /// What the pairs say of the task.
    pub fn verdict(&self) -> ComparisonVerdict {
        self.rate.map_or(ComparisonVerdict::Inconclusive, |rate| rate.verdict)
    }
}

/// A task as its pairs are gone through.
#[derive(Debug)]
pub(super) struct Tallying {
    tally: TaskTally,
    gains: Gains,
    pub(super) numbers: Numbers,
}

impl Tallying {
    pub(super) fn new(task: usize, clusters: &Clusters) -> Self {
        let tally = TaskTally {
            task,
            judged: 0,
            baseline_passed: 0,
            comparison_passed: 0,
            changed: 0,
            baseline: Counts::default(),
            comparison: Counts::default(),
            rate: None,
            numbers: None,
        };
        Self { tally, gains: Gains::new(clusters), numbers: Numbers::default() }
    }

    pub(super) fn add(&mut self, change: TaskChange, clusters: &Clusters) {
        let TaskChange { baseline, comparison, pair, .. } = change;
        let [before, now] = [baseline, comparison].map(|status| status == Status::Passed);
        let tally = &mut self.tally;
        tally.changed += usize::from(change.changed());
        tally.baseline.add(baseline);
        tally.comparison.add(comparison);
        if baseline.counts() && comparison.counts() {
            tally.judged += 1;
            tally.baseline_passed += usize::from(before);
            tally.comparison_passed += usize::from(now);
            self.gains.add(clusters, pair, before, now);
        }
    }

    pub(super) fn finish(self, clusters: &Clusters, pairs: usize, options: &Options) -> TaskTally {
        TaskTally {
            rate: RateChange::of_rates(&self.gains, options),
            numbers: self.numbers.change(clusters, pairs, options),
            ..self.tally
        }
    }
}
