//! The trait that every kind of task implements.

use std::fmt::Debug;

use scouter_engine::nearest;
use serde::de::DeserializeOwned;

use super::build::{Build, Built};
use super::head::Head;
use crate::operator::Operator;
use crate::value::{Value, from_value};

/// A task as the user wrote it.
pub trait Task: Send + Sync + Debug {
    /// What every task has.
    fn head(&self) -> &Head;

    /// The name of its kind, as in the `task_type` of files.
    fn kind(&self) -> &'static str;

    /// What a table shows beside its id.
    fn subtitle(&self) -> Subtitle;

    /// Compiles it. Whatever is wrong is told to `cx`, all of it; `None` where something was.
    fn build(&self, cx: &mut Build<'_>) -> Option<Built>;

    /// The task as an entry of a task file, without its `task_type`; `None` for one that lives in
    /// code alone.
    fn to_value(&self) -> Option<Value>;
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
}

/// Reads a spec from an entry of a file: typed fields, and none but the ones in `known`.
///
/// # Errors
/// With one message for every field that does not belong there, or for the first of the wrong
/// type.
pub fn read_fields<T: DeserializeOwned>(fields: &Value, known: &[&'static str]) -> Result<T, Vec<String>> {
    let all = || Head::FIELDS.iter().chain(known).copied();
    let Some(map) = fields.as_map() else {
        return Err(vec![format!("expected an object, got {}", fields.kind())]);
    };
    let mut problems = Vec::new();
    for (name, _) in map.iter().filter(|(name, _)| !all().any(|known| known == name.as_str())) {
        let hint = nearest(name, all()).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        problems.push(format!("unknown field `{name}`{hint}"));
    }
    match from_value(fields) {
        Ok(spec) if problems.is_empty() => Ok(spec),
        Ok(_) => Err(problems),
        Err(error) => {
            problems.push(error.to_string());
            Err(problems)
        }
    }
}
