//! The trait that every kind of task implements.

use std::borrow::Cow;
use std::fmt::Debug;

use scouter_engine::nearest;
use scouter_providers::prompt::Prompt;
use serde::de::DeserializeOwned;
use smol_str::SmolStr;

use super::build::{Build, Built, Problem};
use super::expectation::Each;
use super::head::Head;
use crate::fingerprint::Fingerprint;
use crate::nearer::with_nearest;
use crate::operator::Operator;
use crate::path::Path;
use crate::value::{Map, Value, from_value, to_value};

/// A task as the user wrote it.
pub trait Task: Send + Sync + Debug {
    /// What every task has.
    fn head(&self) -> &Head;

    /// The name of its kind, as in the `task_type` of files.
    fn kind(&self) -> &'static str;

    /// What it looks at.
    fn scope(&self) -> Scope {
        Scope::Record
    }

    /// What a table shows beside its id.
    fn subtitle(&self) -> Subtitle;

    /// Compiles it. Whatever is wrong is told to `cx`, all of it; `None` where something was.
    fn build(&self, cx: &mut Build<'_>) -> Option<Built>;

    /// The task as an entry of a task file, without its `task_type`; `None` for one that lives in
    /// code alone.
    fn to_value(&self) -> Option<Value>;

    /// All that its outcomes depend on beside the record: it has changed where this has. An object with
    /// the task's `id`.
    fn identity(&self) -> Value {
        let head = || to_value(self.head()).ok();
        let spec = self.to_value().or_else(head).unwrap_or_default();
        let entries = spec.as_map().into_iter().flat_map(Map::iter);
        // Words for people change nothing.
        let entries = entries.filter(|(name, _)| name.as_str() != "description");
        let entries = entries.map(|(name, value)| (name.clone(), value.clone()));
        Value::map([("task_type".into(), Value::from(self.kind()))].into_iter().chain(entries))
    }

    /// Why what it makes has nothing at the path, as far as that is known before anything runs; `None` where it may.
    fn lacks(&self, _path: &Path) -> Option<String> {
        None
    }

    /// What it asks models, in the order in which its node knows them.
    fn asks(&self) -> Vec<Ask<'_>> {
        Vec::new()
    }

    /// Why it only reports: it is no gate then, and its verdicts count nowhere. `None` where they do.
    fn advisory(&self) -> Option<String> {
        None
    }

    /// What tells a judge from what it was when it was calibrated; `None` of a task that asks no model.
    fn judge(&self) -> Option<Fingerprint> {
        None
    }

    /// The part of it that makes the value, apart from how that is judged: where this, the record and the
    /// values of the tasks it depends on are the same, so is the value. `None` where it is quicker made
    /// again than remembered.
    fn maker(&self) -> Option<Value> {
        None
    }
}

/// What a task looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// One record.
    Record,
    /// Columns over all records.
    Window,
    /// What the tasks see that it depends on: columns over all records where one of these looks at them, else one record.
    Either,
}

/// What a task asks a model.
#[derive(Clone, Debug)]
pub struct Ask<'t> {
    /// The prompt, which says whose model is asked, and how.
    pub prompt: Cow<'t, Prompt>,
    /// How often a call that failed is made again, where the task says so.
    pub max_retries: Option<u32>,
}

/// What a table shows of a task beside its id.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Subtitle {
    /// The path it looks at.
    pub context_path: Option<String>,
    /// How it judges.
    pub operator: Option<Operator>,
    /// What it expects, as it was written.
    pub expected: Value,
    /// What else decides how it comes out.
    pub terms: Terms,
}

/// What decides how a task comes out beside its path, its operator and what it expects.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Terms {
    /// How many items of an array must pass.
    pub each: Each,
    /// What it picks from each item of an array.
    pub item_context_path: Option<String>,
    /// What it measures of a trace, as it was written; `null` where it measures none.
    pub assertion: Value,
    /// The version that its user gave to what it calls.
    pub version: Option<String>,
}

/// Reads a spec from an entry of a file: typed fields, and none but the ones in `known`.
///
/// # Errors
/// With every field that does not belong there or has the wrong type, and the first that is
/// missing.
pub fn read_fields<T: DeserializeOwned>(fields: &Value, known: &[&'static str]) -> Result<T, Vec<Problem>> {
    let all = || Head::FIELDS.iter().chain(known).copied();
    let Some(map) = fields.as_map() else {
        return Err(vec![Problem::of(None, format!("expected an object, got {}", fields.kind()))]);
    };
    let mut problems = Vec::new();
    for (name, _) in map.iter().filter(|(name, _)| !all().any(|known| known == name.as_str())) {
        let meant = || also_called(name).filter(|meant| all().any(|known| known == *meant));
        let hint = match nearest(name, all()).or_else(meant) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("such a task has `{}`", all().collect::<Vec<_>>().join("`, `")),
        };
        problems.push(Problem::of(Some(name), format!("unknown field `{name}`; {hint}")));
    }
    match from_value(fields) {
        Ok(spec) if problems.is_empty() => Ok(spec),
        Ok(_) => Err(problems),
        Err(error) => {
            problems
                .extend(wrong_fields::<T>(map, error.to_string(), |name| all().any(|known| known == name)));
            Err(problems)
        }
    }
}

/// The field that is often written by another name: a gate is what such a task is called.
fn also_called(name: &str) -> Option<&'static str> {
    Some(match name {
        "gate" => "condition",
        "path" | "field" => "context_path",
        "expected" | "value" => "expected_value",
        _ => return None,
    })
}

/// What serde says of the value of a field, with what to write instead where that is plain.
fn with_what_to_write(message: String, given: &Value) -> String {
    let Value::Text(text) = given else { return with_nearest(message) };
    if !message.starts_with("invalid type: string ") {
        return with_nearest(message);
    }
    if message.ends_with(", expected a sequence") {
        return format!("a list is expected, not one text: write `[{text:?}]`");
    }
    if message.ends_with(", expected a boolean") {
        let write = match text.to_lowercase().as_str() {
            "true" | "yes" | "on" => "`true`",
            "false" | "no" | "off" => "`false`",
            _ => "`true` or `false`",
        };
        return format!("text is no truth value: write {write}, without quotes");
    }
    message
}

/// The fields that keep an object from being read. Serde stops at the first and does not name it:
/// it is the one without which the error is another.
fn wrong_fields<T: DeserializeOwned>(
    map: &Map,
    first: String,
    is_known: impl Fn(&str) -> bool,
) -> Vec<Problem> {
    let mut left: Vec<(SmolStr, Value)> =
        map.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
    let mut problems: Vec<Problem> = Vec::new();
    let read = |entries: &[(SmolStr, Value)]| {
        from_value::<T>(&Value::map(entries.iter().cloned())).err().map(|error| error.to_string())
    };
    let mut error = Some(first);
    while let Some(message) = error {
        let missing = message.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`'));
        // One that no task has is missing further within.
        if let Some(missing) = missing.filter(|name| is_known(name)) {
            // A field that was taken out as wrong is not also missing.
            if !problems.iter().any(|problem| problem.field.as_deref() == Some(missing)) {
                problems.push(Problem::of(Some(missing), message.clone()));
            }
            break;
        }
        let rank = |at: usize| {
            let name = left[at].0.as_str();
            match read(&[&left[..at], &left[at + 1..]].concat()) {
                Some(same) if same == message => None,
                // Without a field that must be there the error is always another. Those of every
                // task are read last, so where one of them makes a difference it is the cause.
                Some(other) if other == format!("missing field `{name}`") => {
                    Some(if Head::FIELDS.contains(&name) { 1 } else { 2 })
                }
                _ => Some(0),
            }
        };
        let culprit = (0..left.len()).filter_map(|at| Some((rank(at)?, at))).min();
        let Some((_, at)) = culprit else {
            problems.push(Problem::of(None, with_nearest(message)));
            break;
        };
        let (name, given) = left.remove(at);
        problems.push(Problem::of(Some(&name), with_what_to_write(message, &given)));
        error = read(&left);
    }
    problems
}
