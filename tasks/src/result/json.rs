//! Results as JSON, and back: nothing is lost, and records are found by id as before.

use std::iter;
use std::num::NonZeroU32;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use scouter_engine::{ErrorKind, NodeError, Outcome, Output, Position, SkipReason, Verdict};

use smol_str::SmolStr;

use super::embedded::Embedded;
use super::labels::Labels;
use super::results::Results;
use super::row::Row;
use super::status::Status;
use crate::call::Call;
use crate::counted::counted;
use crate::measured::Measured;
use crate::operator::Operator;
use crate::records::BadRecords;
use crate::suite::TaskInfo;
use crate::task::Terms;
use crate::value::{Value, from_value, quoted, to_json, to_value, write_json};

/// The version of the form that is written, which `docs/reference/results.schema.json` describes. A reader refuses
/// a version that it does not know; keys that came later within a version may be absent.
const VERSION: i64 = 1;

/// The member that holds the records.
const RECORDS: &str = "records";

/// The member that holds the results of the tasks that look at all records at once, in the same form.
const WINDOW: &str = "window";

/// The member that says what the run used of its budget.
const USED: &str = "used";

/// Results that cannot be read back.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not evaluation results: {0}")]
pub struct ReadError(String);

impl Results {
    /// The results as a value.
    pub fn to_value(&self) -> Value {
        let records = Value::list(self.rows().iter().map(|row| row.to_value(self.tasks())));
        Value::map(self.head().into_iter().chain([(RECORDS, records)]).chain(self.tail()))
    }

    /// The results as JSON, in pieces of a record each: put together they are the text of [`Results::to_value`],
    /// of which there is never more than a piece.
    pub fn json(&self) -> impl Iterator<Item = String> {
        let member = |(name, value): (&str, Value)| format!("{}:{}", quoted(name), to_json(&value));
        let head = self.head().map(member).join(",");
        let tail = self.tail().map(member).fold(String::new(), |tail, member| tail + "," + &member);
        let records = self.rows().iter().enumerate().map(|(at, row)| {
            let mut text = String::from(if at == 0 { "" } else { "," });
            write_json(&mut text, &row.to_value(self.tasks()));
            text
        });
        let open = format!("{{{head},{}:[", quoted(RECORDS));
        iter::once(open).chain(records).chain(iter::once(format!("]{tail}}}")))
    }

    /// What stands before the records.
    fn head(&self) -> [(&'static str, Value); 3] {
        [
            ("version", Value::Int(VERSION)),
            ("cancelled", Value::Bool(self.cancelled)),
            ("tasks", Value::list(self.tasks().iter().map(|task| task_to_value(task, self.tasks())))),
        ]
    }

    /// What stands behind them.
    fn tail(&self) -> impl Iterator<Item = (&'static str, Value)> {
        let stopped = self.stopped.as_deref().map(|why| ("stopped", Value::from(why)));
        let bad = (self.bad.count > 0).then(|| ("bad_records", self.bad.to_value()));
        let window = self.window.as_deref().map(|window| (WINDOW, window.to_value()));
        let embedded = self.embedded.as_ref().map(|embedded| ("embeddings", embedded.to_value()));
        // Plain numbers always have a form as a value.
        let used = self.used.and_then(|used| Some((USED, to_value(&used).ok()?)));
        stopped.into_iter().chain(bad).chain(window).chain(embedded).chain(used)
    }

    /// The results of a value that [`Results::to_value`] made.
    ///
    /// # Errors
    /// Where it is something else; the message says where.
    pub fn from_value(value: &Value) -> Result<Self, ReadError> {
        match value.get("version") {
            Some(Value::Int(VERSION)) => {}
            Some(other) => return Err(ReadError(format!("version {other} is not known, {VERSION} is"))),
            None => return Err(ReadError("there is no `version`".to_owned())),
        }
        let specs = list(value, "tasks")?;
        let tasks = specs.iter().enumerate().map(|(at, task)| {
            read_task(task, specs).map_err(|error| ReadError(format!("task {at}: {}", error.0)))
        });
        let mut tasks: Vec<TaskInfo> = tasks.collect::<Result<_, _>>()?;
        // Once stages were counted from 0. Some task always stands in the first.
        if tasks.iter().any(|task| task.stage == 0) {
            for task in &mut tasks {
                task.stage = task.stage.saturating_add(1);
            }
        }
        let tasks: Arc<[TaskInfo]> = tasks.into();
        let rows = list(value, RECORDS)?.iter().enumerate().map(|(at, row)| {
            Row::from_value(row, &tasks).map_err(|error| ReadError(format!("record {at}: {}", error.0)))
        });
        let rows = rows.collect::<Result<_, _>>()?;
        let window = value.get(WINDOW).map(Self::from_value).transpose();
        let window = window.map_err(|error| ReadError(format!("`{WINDOW}`: {}", error.0)))?;
        let bad = value.get("bad_records").map(BadRecords::from_value);
        let bad = bad.transpose().map_err(|error| ReadError(format!("`bad_records`: {error}")))?;
        let mut results = Self::new(tasks, rows, value.get("cancelled") == Some(&Value::Bool(true)));
        results.bad = bad.unwrap_or_default();
        results.window = window.map(Arc::new);
        if let Some(embedded) = value.get("embeddings") {
            let read =
                Embedded::from_value(embedded).filter(|read| read.vectors.len() == results.rows().len());
            results.embedded =
                Some(Arc::new(read.ok_or_else(|| ReadError("`embeddings` is none".to_owned()))?));
        }
        let used = value.get(USED).map(from_value).transpose();
        results.used = used.map_err(|error| ReadError(format!("`{USED}`: {error}")))?;
        results.stopped = value.get("stopped").and_then(Value::as_text).map(str::to_owned);
        Ok(results)
    }
}

impl Row {
    /// The row as a value.
    pub fn to_value(&self, tasks: &[TaskInfo]) -> Value {
        let outcomes = self.outcomes.iter().zip(tasks);
        let mut entries =
            vec![("uid", Value::from(self.uid.to_string())), ("id", Value::from(self.id.as_deref()))];
        entries.extend(self.labels.as_deref().into_iter().flat_map(labels_to_entries));
        entries.extend([
            ("created_at", Value::from(self.created_at.to_rfc3339())),
            ("duration_ns", Value::from(usize::try_from(self.took.as_nanos()).unwrap_or(usize::MAX))),
            ("outcomes", Value::list(outcomes.map(|(outcome, task)| outcome_to_value(outcome, task)))),
        ]);
        Value::map(entries)
    }

    fn from_value(value: &Value, tasks: &[TaskInfo]) -> Result<Self, ReadError> {
        let outcomes: Vec<_> =
            list(value, "outcomes")?.iter().map(outcome_from_value).collect::<Result<_, _>>()?;
        if outcomes.len() != tasks.len() {
            return Err(ReadError(format!(
                "there are {} for {}",
                counted(outcomes.len(), "outcome"),
                counted(tasks.len(), "task")
            )));
        }
        let nanos = match value.get("duration_ns") {
            Some(Value::Int(nanos)) => u64::try_from(*nanos).ok(),
            _ => None,
        };
        let nanos = nanos.ok_or_else(|| ReadError("there is no `duration_ns`".to_owned()))?;
        Ok(Self {
            uid: parse(value, "uid")?,
            id: value.get("id").and_then(Value::as_text).map(SmolStr::new),
            labels: labels_from_value(value)?,
            created_at: parse::<DateTime<Utc>>(value, "created_at")?,
            took: Duration::from_nanos(nanos),
            outcomes,
            cells: Box::default(),
        })
    }
}

/// What there is of labels; a row without any is written as it was before there were labels.
fn labels_to_entries(labels: &Labels) -> impl Iterator<Item = (&'static str, Value)> {
    let text = |text: &Option<SmolStr>| text.clone().map(Value::Text);
    let trial = labels.trial.map(|trial| Value::Int(trial.get().into()));
    let entries = [("case", text(&labels.case)), ("trial", trial), ("cluster", text(&labels.cluster))];
    entries.into_iter().filter_map(|(name, value)| Some((name, value?)))
}

fn labels_from_value(value: &Value) -> Result<Option<Box<Labels>>, ReadError> {
    let text = |key| value.get(key).and_then(Value::as_text).map(SmolStr::new);
    let trial = match value.get("trial") {
        Some(Value::Int(trial)) => u32::try_from(*trial).ok().and_then(NonZeroU32::new),
        _ => None,
    };
    if trial.is_none() && value.get("trial").is_some() {
        return Err(ReadError("a `trial` is a number from 1".to_owned()));
    }
    let labels = Labels { case: text("case"), trial, cluster: text("cluster") };
    Ok((labels != Labels::default()).then(|| Box::new(labels)))
}

fn task_to_value(task: &TaskInfo, tasks: &[TaskInfo]) -> Value {
    let needs = task.depends_on.iter().filter_map(|need| tasks.get(need.index()));
    let entries = [
        ("id", Value::from(task.id.as_str())),
        ("description", Value::from(task.description.clone())),
        ("task_type", Value::from(task.kind.as_str())),
        ("condition", Value::Bool(task.gate)),
        ("stage", Value::from(task.stage)),
        ("depends_on", Value::list(needs.map(|need| Value::from(need.id.as_str())))),
        ("context_path", Value::from(task.context_path.clone())),
        ("operator", Value::from(task.operator.map(|operator| operator.to_string()))),
        ("expected", task.expected.clone()),
        ("hint", Value::from(task.hint.clone())),
    ];
    let advisory = task.advisory.as_deref().map(|why| ("advisory", Value::from(why)));
    let terms = task.terms.iter().flat_map(terms_to_entries);
    let judge = task.judge.map(|judge| ("judge", Value::from(judge.to_string())));
    Value::map(entries.into_iter().chain(advisory).chain(judge).chain(terms))
}

/// What else decides how a task comes out. Without `each`, nothing of it is known.
fn terms_to_entries(terms: &Terms) -> impl Iterator<Item = (&'static str, Value)> {
    let item = terms.item_context_path.as_deref().map(|path| ("item_context_path", Value::from(path)));
    let assertion = Some(("assertion", terms.assertion.clone())).filter(|(_, of)| !matches!(of, Value::Null));
    let version = terms.version.as_deref().map(|version| ("version", Value::from(version)));
    let each = ("each", to_value(&terms.each).unwrap_or_default());
    [each].into_iter().chain(item).chain(assertion).chain(version)
}

fn read_terms(task: &Value) -> Result<Option<Terms>, ReadError> {
    let Some(each) = task.get("each") else { return Ok(None) };
    Ok(Some(Terms {
        each: from_value(each).map_err(|error| ReadError(format!("`each`: {error}")))?,
        item_context_path: task.get("item_context_path").and_then(Value::as_text).map(str::to_owned),
        assertion: task.get("assertion").cloned().unwrap_or_default(),
        version: task.get("version").and_then(Value::as_text).map(str::to_owned),
    }))
}

fn read_task(value: &Value, tasks: &[Value]) -> Result<TaskInfo, ReadError> {
    let operator = match value.get("operator") {
        Some(Value::Text(_)) => Some(parse::<Operator>(value, "operator")?),
        _ => None,
    };
    let stage = match value.get("stage") {
        Some(Value::Int(stage)) => usize::try_from(*stage).ok(),
        _ => None,
    };
    Ok(TaskInfo {
        id: text(value, "id")?.to_owned(),
        description: value.get("description").and_then(Value::as_text).map(str::to_owned),
        kind: text(value, "task_type")?.to_owned(),
        gate: value.get("condition") == Some(&Value::Bool(true)),
        advisory: value.get("advisory").and_then(Value::as_text).map(str::to_owned),
        judge: value.get("judge").map(|_| parse(value, "judge")).transpose()?,
        stage: stage.ok_or_else(|| ReadError("there is no `stage`".to_owned()))?,
        depends_on: depends_on(value, tasks)?,
        context_path: value.get("context_path").and_then(Value::as_text).map(str::to_owned),
        operator,
        expected: value.get("expected").cloned().unwrap_or_default(),
        terms: read_terms(value)?,
        hint: value.get("hint").and_then(Value::as_text).map(str::to_owned),
        explain: None,
    })
}

/// What a task depends on. Files from before it was written have none.
fn depends_on(task: &Value, tasks: &[Value]) -> Result<Vec<Position>, ReadError> {
    let needs = task.get("depends_on").and_then(Value::as_list).unwrap_or_default();
    let place = |need: &Value| {
        let at = tasks.iter().position(|task| task.get("id") == Some(need));
        at.map(Position::new).ok_or_else(|| ReadError(format!("it depends on {need}, which is no task")))
    };
    needs.iter().map(place).collect()
}

fn outcome_to_value(outcome: &Outcome<Measured>, task: &TaskInfo) -> Value {
    let status = Status::of(outcome).as_str();
    let mut entries: Vec<(&str, Value)> = vec![("status", Value::from(status))];
    match outcome {
        Outcome::Done(output) => {
            entries.push(("actual", output.value.actual().into_owned()));
            entries.extend(output.value.expected().map(|expected| ("expected", expected.clone())));
            entries.push(("message", Value::from(task.message(output.verdict, &output.value))));
            if output.verdict.is_none() {
                entries.push(("verdict", Value::Null));
            }
            entries.extend(output.value.call().map(|call| ("call", call.to_value())));
            entries.extend(output.value.found().map(|found| ("found", found.clone())));
        }
        Outcome::Errored(error) => {
            entries.push(("message", Value::from(error.message())));
            entries.extend(error.detail().map(|detail| ("detail", Value::from(detail))));
            entries.push(("kind", Value::from(kind_name(error.kind()))));
            entries.extend(Call::of_error(error).map(|call| ("call", call.to_value())));
        }
        Outcome::Skipped(reason) => {
            let (name, by) = reason_parts(*reason);
            entries.extend([("reason", Value::from(name)), ("by", Value::from(by.index()))]);
        }
        Outcome::Cancelled => {}
    }
    Value::map(entries)
}

fn outcome_from_value(value: &Value) -> Result<Outcome<Measured>, ReadError> {
    let done = |verdict| -> Result<Outcome<Measured>, ReadError> {
        let actual = value.get("actual").cloned().unwrap_or_default();
        let mut measured = Measured::of(actual).with_note(text(value, "message")?);
        if let Some(expected) = value.get("expected") {
            measured = measured.with_expected(expected.clone());
        }
        if let Some(call) = call(value)? {
            measured = measured.with_call(call);
        }
        if let Some(found) = value.get("found") {
            measured = measured.with_found(found.clone());
        }
        let verdict = if value.get("verdict").is_some() { None } else { Some(verdict) };
        Ok(Outcome::Done(Output { value: measured, verdict }))
    };
    match text(value, "status")? {
        "passed" => done(Verdict::Passed),
        "failed" => done(Verdict::Failed),
        "not_applicable" => done(Verdict::NotApplicable),
        "errored" => {
            let kind = match text(value, "kind")? {
                "panicked" => ErrorKind::Panicked,
                "timed_out" => ErrorKind::TimedOut,
                "failed" => ErrorKind::Failed,
                other => return Err(ReadError(format!("unknown kind of error `{other}`"))),
            };
            let error = NodeError::of(kind, text(value, "message")?);
            let error = match value.get("detail").and_then(Value::as_text) {
                Some(detail) => error.with_detail(detail),
                None => error,
            };
            Ok(Outcome::Errored(match call(value)? {
                Some(call) => call.beside(error),
                None => error,
            }))
        }
        "skipped" => {
            let by = match value.get("by") {
                Some(Value::Int(by)) => Position::new(usize::try_from(*by).unwrap_or_default()),
                _ => return Err(ReadError("a skipped task does not say by what".to_owned())),
            };
            Ok(Outcome::Skipped(match text(value, "reason")? {
                "gate_closed" => SkipReason::GateClosed { by },
                "upstream_errored" => SkipReason::UpstreamErrored { by },
                "upstream_skipped" => SkipReason::UpstreamSkipped { by },
                other => return Err(ReadError(format!("unknown reason `{other}`"))),
            }))
        }
        "cancelled" => Ok(Outcome::Cancelled),
        other => Err(ReadError(format!("unknown status `{other}`"))),
    }
}

/// What asking a model came to, where that is told.
fn call(outcome: &Value) -> Result<Option<Call>, ReadError> {
    let read =
        |call| Call::from_value(call).ok_or_else(|| ReadError("`call` is no call of a model".to_owned()));
    outcome.get("call").map(read).transpose()
}

fn kind_name(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Failed => "failed",
        ErrorKind::Panicked => "panicked",
        ErrorKind::TimedOut => "timed_out",
    }
}

/// The reason's name, and the task it names.
pub(super) fn reason_parts(reason: SkipReason) -> (&'static str, Position) {
    match reason {
        SkipReason::GateClosed { by } => ("gate_closed", by),
        SkipReason::UpstreamErrored { by } => ("upstream_errored", by),
        SkipReason::UpstreamSkipped { by } => ("upstream_skipped", by),
    }
}

fn list<'v>(value: &'v Value, key: &str) -> Result<&'v [Value], ReadError> {
    let items = value.get(key).and_then(Value::as_list);
    items.ok_or_else(|| ReadError(format!("there is no list `{key}`")))
}

fn text<'v>(value: &'v Value, key: &str) -> Result<&'v str, ReadError> {
    value.get(key).and_then(Value::as_text).ok_or_else(|| ReadError(format!("there is no text `{key}`")))
}

fn parse<T: FromStr>(value: &Value, key: &str) -> Result<T, ReadError> {
    let text = text(value, key)?;
    text.parse().map_err(|_| ReadError(format!("`{text}` is no `{key}`")))
}
