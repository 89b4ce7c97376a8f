//! What results have to say of tasks beside how they came out: what was probably meant by paths and names of spans that led
//! nowhere in any record, what was never checked since a gate looked at what no record has or could judge none of it,
//! answers that are no verdicts, and numbers that were compared as texts.

use std::sync::Arc;

use scouter_engine::Outcome;

use super::results::Results;
use super::status::Status;
use super::table::message;
use super::tally::{Tallied, Tally};
use crate::counted::{count, counted};
use crate::measured::Measured;
use crate::operator::{short_key, some_of};
use crate::suite::{Checked, NUMBERS_OF_BOTH, THE_RECORDS_HAVE, TaskInfo};
use crate::value::Value;

/// What to do where a gate has nothing to judge, and that is how it should be.
const ASK_FIRST: &str = "where that may be, ask first whether there is something, by `SpanExists` or a \
    function that returns a bool";

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

    /// What there is to say of tasks beside how they came out, a line each.
    pub(crate) fn hints(&self) -> Vec<String> {
        let tally = Tally::of(self.tasks(), self.rows());
        let line = |at: usize, task: &TaskInfo| {
            tally.tasks[at].unchecked(self.window.as_deref()).or_else(|| {
                tally.tasks[at].astray()?;
                let mut outcomes = self.rows().iter().map(|row| &row.outcomes[at]);
                let ran =
                    outcomes.find(|outcome| matches!(outcome, Outcome::Done(_) | Outcome::Errored(_)))?;
                Some(format!("`{}`, wherever it ran: {}", task.id, message(self.tasks(), ran, task)))
            })
        };
        self.tasks().iter().enumerate().filter_map(|(at, task)| line(at, task)).collect()
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

    /// The tasks of which there is something to say beside how they came out: their ids, and what was probably meant, or what
    /// was not checked. The tasks that look at all records (`window`) may read the values of any task.
    pub fn hints(&self, window: Option<&Results>) -> impl Iterator<Item = (&str, String)> {
        self.tasks.iter().filter_map(move |task| {
            let meant = || task.hint.clone().filter(|_| task.found == Some(false) && !task.lacks_spans());
            Some((&*task.id, task.unchecked(window).or_else(meant)?))
        })
    }

    /// The same in sentences that name the task.
    pub fn remarks(&self, window: Option<&Results>) -> impl Iterator<Item = String> {
        self.tasks.iter().filter_map(move |task| task.unchecked(window).or_else(|| task.astray()))
    }

    /// The tasks that did nothing since what they look for is in no record and probably misspelt: their ids, and that in a
    /// sentence.
    pub fn blind(&self) -> impl Iterator<Item = (&str, String)> {
        let blind = self.tasks.iter().filter(|task| task.is_blind());
        blind.filter_map(|task| Some((&*task.id, task.astray()?)))
    }

    /// The gates that closed for every record since what they look at is in none, or since they could judge none of it, so that
    /// what is behind them was never checked: their ids, and that in a sentence. Those that are misspelt are [`Tally::blind`], and
    /// those that ask no more than whether it is there have their answer.
    pub fn shut(&self) -> impl Iterator<Item = (&str, String)> {
        let shut = self.tasks.iter().filter(|task| !task.asks_presence);
        shut.filter_map(|task| Some((&*task.id, task.shut().or_else(|| task.undecided())?)))
    }
}

impl Tallied {
    /// What of it was not checked, or not as it looks, though nothing is known to be misspelt.
    fn unchecked(&self, window: Option<&Results>) -> Option<String> {
        let unheard = || self.unheard().filter(|_| window.is_none());
        let undecided = self.shut().or_else(|| self.undecided());
        undecided.or_else(|| self.mixed()).or_else(unheard).or_else(|| self.sorted_as_texts())
    }

    /// That it is a gate which closed for every record since what it looks at is in none, and not for a slip.
    fn shut(&self) -> Option<String> {
        let told = self.astray().filter(|_| self.is_shut() && !self.is_blind())?;
        let lack = if self.lacks_spans() {
            ASK_FIRST
        } else {
            "where records may lack it, ask for it first by a gate with `Exists`"
        };
        Some(if self.asks_presence { told } else { format!("{told}; {lack}") })
    }

    /// That what it looks for is in no record, with what the records have, or what was probably meant.
    fn astray(&self) -> Option<String> {
        let hint = self.hint.as_deref().filter(|_| self.found == Some(false))?;
        let id = &self.id;
        let (ran, all) = self.reached();
        if self.lacks_spans() {
            // That nothing is behind a gate, or that it opened for others, needs no word.
            return self
                .is_shut()
                .then(|| format!("the gate `{id}` closed for {all}, and {}: {hint}", self.kept()));
        }
        let have = if ran == 1 { "has" } else { "have" };
        // What else keeps a task from its work than what it looks at, such as a template, the hint alone knows.
        let path = self.path.as_deref().filter(|_| self.counts.of(Status::Errored) == 0);
        let Some(path) = path else {
            return Some(format!("task `{id}` found nothing to look at in any record; {hint}"));
        };
        let names = hint.strip_prefix(THE_RECORDS_HAVE);
        let missing = match names {
            Some(names) => format!("`{path}` is missing in {all}, which {have} {names}"),
            None => format!("`{path}` is missing in {all}"),
        };
        let meant = if names.is_some() { String::new() } else { format!("; {hint}") };
        if self.is_shut() {
            return Some(format!("{missing}: the gate `{id}` {}{meant}", self.kept()));
        }
        // That nothing is behind a gate needs no word.
        names.is_none().then(|| format!("task `{id}`: {missing}{meant}"))
    }

    /// How many records it reached, and that in words.
    fn reached(&self) -> (usize, String) {
        let total = self.counts.total();
        let ran = total - self.counts.of(Status::Skipped) - self.counts.of(Status::Cancelled);
        let reached = if ran == total { "" } else { " that it reaches" };
        let all = match ran {
            1 => format!("the one record{reached}"),
            _ => format!("all {}{reached}", counted(ran, "record")),
        };
        (ran, all)
    }

    /// What a gate that let nothing through did.
    fn kept(&self) -> String {
        format!("kept {} from running", some_of(&self.behind, |task| short_key(task)))
    }

    /// That it is a gate which closed for every record and judged none: its operator cannot judge what the records have, its
    /// function gives no verdict, or there was nothing to judge.
    fn undecided(&self) -> Option<String> {
        if self.behind.is_empty() || self.came_out(&[Status::Passed, Status::Errored]) {
            return None;
        }
        let (id, kept, (_, all)) = (&self.id, self.kept(), self.reached());
        let (values, failed) = (self.values.count, self.came_out(&[Status::Failed]));
        if values > 0 && !failed {
            let closed = self.counts.of(Status::NotApplicable);
            // Of the others it says that there is nothing to check.
            let wherever = if values == closed {
                all
            } else {
                format!("{} of {}", count(values), counted(closed, "record"))
            };
            let some = self.values.some.join(", ");
            return Some(format!(
                "the gate `{id}` gave a value ({some}), not a verdict, in {wherever}, and {kept}: return a bool, or a CheckResult"
            ));
        }
        if !failed {
            // Where it is misspelt, that is what is told of it.
            let had_nothing = self.came_out(&[Status::NotApplicable]) && !self.is_blind();
            let told = format!("the gate `{id}` had nothing to judge in {all}, and {kept}");
            let told = if self.asks_presence { told } else { format!("{told}: {ASK_FIRST}") };
            return had_nothing.then_some(told);
        }
        let wrong = self.unfit.wrong.as_deref().filter(|_| !self.unfit.some_fit)?;
        let at = self.path.as_ref().map(|path| format!(" at `{path}`")).unwrap_or_default();
        Some(format!("the gate `{id}` could judge nothing{at} in {all}, and {kept}: {wrong}"))
    }

    /// That none of its answers is a verdict, though they look as if some were meant as one, and nobody looks at them.
    fn unheard(&self) -> Option<String> {
        let values = &self.values;
        let unheard = values.unread && values.like_verdicts && self.counts.counted() == 0;
        if !unheard {
            return None;
        }
        let are = match values.count {
            1 => "is a value, not a verdict, and counts",
            _ => "are values, not verdicts, and count",
        };
        Some(format!(
            "task `{}` gave no verdict, and no task depends on it; {} ({}) {are} in no rate: return a bool, or a CheckResult",
            self.id,
            counted(values.count, "answer"),
            values.some.join(", ")
        ))
    }

    /// That it compared numbers, which both sides write as texts, by their characters.
    fn sorted_as_texts(&self) -> Option<String> {
        let pair = self.numerals.pair.as_deref().filter(|_| !self.numerals.others)?;
        let id = &self.id;
        Some(format!(
            "task `{id}` compares numbers as texts, by their characters, such as {pair}: {NUMBERS_OF_BOTH}"
        ))
    }

    /// That some of its answers are verdicts and others are not: these look as if they were counted.
    fn mixed(&self) -> Option<String> {
        let (verdicts, values) = (self.counts.counted(), self.values.count);
        if verdicts == 0 || values == 0 {
            return None;
        }
        let all = counted(verdicts + values, "record");
        let (are, count_in) = match values {
            1 => ("is a value, not a verdict,", "counts"),
            _ => ("are values, not verdicts,", "count"),
        };
        Some(format!(
            "task `{}` gave a verdict for {} of {all}; {} ({}) {are} and {count_in} in no rate: return a bool, or a CheckResult",
            self.id,
            count(verdicts),
            counted(values, "answer"),
            self.values.some.join(", ")
        ))
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
