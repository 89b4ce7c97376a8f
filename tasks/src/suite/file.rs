//! Suites in files: YAML, JSON and TOML.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use scouter_engine::nearest;

use super::yaml;
use crate::suite::Kinds;
use crate::task::{ConfigError, Problem, Task};
use crate::value::{Map, Value, from_saved_json};

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// YAML 1.2: `yes`, `no` and `on` are text.
    Yaml,
    /// JSON.
    Json,
    /// TOML 1.
    Toml,
}

impl Format {
    /// The format of a file by its ending.
    pub fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "yaml" | "yml" => Some(Self::Yaml),
            "json" => Some(Self::Json),
            "toml" => Some(Self::Toml),
            _ => None,
        }
    }
}

/// Why the tasks of a file cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The system does not give the file.
    #[error("failed to read `{path}`: {source}", path = .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// What stands in it are no tasks.
    #[error(transparent)]
    Config(#[from] ConfigError),
}

/// The tasks of a file.
///
/// # Errors
/// Where the file cannot be read, its ending says no format, it does not parse (with line and
/// column), or its tasks are not what they should be: with every problem of every task.
pub fn read_file(path: &Path, kinds: &Kinds) -> Result<Vec<Arc<dyn Task>>, FileError> {
    let shown = path.display();
    let format = Format::of(path).ok_or_else(|| {
        ConfigError::general(format!(
            "`{shown}` is no task file: its name must end with .yaml, .yml, .json or .toml"
        ))
    })?;
    let bytes = std::fs::read(path).map_err(|source| FileError::Io { path: path.to_owned(), source })?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let text = String::from_utf8(bytes).map_err(|_| ConfigError::general("the text is not UTF-8"));
    text.and_then(|text| read_beside(&text, format, kinds, Some(folder))).map_err(|mut error| {
        for problem in error.problems.iter_mut().filter(|problem| problem.task.is_none()) {
            problem.message = format!("`{shown}`: {}", problem.message);
        }
        error.into()
    })
}

/// The tasks of a file's text. It refers to no other file.
///
/// # Errors
/// As [`read_file`], but for those of the system.
pub fn read_text(text: &str, format: Format, kinds: &Kinds) -> Result<Vec<Arc<dyn Task>>, ConfigError> {
    read_beside(text, format, kinds, None)
}

/// The tasks of a text that stands in a folder, where it stands in one.
fn read_beside(
    text: &str,
    format: Format,
    kinds: &Kinds,
    folder: Option<&Path>,
) -> Result<Vec<Arc<dyn Task>>, ConfigError> {
    let file = parse(text, format).map_err(ConfigError::general)?;
    let entries = match (&file, file.get("tasks")) {
        (_, Some(Value::List(tasks))) => tasks.clone(),
        (_, Some(other)) => {
            return Err(ConfigError::general(format!("`tasks` must be a list, not {}", other.kind())));
        }
        (_, None) => {
            let mut keys = file.as_map().into_iter().flat_map(Map::iter).map(|(key, _)| key);
            let near = keys.find(|key| nearest(key, ["tasks"]).is_some());
            let hint = near.map(|key| format!("; is it what stands under `{key}`?")).unwrap_or_default();
            return Err(ConfigError::general(format!(
                "there is no list `tasks` at the top of the file{hint}"
            )));
        }
    };
    if let Some((unknown, _)) = file.as_map().into_iter().flat_map(Map::iter).find(|(key, _)| *key != "tasks")
    {
        return Err(ConfigError::general(format!("unknown field `{unknown}` beside `tasks`")));
    }
    entries_beside(&entries, kinds, folder)
}

/// The tasks of entries as they stand in the list of a file. They refer to no other file.
///
/// # Errors
/// With every problem of every entry.
pub fn read_entries(entries: &[Value], kinds: &Kinds) -> Result<Vec<Arc<dyn Task>>, ConfigError> {
    entries_beside(entries, kinds, None)
}

/// A task as it stands in the list of a file; `None` of one that lives in code alone.
pub fn entry(task: &dyn Task) -> Option<Value> {
    let written = task.to_value()?;
    let fields = written.as_map()?.iter().map(|(name, value)| (name.clone(), value.clone()));
    Some(Value::map([("task_type".into(), Value::from(task.kind()))].into_iter().chain(fields)))
}

fn entries_beside(
    entries: &[Value],
    kinds: &Kinds,
    folder: Option<&Path>,
) -> Result<Vec<Arc<dyn Task>>, ConfigError> {
    let mut tasks = Vec::new();
    let mut problems = Vec::new();
    for (at, entry) in entries.iter().enumerate() {
        match read_entry(entry, kinds, folder) {
            Ok(task) => tasks.push(task),
            Err(found) => {
                let id = entry.get("id").and_then(Value::as_text).map(str::to_lowercase);
                let named = id.unwrap_or_else(|| format!("#{at}"));
                problems.extend(
                    found.into_iter().map(|problem| Problem { task: Some(named.clone()), ..problem }),
                );
            }
        }
    }
    if problems.is_empty() { Ok(tasks) } else { Err(ConfigError { problems }) }
}

fn read_entry(entry: &Value, kinds: &Kinds, folder: Option<&Path>) -> Result<Arc<dyn Task>, Vec<Problem>> {
    let Some(map) = entry.as_map() else {
        return Err(vec![Problem::of(None, format!("expected an object, got {}", entry.kind()))]);
    };
    let wrong_kind = |message| Err(vec![Problem::of(Some("task_type"), message)]);
    let kind = match map.get("task_type") {
        Some(Value::Text(kind)) => kind.clone(),
        Some(other) => return wrong_kind(format!("expected text, got {}", other.kind())),
        None => return wrong_kind(format!("missing: one of {}", kinds.known())),
    };
    let fields = map.iter().filter(|(key, _)| *key != "task_type");
    let fields = fields.map(|(key, value)| {
        let apart = kinds.apart(&kind).contains(&key.as_str());
        let path = if apart { elsewhere(value) } else { None };
        let value = path.map_or_else(|| Ok(value.clone()), |path| read_elsewhere(path, folder));
        value.map(|value| (key.clone(), value)).map_err(|why| vec![Problem::of(Some(key), why)])
    });
    kinds.read(&kind, &Value::map(fields.collect::<Result<Vec<_>, _>>()?))
}

/// The path in `{path: …}`.
fn elsewhere(value: &Value) -> Option<&str> {
    value.as_map().filter(|map| map.len() == 1)?.get("path")?.as_text()
}

/// A value that stands in a file of its own, beside the file that names it.
fn read_elsewhere(path: &str, folder: Option<&Path>) -> Result<Value, String> {
    let folder = folder.ok_or_else(|| format!("`{path}` is beside a file, and this text stands in none"))?;
    read_value(&folder.join(path))
}

/// What stands in a YAML, JSON or TOML file, whatever it is.
///
/// # Errors
/// Where the file cannot be read, its ending says no format, or it does not parse.
pub fn read_value(path: &Path) -> Result<Value, String> {
    let shown = path.display();
    let format =
        Format::of(path).ok_or_else(|| format!("`{shown}` must end with .yaml, .yml, .json or .toml"))?;
    let text = std::fs::read_to_string(path).map_err(|error| format!("failed to read `{shown}`: {error}"))?;
    parse(&text, format).map_err(|error| format!("`{shown}`: {error}"))
}

fn parse(text: &str, format: Format) -> Result<Value, String> {
    // What Windows programs begin a file with.
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    match format {
        Format::Json => from_saved_json(text).map_err(|error| format!("invalid JSON: {error}")),
        Format::Yaml => yaml::parse(text).map_err(|error| format!("invalid YAML: {error}")),
        Format::Toml => toml::from_str(text).map(from_toml).map_err(|error| format!("invalid TOML: {error}")),
    }
}

/// TOML's dates are a type of their own; here they are text, as in JSON and YAML.
fn from_toml(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::from(text),
        toml::Value::Integer(int) => Value::Int(int),
        toml::Value::Float(float) => Value::Float(float),
        toml::Value::Boolean(value) => Value::Bool(value),
        toml::Value::Datetime(date) => Value::from(date.to_string()),
        toml::Value::Array(items) => Value::list(items.into_iter().map(from_toml)),
        toml::Value::Table(table) => {
            Value::map(table.into_iter().map(|(key, value)| (key, from_toml(value))))
        }
    }
}
