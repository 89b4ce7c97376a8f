//! `EvaluationSummary`.

use std::path::PathBuf;

use pyo3::prelude::*;
use pyo3::types::PyDict;
use scouter_tasks::records::BadRecords;
use scouter_tasks::result::{Status, Tally};

use super::bad::{PyBadRecord, first};
use super::counts::PyTaskCounts;

/// What an evaluation came to whose results went into a file.
#[pyclass(module = "scouter.evaluate", name = "EvaluationSummary", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PySummary {
    pub(crate) path: PathBuf,
    pub(crate) tally: Tally,
    pub(crate) bad: BadRecords,
    pub(crate) cancelled: bool,
}

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
        self.tally.records()
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
        self.tally.sound()
    }

    /// For how many records some task errored, or the run was stopped before.
    #[getter]
    fn failed_count(&self) -> usize {
        self.tally.records() - self.tally.sound()
    }

    /// The ids of the tasks that errored for some record.
    #[getter]
    fn errored_tasks(&self) -> Vec<String> {
        let tasks = self.tally.tasks().iter().enumerate();
        let errored = tasks.filter(|(at, _)| self.tally.task_counts(*at).of(Status::Errored) > 0);
        errored.map(|(_, task)| task.id.clone()).collect()
    }

    /// Whether the run was stopped before its end.
    #[getter]
    fn cancelled(&self) -> bool {
        self.cancelled
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
        for (at, task) in self.tally.tasks().iter().enumerate() {
            counts.set_item(&task.id, Bound::new(py, PyTaskCounts(self.tally.task_counts(at)))?)?;
        }
        Ok(counts)
    }

    fn __repr__(&self) -> String {
        let bad = match self.bad.count {
            0 => String::new(),
            count => format!(", {count} bad records left out"),
        };
        format!(
            "EvaluationSummary({} records, {} tasks, pass_rate={}{bad}, path={:?})",
            self.tally.records(),
            self.tally.tasks().len(),
            self.tally.counts(),
            self.path.display()
        )
    }
}
