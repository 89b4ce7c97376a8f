//! What a comparison adds to a report. The one place that knows how a [`Comparison`] is built.

use std::collections::HashMap;

use super::facts::Baseline;
use super::rate::{Rate, count};
use crate::result::{Comparison, Pair, Results, Side, Status, TaskChange as TaskOutcomes, Trend};

/// What changed from the baseline.
#[derive(Debug)]
pub(super) struct Diff<'r> {
    baseline: &'r Results,
    comparison: &'r Comparison,
    /// By the place of the record in the compared run: its pair.
    pairs: HashMap<usize, &'r Pair>,
    /// By the place of the task in the compared run: its place in the baseline.
    before: Vec<Option<usize>>,
    /// By the place of the task in the compared run.
    tasks: Vec<Option<TaskChange>>,
}

/// A task over all records that both runs have.
#[derive(Clone, Copy, Debug)]
pub(super) struct TaskChange {
    /// Its rate before. Over the records in which it came to a verdict in either run, as is that of
    /// now: what errored or was skipped on one side has not passed there.
    pub(super) was: Rate,
    /// Its rate now.
    pub(super) now: Rate,
    /// In how many records it came out otherwise than before.
    pub(super) changed: usize,
}

impl TaskChange {
    /// By how much the rate went up or down, from −1 to 1.
    pub(super) fn delta(&self) -> f64 {
        self.now.share().unwrap_or_default() - self.was.share().unwrap_or_default()
    }
}

/// Records or tasks that only one run has.
#[derive(Debug)]
pub(super) struct Unpaired<'r> {
    pub(super) what: &'static str,
    pub(super) names: Vec<&'r str>,
}

impl<'r> Diff<'r> {
    pub(super) fn new(results: &'r Results, baseline: Baseline<'r>) -> Self {
        let Baseline { results: old, comparison } = baseline;
        let place = |id: &str| old.tasks().iter().position(|task| task.id == id);
        let mut tallies: HashMap<String, _> =
            comparison.tallies().into_iter().map(|tally| (tally.task_id.clone(), tally)).collect();
        let tasks = results.tasks().iter().map(|task| {
            let tally = tallies.remove(&task.id)?;
            let was = Rate { passed: tally.baseline_passed, of: tally.compared };
            let now = Rate { passed: tally.comparison_passed, of: tally.compared };
            Some(TaskChange { was, now, changed: tally.changed })
        });
        let mut pairs = HashMap::with_capacity(comparison.pairs.len());
        // Pairs stand in the order of the rows; rows that are new have none.
        let mut waiting = comparison.pairs.iter().peekable();
        for (at, row) in results.rows().iter().enumerate() {
            if let Some(pair) = waiting.next_if(|pair| pair.comparison_uid == row.uid.to_string()) {
                pairs.insert(at, pair);
            }
        }
        Self {
            baseline: old,
            comparison,
            pairs,
            before: results.tasks().iter().map(|task| place(&task.id)).collect(),
            tasks: tasks.collect(),
        }
    }

    /// The verdict in one word.
    pub(super) fn verdict(&self) -> &'static str {
        if self.comparison.regressed() {
            Trend::Regressed.as_str()
        } else if self.comparison.trend(Trend::Improved) > 0 {
            Trend::Improved.as_str()
        } else {
            Trend::Unchanged.as_str()
        }
    }

    /// The numbers behind the verdict, in a line.
    pub(super) fn summary(&self) -> String {
        let of = |trend| count(self.comparison.trend(trend));
        format!(
            "{} regressed, {} improved, {} unchanged of {} records in both runs; mean change of a record's pass rate \
             {} points",
            of(Trend::Regressed),
            of(Trend::Improved),
            of(Trend::Unchanged),
            count(self.comparison.pairs.len()),
            points(self.comparison.mean_delta()),
        )
    }

    /// What only one of the runs has.
    pub(super) fn unpaired(&self) -> Vec<Unpaired<'r>> {
        let records = |names: &'r [String]| names.iter().map(String::as_str).collect();
        let tasks = |side| {
            let missing = self.comparison.missing_tasks.iter().filter(|task| task.present_in == side);
            missing.map(|task| task.task_id.as_str()).collect()
        };
        let all = [
            Unpaired { what: "records only in the baseline", names: records(&self.comparison.lost_records) },
            Unpaired { what: "tasks only in the baseline", names: tasks(Side::Baseline) },
            Unpaired { what: "new records", names: records(&self.comparison.new_records) },
            Unpaired { what: "new tasks", names: tasks(Side::Comparison) },
        ];
        all.into_iter().filter(|unpaired| !unpaired.names.is_empty()).collect()
    }

    /// How a task changed over all records that both runs have; `None` for a new task.
    pub(super) fn task(&self, task: usize) -> Option<TaskChange> {
        self.tasks[task]
    }

    /// Which way a record went, `changed` where its rate stayed but an outcome did not, and `None`
    /// where nothing changed or it is new.
    pub(super) fn record(&self, row: usize) -> Option<&'static str> {
        let pair = self.pairs.get(&row)?;
        match pair.trend {
            Trend::Unchanged => pair.tasks.iter().any(TaskOutcomes::changed).then_some("changed"),
            trend => Some(trend.as_str()),
        }
    }

    /// How a task came out before for a record, and the value it judged, where it came out
    /// otherwise than now.
    pub(super) fn was(&self, row: usize, task: usize, now: Status) -> Option<(Status, Option<String>)> {
        let pair = self.pairs.get(&row)?;
        let old = &self.baseline.rows()[self.baseline.find(&pair.baseline_uid)?];
        let outcome = &old.outcomes[self.before[task]?];
        let was = Status::of(outcome);
        (was != now).then(|| (was, super::check::actual(outcome)))
    }
}

/// A change of a rate, in percentage points.
pub(super) fn points(delta: f64) -> String {
    let points = format!("{:+.1}", 100.0 * delta);
    if matches!(points.as_str(), "+0.0" | "-0.0") { "±0.0".to_owned() } else { points.replace('-', "−") }
}
