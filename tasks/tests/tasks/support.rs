//! Suites and records for tests, from text.

use std::sync::Arc;
use std::time::Duration;

use chrono::DateTime;
use scouter_engine::{Outcome, Report, RunCx};
use scouter_tasks::measured::Measured;
use scouter_tasks::result::{Results, Row, Status, message};
use scouter_tasks::subject::Subject;
use scouter_tasks::suite::{Format, Kinds, Suite, compile, read_text};
use scouter_tasks::task::{ConfigError, Task};
use scouter_tasks::value::{Value, from_json};
use uuid::Uuid;

pub(crate) fn json(text: &str) -> Value {
    from_json(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// The tasks of a YAML list of tasks.
pub(crate) fn read(yaml: &str) -> Result<Vec<Arc<dyn Task>>, ConfigError> {
    let text = format!("tasks:\n{yaml}");
    read_text(&text, Format::Yaml, &Kinds::default())
}

/// The suite of a YAML list of tasks.
pub(crate) fn suite(yaml: &str) -> Suite {
    compile(&read(yaml).unwrap_or_else(|error| panic!("{error}"))).unwrap_or_else(|error| panic!("{error}"))
}

/// What is wrong with the suite of a YAML list of tasks: task, field and message of each problem.
pub(crate) fn problems(yaml: &str) -> Vec<(String, String, String)> {
    let error = match read(yaml) {
        Ok(tasks) => compile(&tasks).expect_err("the suite must not compile"),
        Err(error) => error,
    };
    let parts = error.problems.into_iter();
    parts
        .map(|problem| (problem.task.unwrap_or_default(), problem.field.unwrap_or_default(), problem.message))
        .collect()
}

pub(crate) fn run(suite: &Suite, context: &str) -> Report<Measured> {
    run_over(suite, &Subject::new(&suite.reads, &json(context)))
}

pub(crate) fn run_over(suite: &Suite, subject: &Subject) -> Report<Measured> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut report = runtime.block_on(scouter_engine::run(&suite.graph, subject, &RunCx::default()));
    suite.trim(&mut report);
    report
}

/// The status and the message of a task.
pub(crate) fn told(suite: &Suite, report: &Report<Measured>, id: &str) -> (Status, String) {
    let at = suite.tasks.iter().position(|task| task.id == id).unwrap();
    let outcome = &report.outcomes[at];
    (Status::of(outcome), message(&suite.tasks, outcome, &suite.tasks[at]))
}

/// The result of a row; ids count from 1.
pub(crate) fn row(id: Option<&str>, number: u128, outcomes: Vec<Outcome<Measured>>) -> Row {
    Row {
        uid: Uuid::from_u128(number),
        id: id.map(Into::into),
        labels: None,
        created_at: DateTime::UNIX_EPOCH,
        took: Duration::from_nanos(1_234_567),
        outcomes,
        cells: Box::default(),
    }
}

/// The results of a suite over these contexts, each with its id.
pub(crate) fn evaluate(suite: &Suite, records: &[(&str, &str)]) -> Results {
    let rows = records.iter().zip(1..).map(|((id, context), number)| {
        let id = if id.is_empty() { None } else { Some(*id) };
        row(id, number, run(suite, context).outcomes)
    });
    Results::new(suite.tasks.clone(), rows.collect(), false)
}
