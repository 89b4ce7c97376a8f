//! What compiling a task has to hand, and what comes of it.

use std::fmt;
use std::sync::Arc;

use scouter_engine::{Node, Verdict};

use crate::measured::Measured;
use crate::path::Path;
use crate::source::Source;
use crate::subject::{Reads, Spans, Subject};
use crate::template::Template;
use crate::trace::Absent;
use crate::value::Value;
use crate::window::{Column, ColumnIndex, Columns, Holds};

/// A compiled task.
#[derive(Debug)]
pub struct Built {
    /// What runs.
    pub node: Box<dyn Node<Subject, Measured>>,
    /// What explains how it came out.
    pub explain: Arc<dyn Explain>,
}

/// Words for an outcome, worked out when somebody reads it.
pub trait Explain: Send + Sync + fmt::Debug {
    /// Why it passed or failed, in a line.
    fn message(&self, verdict: Option<Verdict>, measured: &Measured) -> String;

    /// A name that is looked for in a record's spans and is not there.
    fn absent(&self, _spans: &Spans) -> Option<Absent> {
        None
    }

    /// The same of a name that is in the spans of none of several records, with what they have in its place, in words.
    fn absent_in_all(&self, _spans: &[&Spans]) -> Option<(Absent, String)> {
        None
    }
}

/// One thing that is wrong with a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The task that it is about, by id.
    pub task: Option<String>,
    /// The field of the task.
    pub field: Option<String>,
    /// What is wrong, and what to do about it.
    pub message: String,
}

impl Problem {
    /// A problem of a field, of a task that is not known yet.
    pub fn of(field: Option<&str>, message: impl Into<String>) -> Self {
        Self { task: None, field: field.map(str::to_owned), message: message.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.task, &self.field) {
            (Some(task), Some(field)) => write!(f, "task `{task}`, field `{field}`: {}", self.message),
            (Some(task), None) => write!(f, "task `{task}`: {}", self.message),
            _ => f.write_str(&self.message),
        }
    }
}

/// Everything that is wrong with a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// Each problem, in the order of the tasks. Never empty.
    pub problems: Vec<Problem>,
}

impl ConfigError {
    /// An error that is about no task in particular.
    pub fn general(message: impl Into<String>) -> Self {
        Self { problems: vec![Problem { task: None, field: None, message: message.into() }] }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [problem] = self.problems.as_slice() {
            return write!(f, "{problem}");
        }
        write!(f, "{} problems:", self.problems.len())?;
        self.problems.iter().try_for_each(|problem| write!(f, "\n  - {problem}"))
    }
}

impl std::error::Error for ConfigError {}

/// What a task has to hand while it compiles.
#[derive(Debug)]
pub struct Build<'a> {
    pub(crate) id: &'a str,
    /// The ids of all tasks that look at the same, its own among them.
    pub(crate) tasks: &'a Arc<[String]>,
    /// The tasks whose outputs it sees.
    pub(crate) depends_on: &'a [String],
    /// The tasks of single records that say which of them are in its columns.
    pub(crate) over: &'a [String],
    pub(crate) reads: &'a mut Reads,
    pub(crate) problems: &'a mut Vec<Problem>,
    pub(crate) uses: &'a mut Vec<Use>,
    pub(crate) wants_origin: &'a mut bool,
    pub(crate) columns: &'a mut Columns,
}

/// A path that a task reads from its context.
#[derive(Clone, Debug)]
pub struct Use {
    /// The field of the task that it stands in.
    pub field: String,
    /// What is read.
    pub path: Path,
    /// What for.
    pub purpose: Purpose,
}

/// What a path is read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Its value is judged; a missing one too.
    Judged,
    /// Its value is filled in somewhere; where it is missing the task errors.
    Filled,
    /// Its value is filled in somewhere; the task can do without it.
    Offered,
}

impl Build<'_> {
    /// Notes what is wrong with a field.
    pub fn problem(&mut self, field: &str, message: impl Into<String>) {
        let (task, field) = (Some(self.id.to_owned()), Some(field.to_owned()));
        self.problems.push(Problem { task, field, message: message.into() });
    }

    /// Compiles the path in a field; no path is the whole context.
    pub fn source(&mut self, field: &str, path: Option<&str>) -> Option<(Path, Source)> {
        let path = path.map_or_else(|| Ok(Path::root()), Path::parse);
        let path = path.map_err(|error| self.problem(field, error.to_string())).ok()?;
        self.uses.push(Use { field: field.to_owned(), path: path.clone(), purpose: Purpose::Judged });
        Some((path.clone(), Source::new(path, self.depends_on, self.reads)))
    }

    /// Compiles the path in a field that is read from some other value.
    pub fn path(&mut self, field: &str, path: &str) -> Option<Path> {
        Path::parse(path).map_err(|error| self.problem(field, error.to_string())).ok()
    }

    /// Where a path is read whose value goes somewhere in a field.
    pub fn read(&mut self, field: &str, path: Path, purpose: Purpose) -> Source {
        self.uses.push(Use { field: field.to_owned(), path: path.clone(), purpose });
        Source::new(path, self.depends_on, self.reads)
    }

    /// Compiles the value in a field, with its places to fill in.
    pub fn template(&mut self, field: &str, value: &Value) -> Option<Template> {
        match Template::compile(value, &mut |path| self.read(field, path, Purpose::Filled)) {
            Ok(template) => Some(template),
            Err(problems) => {
                for message in problems {
                    self.problem(field, message);
                }
                None
            }
        }
    }

    /// Has a column over all records collected.
    pub fn column(&mut self, field: &str, column: &Column, holds: Holds) -> Option<ColumnIndex> {
        let watched = self.columns.watch(self.id, column, holds, self.over);
        watched.map_err(|why| self.problem(field, why)).ok()
    }

    /// The ids of all tasks that look at the same as this one, its own among them: for telling what was meant by a name.
    pub fn tasks(&self) -> Arc<[String]> {
        self.tasks.clone()
    }

    /// Asks for the record as its owner holds it: [`Subject::origin`].
    pub fn want_origin(&mut self) {
        *self.wants_origin = true;
    }
}
