//! The parts of `ComparisonResults`: records and tasks of both runs.

use std::num::NonZeroU32;
use std::sync::Arc;

use pyo3::prelude::*;
use scouter_tasks::result::{Comparison, MissingTask, Pair, Side, Status, TaskChange, Trend, compare};

use super::comparison::PyComparison;
use super::set::alone;
use crate::errors;

/// One record of a comparison, compared by itself: what a pickle of it needs.
fn one_record(comparison: &Comparison, pair: usize) -> PyComparison {
    let Pair { comparison: now, baseline: before, .. } = comparison.pairs[pair];
    let [now, before] = [(&comparison.compared, now), (&comparison.baseline, before)]
        .map(|(results, row)| alone(results, row as usize).0);
    PyComparison(Arc::new(compare(&now, &before, comparison.options)))
}

/// A task that only one of the runs has.
#[pyclass(module = "scouter.evaluate", name = "MissingTask", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyMissingTask(pub(super) MissingTask);

#[pymethods]
impl PyMissingTask {
    /// The task.
    #[getter]
    fn task_id(&self) -> &str {
        &self.0.task_id
    }

    /// `baseline` or `comparison`.
    #[getter]
    fn present_in(&self) -> &'static str {
        self.0.present_in.as_str()
    }

    fn __repr__(&self) -> String {
        format!("MissingTask(task_id={:?}, present_in={:?})", self.task_id(), self.present_in())
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.0 == other.0
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (&str, bool))> {
        let again = py.get_type::<Self>().getattr("_unpickled")?;
        Ok((again, (self.task_id(), self.0.present_in == Side::Baseline)))
    }

    /// Makes the task of a pickle again.
    #[staticmethod]
    fn _unpickled(task_id: String, in_baseline: bool) -> Self {
        let present_in = if in_baseline { Side::Baseline } else { Side::Comparison };
        Self(MissingTask { task_id, present_in })
    }
}

/// The trial as one looks at it, behind its record.
fn named(trial: Option<NonZeroU32>) -> String {
    trial.map(|trial| format!(", trial={trial}")).unwrap_or_default()
}

/// How a task came out on both sides for one record.
#[pyclass(module = "scouter.evaluate", name = "TaskComparison", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyTaskComparison {
    pub(super) comparison: Arc<Comparison>,
    pub(super) change: TaskChange,
}

#[pymethods]
impl PyTaskComparison {
    /// The task.
    #[getter]
    fn task_id(&self) -> &str {
        self.comparison.task_id(self.change.task)
    }

    /// Your name for the record, or ours where it has none.
    #[getter]
    fn record_id(&self) -> String {
        self.comparison.record(self.change.pair)
    }

    /// Which trial of the record it is, from 1; `None` where there is but one.
    #[getter]
    fn trial(&self) -> Option<NonZeroU32> {
        self.comparison.row(self.change.pair).trial()
    }

    /// Our name for the record in the compared run.
    #[getter]
    fn record_uid(&self) -> String {
        self.comparison.row(self.change.pair).uid.to_string()
    }

    /// Whether it passed before.
    #[getter]
    fn baseline_passed(&self) -> bool {
        self.change.baseline == Status::Passed
    }

    /// Whether it passes now.
    #[getter]
    fn comparison_passed(&self) -> bool {
        self.change.comparison == Status::Passed
    }

    /// How it came out before.
    #[getter]
    fn baseline_status(&self) -> &'static str {
        self.change.baseline.as_str()
    }

    /// How it comes out now.
    #[getter]
    fn comparison_status(&self) -> &'static str {
        self.change.comparison.as_str()
    }

    /// Whether it comes out otherwise than before.
    #[getter]
    fn status_changed(&self) -> bool {
        self.change.changed()
    }

    fn __repr__(&self) -> String {
        format!(
            "TaskComparison(task_id={:?}, record_id={:?}{}, {} → {})",
            self.task_id(),
            self.record_id(),
            named(self.trial()),
            self.baseline_status(),
            self.comparison_status()
        )
    }

    fn __eq__(&self, other: &Self) -> bool {
        let parts =
            |it: &Self| (it.task_id().to_owned(), it.record_uid(), it.change.baseline, it.change.comparison);
        parts(self) == parts(other)
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (PyComparison, usize))> {
        let again = py.get_type::<Self>().getattr("_unpickled")?;
        Ok((again, (one_record(&self.comparison, self.change.pair), self.change.task)))
    }

    /// Makes the comparison of a pickle again.
    #[staticmethod]
    fn _unpickled(comparison: PyRef<'_, PyComparison>, task: usize) -> PyResult<Self> {
        let change = comparison.0.tasks_of(0).find(|change| change.task == task);
        let change = change.ok_or_else(|| errors::value("the pickle does not have the task"))?;
        Ok(Self { comparison: comparison.0.clone(), change })
    }
}

/// One record in both runs.
///
/// Rates are compared over the tasks that came to a verdict on either side: a task that errored,
/// was skipped or had nothing to check on one side has not passed there.
#[pyclass(module = "scouter.evaluate", name = "WorkflowComparison", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyWorkflowComparison {
    pub(super) comparison: Arc<Comparison>,
    pub(super) at: usize,
}

impl PyWorkflowComparison {
    fn pair(&self) -> &Pair {
        &self.comparison.pairs[self.at]
    }
}

#[pymethods]
impl PyWorkflowComparison {
    /// Your name for the record, or ours where it has none.
    #[getter]
    fn record_id(&self) -> String {
        self.comparison.record(self.at)
    }

    /// Which trial of the record it is, from 1; `None` where there is but one.
    #[getter]
    fn trial(&self) -> Option<NonZeroU32> {
        self.comparison.row(self.at).trial()
    }

    /// Our name for the record in the baseline.
    #[getter]
    fn baseline_uid(&self) -> String {
        self.comparison.baseline_row(self.at).uid.to_string()
    }

    /// Our name for the record in the compared run.
    #[getter]
    fn comparison_uid(&self) -> String {
        self.comparison.row(self.at).uid.to_string()
    }

    /// The share that passed before, from 0 to 1.
    #[getter]
    fn baseline_pass_rate(&self) -> f64 {
        self.pair().baseline_rate()
    }

    /// The share that passes now, from 0 to 1.
    #[getter]
    fn comparison_pass_rate(&self) -> f64 {
        self.pair().comparison_rate()
    }

    /// How many tasks were compared: the denominator of both rates.
    #[getter]
    fn compared_tasks(&self) -> u32 {
        self.pair().compared
    }

    /// By how much the share went up or down.
    #[getter]
    fn pass_rate_delta(&self) -> f64 {
        self.pair().delta()
    }

    /// Whether it fell by more than the threshold.
    #[getter]
    fn is_regression(&self) -> bool {
        self.pair().trend == Trend::Regressed
    }

    /// Each task that both runs have, gates included.
    #[getter]
    fn task_comparisons(&self) -> Vec<PyTaskComparison> {
        let one = |change| PyTaskComparison { comparison: self.comparison.clone(), change };
        self.comparison.tasks_of(self.at).map(one).collect()
    }

    fn __repr__(&self) -> String {
        format!(
            "WorkflowComparison(record_id={:?}{}, trend={:?})",
            self.record_id(),
            named(self.trial()),
            self.pair().trend.as_str()
        )
    }

    fn __eq__(&self, other: &Self) -> bool {
        let parts = |it: &Self| (it.record_id(), it.baseline_uid(), it.comparison_uid(), it.pair().trend);
        let tasks = |it: &Self| {
            it.comparison.tasks_of(it.at).map(|task| (task.baseline, task.comparison)).collect::<Vec<_>>()
        };
        parts(self) == parts(other) && tasks(self) == tasks(other)
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (PyComparison,))> {
        let again = py.get_type::<Self>().getattr("_unpickled")?;
        Ok((again, (one_record(&self.comparison, self.at),)))
    }

    /// Makes the comparison of a pickle again.
    #[staticmethod]
    fn _unpickled(comparison: PyRef<'_, PyComparison>) -> Self {
        Self { comparison: comparison.0.clone(), at: 0 }
    }
}
