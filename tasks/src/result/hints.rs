//! What was probably meant by paths that led nowhere in any record.

use std::sync::Arc;

use scouter_engine::{Outcome, Verdict};

use super::results::Results;
use super::table::message;
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
        let hint = |at: usize, task: &TaskInfo| {
            let mut of_task = checked.findings.iter().filter(|finding| finding.task == task.id);
            of_task.find_map(|finding| finding.hint.clone()).filter(|_| self.is_lost(at))
        };
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
        let mut ran = false;
        for row in self.rows() {
            match &row.outcomes[task] {
                Outcome::Skipped(_) | Outcome::Cancelled => {}
                Outcome::Errored(_) => ran = true,
                Outcome::Done(output) if is_missing(output.verdict, &output.value) => ran = true,
                Outcome::Done(_) => return false,
            }
        }
        ran
    }
}

/// Whether there was nothing at the path: then a note says so, and there is no value.
fn is_missing(verdict: Option<Verdict>, measured: &Measured) -> bool {
    let judged = matches!(verdict, Some(Verdict::Passed | Verdict::Failed));
    judged && measured.note().is_some() && *measured.actual() == Value::Null
}
