//! Results in long form: a line for every task of every record.

use std::borrow::Cow;
use std::fmt::Write;

use scouter_engine::Outcome;

use super::labels::Labels;
use super::row::Row;
use super::status::Status;
use super::table::message;
use crate::call::Call;
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

    /// Whether it is not as it should be: a check failed that counts, or it came to no end.
    pub fn is_failure(&self) -> bool {
        match self.status() {
            Status::Failed => self.info().counts(),
            status => matches!(status, Status::Errored | Status::Cancelled),
        }
    }

    /// What was looked at; null where the task did not get so far.
    pub fn actual(&self) -> Cow<'r, Value> {
        self.outcome().output().map_or(Cow::Owned(Value::Null), |output| output.value.actual())
    }

    /// Appends what was looked at as JSON.
    pub fn write_actual(&self, out: &mut String) {
        match self.outcome().output() {
            Some(output) => output.value.write_actual(out),
            None => out.push_str("null"),
        }
    }

    /// What was expected of this record.
    pub fn expected(&self) -> &'r Value {
        self.own_expected().unwrap_or(&self.info().expected)
    }

    /// What was expected of this record, where that is not what the task says.
    pub fn own_expected(&self) -> Option<&'r Value> {
        self.outcome().output().and_then(|output| output.value.expected())
    }

    /// Why it came out so.
    pub fn message(&self) -> String {
        message(self.tasks, self.outcome(), self.info())
    }

    /// What asking a model came to, where one was asked.
    pub fn call(&self) -> Option<Cow<'r, Call>> {
        Call::of(self.outcome())
    }

    /// More about an error.
    pub fn detail(&self) -> Option<&'r str> {
        match self.outcome() {
            Outcome::Errored(error) => error.detail(),
            _ => None,
        }
    }
}

/// Writes rows as JSON Lines, a line for every task; the names are those of the columns of a data frame.
#[derive(Debug)]
pub struct LineWriter<'t> {
    tasks: &'t [TaskInfo],
    /// What the lines of a task have in common.
    common: Vec<Common>,
}

#[derive(Debug)]
struct Common {
    /// From the task's id to its kind.
    name: String,
    /// From whether it is a gate to its operator.
    place: String,
    /// What it expects, where the record does not say.
    expected: String,
}

impl Common {
    fn new(task: &TaskInfo) -> Self {
        Self {
            name: format!(r#","task_id":{},"task_type":{}"#, quoted(&task.id), quoted(&task.kind)),
            place: format!(
                r#","condition":{},"advisory":{},"stage":{},"context_path":{},"operator":{}"#,
                task.gate,
                task.advisory.is_some(),
                task.stage,
                optional(task.context_path.as_deref()),
                optional(task.operator.map(|operator| operator.to_string()).as_deref()),
            ),
            expected: task.expected_text(),
        }
    }
}

fn optional(text: Option<&str>) -> String {
    text.map_or_else(|| "null".to_owned(), quoted)
}

impl<'t> LineWriter<'t> {
    /// For rows of these tasks.
    pub fn new(tasks: &'t [TaskInfo]) -> Self {
        Self { tasks, common: tasks.iter().map(Common::new).collect() }
    }

    /// Appends the lines of a row.
    pub fn write(&self, out: &mut String, row: &Row) {
        let Labels { case, trial, cluster } = row.labels.as_deref().cloned().unwrap_or_default();
        let record = format!(
            r#"{{"record_id":{},"record_uid":"{}","case":{},"trial":{},"cluster":{},"created_at":"{}""#,
            optional(row.id.as_deref()),
            row.uid,
            optional(case.as_deref()),
            trial.map_or_else(|| "null".to_owned(), |trial| trial.to_string()),
            optional(cluster.as_deref()),
            row.created_at.to_rfc3339()
        );
        let took = 1e3 * row.took.as_secs_f64();
        for judged in Judged::all(row, self.tasks) {
            let Common { name, place, expected } = &self.common[judged.task];
            let status = judged.status();
            let (passed, value) = if status == Status::Passed { (true, "1.0") } else { (false, "0.0") };
            let message = quoted(&judged.message());
            // Writing into a `String` cannot fail.
            let _ = write!(
                out,
                r#"{record}{name},"status":"{status}","passed":{passed},"value":{value}{place},"message":{message},"expected":"#
            );
            match judged.own_expected() {
                Some(expected) => write_json(out, expected),
                None => out.push_str(expected),
            }
            out.push_str(r#","actual":"#);
            judged.write_actual(out);
            let _ = write!(out, r#","detail":{},"record_ms":{took:?},"call":"#, optional(judged.detail()));
            match judged.call() {
                Some(call) => write_json(out, &call.to_value()),
                None => out.push_str("null"),
            }
            out.push_str("}\n");
        }
    }
}
