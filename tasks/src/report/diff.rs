//! What a comparison adds to a report. The one place that knows how a [`Comparison`] is built.

use std::collections::HashMap;

use super::rate::{Rate, count, counted};
use crate::result::{
    Comparison, ComparisonVerdict, RateChange, Results, Side, Status, TaskChange as Outcomes, TaskTally,
    Trend, Validity,
};

/// What changed from the baseline.
#[derive(Debug)]
pub(super) struct Diff<'r> {
    comparison: &'r Comparison,
    /// By the place of the record in the compared run: its pair.
    pairs: HashMap<usize, usize>,
    /// By the place of the task in the compared run: its place in the baseline.
    before: Vec<Option<usize>>,
    /// By the place of the task in the compared run.
    tasks: Vec<Option<TaskChange>>,
}

/// A task over all records that both runs have.
#[derive(Clone, Debug)]
pub(super) struct TaskChange {
    /// Its rate before. Over the records in which it came to a verdict in either run, as is that of
    /// now: what errored or was skipped on one side has not passed there.
    pub(super) was: Rate,
    /// Its rate now.
    pub(super) now: Rate,
    /// In how many records it came out otherwise than before.
    pub(super) changed: usize,
    /// What the change says, in a word and in numbers.
    pub(super) verdict: &'static str,
    pub(super) evidence: String,
}

impl TaskChange {
    fn new(tally: &TaskTally, comparison: &Comparison) -> Self {
        Self {
            was: Rate { passed: tally.baseline_passed, of: tally.compared },
            now: Rate { passed: tally.comparison_passed, of: tally.compared },
            changed: tally.changed,
            verdict: tally.verdict().as_str(),
            evidence: tally.rate.map(|rate| evidence(&rate, comparison)).unwrap_or_default(),
        }
    }

    /// By how much the rate went up or down, from −1 to 1.
    pub(super) fn delta(&self) -> f64 {
        self.now.share().unwrap_or_default() - self.was.share().unwrap_or_default()
    }
}

/// Records or tasks that only one run has.
#[derive(Debug)]
pub(super) struct Unpaired {
    pub(super) what: &'static str,
    pub(super) names: Vec<String>,
}

impl<'r> Diff<'r> {
    pub(super) fn new(results: &Results, comparison: &'r Comparison) -> Self {
        let before = comparison.baseline.tasks();
        let place = |id: &str| before.iter().position(|task| task.id == id);
        let mut tasks = vec![None; results.tasks().len()];
        for tally in &comparison.tasks {
            tasks[tally.task] = Some(TaskChange::new(tally, comparison));
        }
        let pairs = comparison.pairs.iter().enumerate();
        Self {
            comparison,
            pairs: pairs.map(|(at, pair)| (pair.comparison as usize, at)).collect(),
            before: results.tasks().iter().map(|task| place(&task.id)).collect(),
            tasks,
        }
    }

    /// The verdict.
    pub(super) fn verdict(&self) -> ComparisonVerdict {
        self.comparison.verdict()
    }

    /// The numbers behind the verdict, a line each.
    pub(super) fn summary(&self) -> Vec<String> {
        let comparison = self.comparison;
        let mut lines = Vec::new();
        match comparison.validity() {
            Validity::Valid => {}
            Validity::NothingCompared => lines.push("no record came to a verdict in both runs".to_owned()),
            Validity::TooManyErrors => lines.push(format!(
                "{:.1}% of the records errored or are lost, more than the {:.1}% that may",
                100.0 * comparison.error_share(),
                100.0 * comparison.options.max_error_share,
            )),
        }
        if let Some(rate) = &comparison.overall {
            let (gained, lost) = (count(rate.gained), count(rate.lost));
            lines.push(format!(
                "pass rate {} points ({}): {gained} gained and {lost} lost of {}",
                points(rate.difference),
                evidence(rate, comparison),
                counted(rate.records, "record"),
            ));
            lines.extend(undecided(rate));
        }
        let of = |trend| count(comparison.trend(trend));
        lines.push(format!(
            "{} regressed, {} improved, {} unchanged of {} in both runs (threshold: {} points)",
            of(Trend::Regressed),
            of(Trend::Improved),
            of(Trend::Unchanged),
            counted(comparison.pairs.len(), "record"),
            (1e8 * comparison.options.threshold).round() / 1e6,
        ));
        lines
    }

    /// What only one of the runs has.
    pub(super) fn unpaired(&self) -> Vec<Unpaired> {
        let tasks = |side| {
            let missing = self.comparison.missing_tasks.iter().filter(|task| task.present_in == side);
            missing.map(|task| task.task_id.clone()).collect()
        };
        let all = [
            ("records only in the baseline", self.comparison.lost_records().collect()),
            ("tasks only in the baseline", tasks(Side::Baseline)),
            ("new records", self.comparison.new_records().collect()),
            ("new tasks", tasks(Side::Comparison)),
        ];
        let all = all.into_iter().map(|(what, names)| Unpaired { what, names });
        all.filter(|unpaired| !unpaired.names.is_empty()).collect()
    }

    /// How a task changed over all records that both runs have; `None` for a new task.
    pub(super) fn task(&self, task: usize) -> Option<&TaskChange> {
        self.tasks[task].as_ref()
    }

    /// Which way a record went, `changed` where its rate stayed but an outcome did not, and `None`
    /// where nothing changed or it is new.
    pub(super) fn record(&self, row: usize) -> Option<&'static str> {
        let pair = *self.pairs.get(&row)?;
        match self.comparison.pairs[pair].trend {
            Trend::Unchanged => {
                self.comparison.tasks_of(pair).any(|task| Outcomes::changed(&task)).then_some("changed")
            }
            trend => Some(trend.as_str()),
        }
    }

    /// How a task came out before for a record, and the value it judged, where it came out
    /// otherwise than now.
    pub(super) fn was(&self, row: usize, task: usize, now: Status) -> Option<(Status, Option<String>)> {
        let old = self.comparison.baseline_row(*self.pairs.get(&row)?);
        let outcome = &old.outcomes[self.before[task]?];
        let was = Status::of(outcome);
        (was != now).then(|| (was, super::check::actual(outcome)))
    }
}

/// How sure a change is.
fn evidence(rate: &RateChange, comparison: &Comparison) -> String {
    let level = (1e6 * (1.0 - comparison.options.alpha.get())).round() / 1e4;
    let p = rate.adjusted_p;
    let p = if p >= 0.001 { format!("{p:.3}") } else { format!("{p:.1e}") };
    format!("{level}% interval {} to {}, p {p}", points(rate.interval.low), points(rate.interval.high))
}

/// What would decide a change that the records leave open.
fn undecided(rate: &RateChange) -> Option<String> {
    if rate.verdict != ComparisonVerdict::Inconclusive {
        return None;
    }
    let records = rate.records_needed?;
    let records = usize::try_from(records).unwrap_or(usize::MAX);
    Some(format!("about {} would decide, if they go on like this", counted(records, "record")))
}

/// A change of a rate, in percentage points.
pub(super) fn points(delta: f64) -> String {
    let points = format!("{:+.1}", 100.0 * delta);
    if matches!(points.as_str(), "+0.0" | "-0.0") { "±0.0".to_owned() } else { points.replace('-', "−") }
}
