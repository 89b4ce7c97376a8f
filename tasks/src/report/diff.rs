//! What a comparison adds to a report. The one place that knows how a [`Comparison`] is built.

use std::collections::HashMap;

use serde::Serialize;

use super::rate::Rate;
use crate::counted::{count, counted};
use crate::result::{
    ChangedTask, Comparison, ComparisonOutcome, ComparisonVerdict, NumberChange, Results, Side, Status,
    TaskChange as Outcomes, TaskTally, Trend, evidence, headline, not_judged, number, signed, sureness,
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
    /// Its rate before. Over the records in which it came to a verdict in both runs, as is that of
    /// now and the change between them.
    pub(super) was: Rate,
    /// Its rate now.
    pub(super) now: Rate,
    /// In how many records it came out otherwise than before.
    pub(super) changed: usize,
    /// Over how many it came to no verdict before and now, by what it came to; empty where there is none.
    pub(super) not_judged: String,
    /// What the change says, in a word and in numbers.
    pub(super) verdict: &'static str,
    pub(super) evidence: String,
    /// By how much the number changed that it measured, where it measured one in both runs.
    pub(super) number: Option<NumberChange>,
}

/// A measured number over all records that have it in both runs, as it is shown.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Number {
    pub(super) records: String,
    pub(super) was: String,
    pub(super) now: String,
    pub(super) change: String,
    /// Where the change lies; empty where one record or cluster tells nothing of that.
    pub(super) interval: String,
    /// Which way it went, in a word.
    pub(super) direction: &'static str,
}

impl Number {
    pub(super) fn new(change: &NumberChange) -> Self {
        Self {
            records: count(change.records),
            was: number(change.baseline_mean),
            now: number(change.comparison_mean),
            change: signed(change.difference),
            interval: change
                .interval
                .map(|of| format!("{} to {}", signed(of.low), signed(of.high)))
                .unwrap_or_default(),
            direction: change.direction().as_str(),
        }
    }
}

impl TaskChange {
    fn new(tally: &TaskTally, comparison: &Comparison) -> Self {
        Self {
            was: Rate { passed: tally.baseline_passed, of: tally.judged },
            now: Rate { passed: tally.comparison_passed, of: tally.judged },
            changed: tally.changed,
            not_judged: not_judged(tally).replace('_', " "),
            verdict: tally.verdict().as_str(),
            evidence: tally.rate.map(|rate| sureness(&rate, &comparison.options)).unwrap_or_default(),
            number: tally.numbers,
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
    noun: &'static str,
    which: &'static str,
    pub(super) names: Vec<String>,
}

impl Unpaired {
    /// How many of what there are.
    pub(super) fn heading(&self) -> String {
        format!("{}{}", counted(self.names.len(), self.noun), self.which)
    }
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

    /// Whether the run passes beside its baseline.
    pub(super) fn outcome(&self) -> ComparisonOutcome {
        self.comparison.outcome()
    }

    /// What the verdict means, in a sentence.
    pub(super) fn headline(&self) -> String {
        headline(self.comparison)
    }

    /// What the verdict rests on: a name for each thing, and what there is to say of it.
    pub(super) fn evidence(&self) -> Vec<(&'static str, String)> {
        evidence(self.comparison)
    }

    /// How sure the intervals are, in percent.
    pub(super) fn level(&self) -> String {
        format!("{}%", (1e6 * (1.0 - self.comparison.options.alpha.get())).round() / 1e4)
    }

    /// What only one of the runs has.
    pub(super) fn unpaired(&self) -> Vec<Unpaired> {
        const ONLY_BEFORE: &str = " only in the baseline";
        let new = self.comparison.missing_tasks.iter().filter(|task| task.present_in == Side::Comparison);
        let changed = |task: &ChangedTask| format!("{} ({})", task.task_id, task.what);
        let all = [
            ("task", " with another check now", self.comparison.changed_tasks.iter().map(changed).collect()),
            ("record", ONLY_BEFORE, self.comparison.lost_records().collect()),
            ("task", ONLY_BEFORE, self.comparison.lost_tasks().map(str::to_owned).collect()),
            ("new record", "", self.comparison.new_records().collect()),
            ("new task", "", new.map(|task| task.task_id.clone()).collect()),
        ];
        let all = all.into_iter().map(|(noun, which, names)| Unpaired { noun, which, names });
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
