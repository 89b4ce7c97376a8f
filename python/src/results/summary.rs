//! `EvaluationSummary`.

use std::path::PathBuf;

use pyo3::prelude::*;
use pyo3::types::PyDict;
use scouter_tasks::records::BadRecords;
use scouter_tasks::result::{Status, Tally};
use scouter_tasks::value::{from_json, from_value, to_value};

use super::bad::{PyBadRecord, first};
use super::counts::PyTaskCounts;
use super::lookup::by_id;
use crate::errors;

/// What an evaluation came to whose results went into a file.
#[pyclass(module = "scouter.evaluate", name = "EvaluationSummary", frozen, eq, skip_from_py_object)]
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PySummary {
    pub(crate) path: PathBuf,
    pub(crate) tally: Tally,
    pub(crate) bad: BadRecords,
    pub(crate) cancelled: bool,
    pub(crate) stopped: Option<String>,
}

/// What makes it again.
type Pickled = (PathBuf, String, bool, Option<String>);

#[pymethods]
impl PySummary {
    /// Where the results are.
    #[getter]
    fn path(&self) -> PathBuf {
        self.path.clone()
    }

    /// How many records were evaluated.
    #[getter]
    fn records(&self) -> usize {
        self.tally.records
    }

    /// How many records could not be read and were left out.
    #[getter]
    fn bad_record_count(&self) -> usize {
        self.bad.count
    }

    /// The first 100 of them.
    #[getter]
    fn bad_records(&self) -> Vec<PyBadRecord> {
        first(&self.bad)
    }

    /// For how many records every task came to an end other than an error.
    #[getter]
    fn successful_count(&self) -> usize {
        self.tally.sound
    }

    /// For how many records some task errored, or the run was stopped before.
    #[getter]
    fn failed_count(&self) -> usize {
        self.tally.records - self.tally.sound
    }

    /// The ids of the tasks that errored for some record.
    #[getter]
    fn errored_tasks(&self) -> Vec<String> {
        let errored = self.tally.tasks.iter().filter(|task| task.counts.of(Status::Errored) > 0);
        errored.map(|task| task.id.clone()).collect()
    }

    /// What was probably meant by paths that lead nowhere in any record, by the id of the task: rows were written
    /// before that could be known.
    #[pyo3(signature = () -> "dict[str, str]")]
    fn hints<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let hints = PyDict::new(py);
        for (task, hint) in self.tally.tasks.iter().filter_map(|task| Some((&task.id, task.hint.as_ref()?))) {
            hints.set_item(task, hint)?;
        }
        by_id(&hints)
    }

    /// Whether the run was stopped before its end.
    #[getter]
    fn cancelled(&self) -> bool {
        self.cancelled
    }

    /// Why it was, where a budget was used up or a key was not accepted.
    #[getter]
    fn stopped(&self) -> Option<&str> {
        self.stopped.as_deref()
    }

    /// The share that passed of all tasks that came to a verdict, gates aside, over all records:
    /// from 0 to 1, `None` where none did.
    #[getter]
    fn pass_rate(&self) -> Option<f64> {
        self.tally.counts().pass_rate()
    }

    /// How each task came out over all records, by its id and in the order of the tasks.
    #[pyo3(signature = () -> "dict[str, TaskCounts]")]
    fn task_counts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let counts = PyDict::new(py);
        for task in &self.tally.tasks {
            counts.set_item(&task.id, Bound::new(py, PyTaskCounts(task.counts))?)?;
        }
        by_id(&counts)
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Pickled)> {
        let counted = to_value(&(&self.tally, &self.bad)).map_err(errors::value)?.to_string();
        Ok((
            py.get_type::<Self>().getattr("_unpickled")?,
            (self.path.clone(), counted, self.cancelled, self.stopped.clone()),
        ))
    }

    /// Makes the summary of a pickle again.
    #[staticmethod]
    fn _unpickled(path: PathBuf, counted: &str, cancelled: bool, stopped: Option<String>) -> PyResult<Self> {
        let counted = from_json(counted).map_err(errors::value)?;
        let (tally, bad) = from_value(&counted).map_err(errors::value)?;
        Ok(Self { path, tally, bad, cancelled, stopped })
    }

    fn __repr__(&self) -> String {
        let bad = match self.bad.count {
            0 => String::new(),
            count => format!(", {count} bad records left out"),
        };
        format!(
            "EvaluationSummary({} records, {} tasks, pass_rate={}{bad}, path={:?})",
            self.tally.records,
            self.tally.tasks.len(),
            self.tally.counts(),
            self.path.display()
        )
    }
}
