//! What every form of a report tells.

use std::fmt::Write;
use std::sync::Arc;

use scouter_engine::{Outcome, Output, Verdict};

use super::diff::Diff;
use super::rate::Rate;
use super::text::visible;
use super::trials::Told;
use crate::counted::{count, counted};
use crate::measured::Measured;
use crate::result::{Comparison, Counts, Results, Status, not_counted};
use crate::suite::TaskInfo;

/// What a report is about.
#[derive(Clone, Copy, Debug)]
pub struct Report<'r> {
    /// The results.
    pub results: &'r Arc<Results>,
    /// What comparing them with earlier ones came to.
    pub comparison: Option<&'r Comparison>,
    /// The heading; a general one where there is none.
    pub title: Option<&'r str>,
}

/// What is worked out once for a report.
#[derive(Debug)]
pub(super) struct Facts<'r> {
    pub(super) results: &'r Results,
    pub(super) title: String,
    pub(super) diff: Option<Diff<'r>>,
    /// What several trials of each case say, where there are several.
    pub(super) trials: Option<Told>,
    /// How all tasks that are not gates came out.
    pub(super) counts: Counts,
    /// How each task came out.
    pub(super) tasks: Vec<Counts>,
    /// The places of the records: what changed first, then what failed, then the rest.
    pub(super) order: Vec<usize>,
    /// The same of the tasks that look at all records at once.
    pub(super) window: Option<Box<Facts<'r>>>,
}

impl<'r> Facts<'r> {
    pub(super) fn new(report: &Report<'r>) -> Self {
        let results = report.results;
        let diff = report.comparison.map(|comparison| Diff::new(results, comparison));
        let mut order: Vec<usize> = (0..results.rows().len()).collect();
        order.sort_by_cached_key(|&row| {
            let change = match diff.as_ref().and_then(|diff| diff.record(row)) {
                Some("regressed") => 0,
                Some("improved") => 1,
                Some(_) => 2,
                None => 3,
            };
            (change, severity(results, row))
        });
        Self {
            results,
            title: visible(report.title.unwrap_or("Evaluation report")).into_owned(),
            diff,
            trials: Told::of(results),
            counts: results.counts(),
            tasks: (0..results.tasks().len()).map(|at| results.task_counts(at)).collect(),
            order,
            window: results.window.as_ref().map(|window| {
                let report = Report { results: window, comparison: None, title: report.title };
                Box::new(Facts::new(&report))
            }),
        }
    }

    /// How many tasks there are, those that look at all records included.
    pub(super) fn tasks_in_all(&self) -> usize {
        self.tasks.len() + self.window.as_deref().map_or(0, Self::tasks_in_all)
    }

    /// How it went, in a few words.
    pub(super) fn headline(&self) -> String {
        let rate = Rate::from(&self.counts);
        let judged = self.window.as_deref().is_some_and(|window| window.counts.counted() > 0);
        let mut text = if rate.of == 0 && judged {
            "no check of single records came to a verdict".to_owned()
        } else if rate.of == 0 {
            "no check came to a verdict".to_owned()
        } else if rate.passed == rate.of {
            format!("{} passed", counted(rate.of, "check"))
        } else {
            format!("{} of {} failed", count(rate.of - rate.passed), counted(rate.of, "check"))
        };
        // Errors of gates too: a gate that breaks keeps everything behind it from being checked.
        let errored: usize = self.tasks.iter().map(|task| task.of(Status::Errored)).sum();
        if errored > 0 {
            let _ = write!(text, ", {} errored", count(errored));
        }
        if let Some(window) = self.window.as_deref() {
            let _ = write!(text, "; {}", window.of_all());
        }
        if self.results.cancelled {
            text.push_str(", stopped before the end");
        }
        text
    }

    /// How the checks of all records together went, in a few words.
    fn of_all(&self) -> String {
        let of = |status| self.counts.of(status);
        let all = counted(self.counts.total(), "check");
        let told = [Status::Failed, Status::Errored, Status::Cancelled].map(|status| (of(status), status));
        let told = told.into_iter().filter(|(count, _)| *count > 0);
        let told: Vec<String> = told.map(|(count, status)| format!("{count} {status}")).collect();
        match &told[..] {
            [] => format!("{} of {all} of all records together passed", of(Status::Passed)),
            told => format!("{} of {all} of all records together", told.join(", ")),
        }
    }

    /// What the pass rate leaves out.
    pub(super) fn not_counted(&self) -> String {
        not_counted(self.results).join(", ")
    }

    /// What there is to say of tasks beside how they came out, those that look at all records included: a sentence each.
    pub(super) fn hints(&self) -> Vec<String> {
        let over_all = self.window.iter().flat_map(|window| window.hints());
        self.results.hints().into_iter().chain(over_all).collect()
    }

    /// Whether something was checked, all of it holds, and everything could be checked.
    pub(super) fn is_sound(&self) -> bool {
        self.counts.of(Status::Failed) == 0 && self.is_whole()
    }

    /// The same, whatever became of single records: something was checked, and everything could be.
    pub(super) fn is_whole(&self) -> bool {
        let window = self.window.as_deref();
        let judged = self.counts.counted() + window.map_or(0, |window| window.counts.counted());
        judged > 0
            && window.is_none_or(|window| {
                window.counts.of(Status::Failed) == 0 && window.results.sound_rows() == 1
            })
            && self.results.sound_rows() == self.results.rows().len()
            && !self.results.cancelled
    }

    /// When the first record was evaluated.
    pub(super) fn started(&self) -> Option<String> {
        let first = self.results.rows().iter().map(|row| row.created_at).min()?;
        Some(first.format("%Y-%m-%d %H:%M UTC").to_string())
    }

    /// What the record is called, and which of its trials it is.
    pub(super) fn name(&self, row: usize) -> String {
        let row = &self.results.rows()[row];
        let trial = row.labels.as_deref().and_then(|labels| labels.trial);
        let trial = trial.map(|trial| format!(" (trial {trial})")).unwrap_or_default();
        format!("{}{trial}", visible(&row.name()))
    }

    /// Whether there is something to look at: a task that did not pass, or a change.
    pub(super) fn is_noteworthy(&self, row: usize) -> bool {
        !is_clean(self.results, row) || self.diff.as_ref().is_some_and(|diff| diff.record(row).is_some())
    }
}

/// Whether every task passed, or made a value that others judge.
fn is_clean(results: &Results, row: usize) -> bool {
    results.rows()[row].outcomes.iter().all(is_quiet)
}

/// Whether there is nothing to look at: it passed, or made a value without judging it.
pub(super) fn is_quiet(outcome: &Outcome<Measured>) -> bool {
    matches!(outcome, Outcome::Done(Output { verdict: Some(Verdict::Passed) | None, .. }))
}

/// How much a record wants to be looked at, most first: what failed, what errored, what was not
/// done, whatever else did not pass, and the rest.
fn severity(results: &Results, row: usize) -> u8 {
    let outcomes = results.rows()[row].outcomes.iter().zip(results.tasks().iter());
    let rank = |(outcome, task): (&Outcome<Measured>, &TaskInfo)| match Status::of(outcome) {
        _ if is_quiet(outcome) => 4,
        Status::Failed if task.counts() => 0,
        Status::Errored => 1,
        Status::Cancelled => 2,
        _ => 3,
    };
    outcomes.map(rank).min().unwrap_or(4)
}
