//! `EvaluationSummary`.

use std::path::PathBuf;
use std::sync::Arc;

use indexmap::IndexMap;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use scouter_providers::layers::Used;
use scouter_tasks::counted::counted;
use scouter_tasks::records::BadRecords;
use scouter_tasks::result::{Results, Status, Tally};
use scouter_tasks::value::{from_saved_json, from_value, to_json, to_value};

use super::bad::{PyBadRecord, first};
use super::counts::PyTaskCounts;
use super::lookup::{self, by_id};
use super::set::PyEvalSet;
use super::whole::PyResults;
use crate::errors;
use crate::genai::{PyBudgetUse, PyModelUsage};

/// What an evaluation came to whose results went into a file.
#[pyclass(module = "scouter.evaluate", name = "EvaluationSummary", frozen, eq, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PySummary {
    pub(crate) path: PathBuf,
    pub(crate) tally: Tally,
    pub(crate) bad: BadRecords,
    pub(crate) cancelled: bool,
    pub(crate) stopped: Option<String>,
    pub(crate) used: Option<Used>,
    pub(crate) window: Option<Arc<Results>>,
}

impl PartialEq for PySummary {
    fn eq(&self, other: &Self) -> bool {
        let all = |of: &Self| {
            (of.path.clone(), of.tally.clone(), of.bad.clone(), of.cancelled, of.stopped.clone(), of.used)
        };
        let windows = match (self.window.as_deref(), other.window.as_deref()) {
            (Some(own), Some(other)) => own.to_value().is_same(&other.to_value()),
            (own, other) => own.is_none() && other.is_none(),
        };
        all(self) == all(other) && windows
    }
}

/// What makes it again.
type Pickled = (PathBuf, String, bool, Option<String>, Option<PyResults>);

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

    /// For how many records no task errored, whether or not all passed.
    #[getter]
    fn successful_count(&self) -> usize {
        self.tally.sound
    }

    /// For how many records some task errored, or the run was stopped before. Records of which a check failed are not counted
    /// here: `failures()` and `pass_rate` tell of them.
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

    /// What there is to say of tasks beside how they came out, by their ids: what was probably meant by paths that lead nowhere
    /// in any record (rows were written before that could be known), which tasks were never checked since a gate looks at what is
    /// in no record or could judge none of it, and which function gave values that nobody looks at or that stand beside verdicts.
    #[pyo3(signature = () -> "dict[str, str]")]
    fn hints<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        lookup::hints(py, &self.tally, self.window.as_deref())
    }

    /// The same in sentences that name the task.
    fn _remarks(&self) -> Vec<String> {
        lookup::remarks(&self.tally, self.window.as_deref())
    }

    /// That a task did nothing since what it looks for is in no record and probably misspelt, by its id.
    fn _blind_tasks(&self) -> IndexMap<String, String> {
        lookup::told(self.tally.blind())
    }

    /// That a gate closed for every record since what it looks at is in none, or since it could judge none of it, by its id.
    fn _shut_gates(&self) -> IndexMap<String, String> {
        lookup::told(self.tally.shut())
    }

    /// Whether the run was stopped before its end.
    #[getter]
    fn cancelled(&self) -> bool {
        self.cancelled
    }

    /// What the tasks came to that look at all records at once; empty where there are none.
    #[getter]
    fn window(&self) -> PyEvalSet {
        PyEvalSet::of_all(self.window.clone())
    }

    /// Why it was, where a budget was used up, its time was over or a key was not accepted.
    #[getter]
    fn stopped(&self) -> Option<&str> {
        self.stopped.as_deref()
    }

    /// What the calls of models came to: tokens, and dollars.
    #[getter]
    fn usage(&self) -> PyModelUsage {
        PyModelUsage(self.tally.spending)
    }

    /// What the run used of its budget, whether it had one or not; `None` where no model could be asked.
    #[getter]
    fn used(&self) -> Option<PyBudgetUse> {
        self.used.map(PyBudgetUse)
    }

    /// The share that passed of all tasks that came to a verdict, gates aside, over all records:
    /// from 0 to 1, `None` where none did.
    #[getter]
    fn pass_rate(&self) -> Option<f64> {
        self.tally.counts().pass_rate()
    }

    /// How all tasks that count came out over all records: what `pass_rate` is of.
    fn _counts(&self) -> PyTaskCounts {
        PyTaskCounts(self.tally.counts())
    }

    /// The same, tasks of these ids aside.
    fn _counts_without(&self, ids: Vec<String>) -> PyTaskCounts {
        PyTaskCounts(self.tally.counts_without(&ids.into_iter().collect()))
    }

    /// How each task came out over all records, by its id and in the order of the tasks.
    #[pyo3(signature = () -> "dict[str, TaskCounts]")]
    fn task_counts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let counts = PyDict::new(py);
        for task in &self.tally.tasks {
            counts.set_item(&task.id, Bound::new(py, PyTaskCounts(task.counts))?)?;
        }
        if let Some(window) = &self.window {
            for (at, task) in window.tasks().iter().enumerate() {
                counts.set_item(&task.id, Bound::new(py, PyTaskCounts(window.task_counts(at)))?)?;
            }
        }
        by_id(&counts)
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Pickled)> {
        let counted = to_json(&to_value(&(&self.tally, &self.bad, &self.used)).map_err(errors::value)?);
        Ok((
            py.get_type::<Self>().getattr("_unpickled")?,
            (
                self.path.clone(),
                counted,
                self.cancelled,
                self.stopped.clone(),
                self.window.clone().map(PyResults),
            ),
        ))
    }

    /// Makes the summary of a pickle again.
    #[staticmethod]
    fn _unpickled(
        path: PathBuf,
        counted: &str,
        cancelled: bool,
        stopped: Option<String>,
        window: Option<PyRef<'_, PyResults>>,
    ) -> PyResult<Self> {
        let counted = from_saved_json(counted).map_err(errors::value)?;
        let (tally, bad, used) = from_value(&counted).map_err(errors::value)?;
        let window = window.map(|window| window.0.clone());
        Ok(Self { path, tally, bad, cancelled, stopped, used, window })
    }

    fn __repr__(&self) -> String {
        let bad = match self.bad.count {
            0 => String::new(),
            count => format!(", {} left out", counted(count, "bad record")),
        };
        format!(
            "EvaluationSummary({}, {}, pass_rate={}{bad}, path={:?})",
            counted(self.tally.records, "record"),
            counted(self.tally.tasks.len(), "task"),
            self.tally.counts(),
            self.path.display()
        )
    }
}
