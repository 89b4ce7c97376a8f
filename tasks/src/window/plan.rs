//! The tasks that look at columns, and the columns that they look at.

use std::collections::HashMap;

use scouter_engine::{Outcome, Verdict};

use super::cell::{Cell, Holds};
use super::column::Column;
use crate::measured::Measured;
use crate::path::Path;
use crate::result::Row;
use crate::subject::{ReadIndex, Reads, Subject};
use crate::suite::{Suite, TaskInfo};

/// The tasks that look at many records at once.
#[derive(Clone, Debug)]
pub struct WindowPlan {
    /// The tasks. Their input is a [`Subject`] with a [`Window`](super::Window) and nothing else.
    pub suite: Suite,
    /// The columns that they look at.
    pub columns: Box<[Watched]>,
    /// Which columns each task looks at.
    looks_at: Box<[Vec<ColumnIndex>]>,
    /// Which fields of a record are cells of columns, in the order of [`Row::cells`].
    fields: Box<[(ReadIndex, Holds)]>,
}

/// The number of a column in a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ColumnIndex(pub(super) usize);

/// A column that is collected.
#[derive(Clone, Debug, PartialEq)]
pub struct Watched {
    from: Place,
    pub(super) holds: Holds,
    /// The tasks before it: a record is in the column where they let a task run that depends on them.
    needs: Vec<Need>,
}

/// Where in a row the value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Cell(usize),
    Value(usize),
    Verdict(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Need {
    task: usize,
    gate: bool,
}

/// Whether a task that came to this lets those run that depend on it.
pub(crate) fn lets(gate: bool, outcome: &Outcome<Measured>) -> bool {
    match outcome {
        Outcome::Done(output) => !gate || output.verdict == Some(Verdict::Passed),
        Outcome::Errored(_) | Outcome::Skipped(_) | Outcome::Cancelled => false,
    }
}

impl Watched {
    /// What a record adds; `None` where it is not in the column.
    pub(super) fn cell(&self, row: &Row) -> Option<Cell> {
        if !self.needs.iter().all(|need| lets(need.gate, &row.outcomes[need.task])) {
            return None;
        }
        match self.from {
            Place::Cell(at) => row.cells.get(at).cloned(),
            Place::Value(task) => Cell::of_value(&row.outcomes[task], self.holds),
            Place::Verdict(task) => Cell::of_verdict(&row.outcomes[task]),
        }
    }
}

impl WindowPlan {
    pub(crate) fn new(suite: Suite, columns: Columns) -> Self {
        let of = |task: &TaskInfo| columns.looks_at.get(&task.id).cloned().unwrap_or_default();
        Self {
            looks_at: suite.tasks.iter().map(of).collect(),
            suite,
            columns: columns.watched.into(),
            fields: columns.fields.into(),
        }
    }

    /// The fields that columns of a task are made of, and what they hold.
    pub fn fields_of(&self, task: usize) -> impl Iterator<Item = (ReadIndex, Holds)> + '_ {
        self.looks_at[task].iter().filter_map(|column| match self.columns[column.0].from {
            Place::Cell(at) => Some(self.fields[at]),
            Place::Value(_) | Place::Verdict(_) => None,
        })
    }

    /// What a record adds to columns of fields.
    pub fn cells(&self, subject: &Subject) -> Box<[Cell]> {
        self.fields.iter().map(|(read, holds)| Cell::of_read(subject.read(*read), *holds)).collect()
    }
}

/// Columns while a plan is compiled.
#[derive(Debug)]
pub(crate) struct Columns {
    /// The tasks that look at single records: their ids, and whether they are gates.
    tasks: Vec<(String, bool)>,
    /// What is read from each record.
    pub(crate) reads: Reads,
    watched: Vec<Watched>,
    fields: Vec<(ReadIndex, Holds)>,
    /// Which columns each task looks at, by its id.
    looks_at: HashMap<String, Vec<ColumnIndex>>,
}

impl Columns {
    pub(crate) fn new(tasks: Vec<(String, bool)>) -> Self {
        Self {
            tasks,
            reads: Reads::default(),
            watched: Vec::new(),
            fields: Vec::new(),
            looks_at: HashMap::new(),
        }
    }

    /// Where a task stands among those that look at single records.
    fn task(&self, id: &str) -> Option<usize> {
        self.tasks.iter().position(|(task, _)| task == id)
    }

    /// The id nearest to one that is no task of single records.
    fn nearest(&self, id: &str) -> String {
        let near = scouter_engine::nearest(id, self.tasks.iter().map(|(task, _)| task.as_str()));
        near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
    }

    /// Has a column collected for a task.
    pub(crate) fn watch(
        &mut self,
        id: &str,
        column: &Column,
        holds: Holds,
        over: &[String],
    ) -> Result<ColumnIndex, String> {
        let task = |id: &str| {
            let id = id.to_lowercase();
            self.task(&id).ok_or_else(|| {
                format!(
                    "no task of this suite that looks at single records has the id `{id}`{}",
                    self.nearest(&id)
                )
            })
        };
        let from = match column {
            Column::Field(path) => {
                let path = Path::parse(path).map_err(|error| error.to_string())?;
                let field = (self.reads.add(path), holds);
                let known = self.fields.iter().position(|known| *known == field);
                Place::Cell(known.unwrap_or_else(|| {
                    self.fields.push(field);
                    self.fields.len() - 1
                }))
            }
            Column::ValueOf { value_of } => Place::Value(task(value_of)?),
            Column::PassRateOf { .. } if holds != Holds::Numbers => {
                return Err(format!(
                    "a pass rate is made of numbers, and the baseline is one of {}",
                    holds.name()
                ));
            }
            Column::PassRateOf { pass_rate_of } => Place::Verdict(task(pass_rate_of)?),
        };
        let needs = over.iter().filter_map(|id| self.task(id));
        let needs = needs.map(|task| Need { task, gate: self.tasks[task].1 }).collect();
        let watched = Watched { from, holds, needs };
        let known = self.watched.iter().position(|known| *known == watched);
        let index = ColumnIndex(known.unwrap_or_else(|| {
            self.watched.push(watched);
            self.watched.len() - 1
        }));
        self.looks_at.entry(id.to_owned()).or_default().push(index);
        Ok(index)
    }
}
