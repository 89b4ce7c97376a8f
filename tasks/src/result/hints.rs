//! What was probably meant by paths and names of spans that led nowhere in any record.

use std::sync::Arc;

use scouter_engine::Outcome;

use super::results::Results;
use super::table::message;
use super::tally::Tally;
use crate::measured::Measured;
use crate::suite::{Checked, TaskInfo};
use crate::value::Value;

impl Results {
    /// Whether some task found nothing to look at, or errored, wherever it ran. Then a check of the suite on
    /// some of the records may tell why: see [`Results::hint`].
    pub fn wants_hints(&self) -> bool {
        let here = (0..self.tasks().len()).any(|task| self.is_lost(task));
        here || self.window.as_deref().is_some_and(Self::wants_hints)
    }

    /// Takes over from a check of the same suite what paths that lead nowhere probably mean. Messages of the
    /// tasks say so from then on.
    pub fn hint(&mut self, checked: &Checked) {
        let hint = |at: usize, task: &TaskInfo| meant(checked, &task.id).filter(|_| self.is_lost(at));
        let tasks = self.tasks().iter().enumerate();
        let tasks = tasks.map(|(at, task)| TaskInfo { hint: hint(at, task), ..task.clone() }).collect();
        self.set_tasks(tasks);
        if let Some(window) = &mut self.window {
            Arc::make_mut(window).hint(checked);
        }
    }

    /// Each task that has a hint, with what came of it wherever it ran.
    pub(super) fn hints(&self) -> impl Iterator<Item = String> {
        let tasks = self.tasks().iter().enumerate().filter(|(_, task)| task.hint.is_some());
        tasks.filter_map(|(at, task)| {
            let mut outcomes = self.rows().iter().map(|row| &row.outcomes[at]);
            let ran = outcomes.find(|outcome| matches!(outcome, Outcome::Done(_) | Outcome::Errored(_)))?;
            Some(format!("`{}`, wherever it ran: {}", task.id, message(self.tasks(), ran, task)))
        })
    }

    /// Whether a task found nothing to look at, or errored, wherever it ran.
    fn is_lost(&self, task: usize) -> bool {
        let mut ran = self.rows().iter().filter_map(|row| found(&row.outcomes[task])).peekable();
        ran.peek().is_some() && !ran.any(|found| found)
    }
}

impl Tally {
    /// The same of a run whose rows are not kept: see [`Results::wants_hints`].
    pub fn wants_hints(&self) -> bool {
        self.tasks.iter().any(|task| task.found == Some(false))
    }

    /// Takes over from a check of the same suite what paths that led nowhere probably mean.
    pub fn hint(&mut self, checked: &Checked) {
        for task in self.tasks.iter_mut().filter(|task| task.found == Some(false)) {
            task.hint = meant(checked, &task.id);
        }
    }
}

/// What a check says that a path of this task means.
fn meant(checked: &Checked, task: &str) -> Option<String> {
    let mut of_task = checked.findings.iter().filter(|finding| finding.task == task);
    of_task.find_map(|finding| finding.hint.clone())
}

/// Whether a task that ran found something to look at; `None` where it did not run.
pub(crate) fn found(outcome: &Outcome<Measured>) -> Option<bool> {
    match outcome {
        Outcome::Skipped(_) | Outcome::Cancelled => None,
        Outcome::Errored(_) => Some(false),
        Outcome::Done(output) => Some(output.verdict.is_none() || !is_missing(&output.value)),
    }
}

/// Whether there was nothing at the path, or no span: then a note says so, and there is no value, or none was counted.
fn is_missing(measured: &Measured) -> bool {
    measured.note().is_some()
        && matches!(*measured.actual(), Value::Null | Value::Int(0) | Value::Bool(false))
}
