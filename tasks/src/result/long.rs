//! Results in long form: a line for every task of every record.

use std::borrow::Cow;
use std::fmt::Write;

use scouter_engine::Outcome;

use super::row::Row;
use super::status::Status;
use super::table::message;
use crate::measured::Measured;
use crate::suite::TaskInfo;
use crate::value::{Value, quoted, write_json};

/// How one task came out for one record.
#[derive(Clone, Copy, Debug)]
pub struct Judged<'r> {
    /// The tasks that were run.
    pub tasks: &'r [TaskInfo],
    /// Which of them this is.
    pub task: usize,
    /// The record.
    pub row: &'r Row,
}

impl<'r> Judged<'r> {
    /// Every task of a row.
    pub fn all(row: &'r Row, tasks: &'r [TaskInfo]) -> impl Iterator<Item = Self> {
        (0..row.outcomes.len().min(tasks.len())).map(move |task| Self { tasks, task, row })
    }

    /// What there is to know of the task.
    pub fn info(&self) -> &'r TaskInfo {
        &self.tasks[self.task]
    }

    /// What became of it.
    pub fn outcome(&self) -> &'r Outcome<Measured> {
        &self.row.outcomes[self.task]
    }

    /// The same in one word.
    pub fn status(&self) -> Status {
        Status::of(self.outcome())
    }

    /// What was looked at; null where the task did not get so far.
    pub fn actual(&self) -> Cow<'r, Value> {
        self.outcome().output().map_or(Cow::Owned(Value::Null), |output| output.value.actual())
    }

    /// What was expected of this record.
    pub fn expected(&self) -> &'r Value {
        let filled = self.outcome().output().and_then(|output| output.value.expected());
        filled.unwrap_or(&self.info().expected)
    }

    /// Why it came out so.
    pub fn message(&self) -> String {
        message(self.tasks, self.outcome(), self.info())
    }

    /// More about an error.
    pub fn detail(&self) -> Option<&'r str> {
        match self.outcome() {
            Outcome::Errored(error) => error.detail(),
            _ => None,
        }
    }
}

/// Appends a row as JSON Lines, a line for every task; the names are those of the columns of a data frame.
pub fn write_lines(out: &mut String, row: &Row, tasks: &[TaskInfo]) {
    let optional = |text: Option<&str>| text.map_or_else(|| "null".to_owned(), quoted);
    let record = format!(
        r#"{{"record_id":{},"record_uid":"{}","created_at":"{}""#,
        optional(row.id.as_deref()),
        row.uid,
        row.created_at.to_rfc3339()
    );
    let took = 1e3 * row.took.as_secs_f64();
    for judged in Judged::all(row, tasks) {
        let info = judged.info();
        let status = judged.status();
        let passed = status == Status::Passed;
        out.push_str(&record);
        // Writing into a `String` cannot fail.
        let _ = write!(
            out,
            r#","task_id":{},"task_type":{},"status":"{status}","passed":{passed},"value":{},"condition":{},"stage":{},"context_path":{},"operator":{},"message":{},"expected":"#,
            quoted(&info.id),
            quoted(&info.kind),
            if passed { "1.0" } else { "0.0" },
            info.gate,
            info.stage,
            optional(info.context_path.as_deref()),
            optional(info.operator.map(|operator| operator.to_string()).as_deref()),
            quoted(&judged.message()),
        );
        write_json(out, judged.expected());
        out.push_str(r#","actual":"#);
        write_json(out, &judged.actual());
        let _ = write!(out, r#","detail":{},"record_ms":{took:?}}}"#, optional(judged.detail()));
        out.push('\n');
    }
}
