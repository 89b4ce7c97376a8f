//! `ComparisonResults` and its parts.

use std::sync::Arc;

use pyo3::prelude::*;
use scouter_tasks::result::{
    Comparison, MissingTask, Pair, Status, TaskChange, Trend, comparison_table, status_changes_table,
    summary_text, task_table,
};

use super::table::{MOST_ROWS, print, table, width};
use super::whole::PyResults;

/// A task that only one of the runs has.
#[pyclass(module = "scouter.evaluate", name = "MissingTask", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyMissingTask(MissingTask);

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
}

/// How a task came out on both sides for one record.
#[pyclass(module = "scouter.evaluate", name = "TaskComparison", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyTaskComparison(TaskChange);

#[pymethods]
impl PyTaskComparison {
    /// The task.
    #[getter]
    fn task_id(&self) -> &str {
        &self.0.task_id
    }

    /// Your name for the record, or ours where it has none.
    #[getter]
    fn record_id(&self) -> &str {
        &self.0.record
    }

    /// Our name for the record in the compared run.
    #[getter]
    fn record_uid(&self) -> &str {
        &self.0.record_uid
    }

    /// Whether it passed before.
    #[getter]
    fn baseline_passed(&self) -> bool {
        self.0.baseline == Status::Passed
    }

    /// Whether it passes now.
    #[getter]
    fn comparison_passed(&self) -> bool {
        self.0.comparison == Status::Passed
    }

    /// How it came out before.
    #[getter]
    fn baseline_status(&self) -> &'static str {
        self.0.baseline.as_str()
    }

    /// How it comes out now.
    #[getter]
    fn comparison_status(&self) -> &'static str {
        self.0.comparison.as_str()
    }

    /// Whether it comes out otherwise than before.
    #[getter]
    fn status_changed(&self) -> bool {
        self.0.changed()
    }

    fn __repr__(&self) -> String {
        format!(
            "TaskComparison(task_id={:?}, record_id={:?}, {} → {})",
            self.task_id(),
            self.record_id(),
            self.baseline_status(),
            self.comparison_status()
        )
    }
}

/// One record in both runs.
///
/// Rates are compared over the tasks that came to a verdict on either side: a task that errored,
/// was skipped or had nothing to check on one side has not passed there.
#[pyclass(module = "scouter.evaluate", name = "WorkflowComparison", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyWorkflowComparison {
    comparison: Arc<Comparison>,
    at: usize,
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
    fn record_id(&self) -> &str {
        &self.pair().record
    }

    /// Our name for the record in the baseline.
    #[getter]
    fn baseline_uid(&self) -> &str {
        &self.pair().baseline_uid
    }

    /// Our name for the record in the compared run.
    #[getter]
    fn comparison_uid(&self) -> &str {
        &self.pair().comparison_uid
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
    fn compared_tasks(&self) -> usize {
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
        self.pair().tasks.iter().cloned().map(PyTaskComparison).collect()
    }

    fn __repr__(&self) -> String {
        format!(
            "WorkflowComparison(record_id={:?}, trend={:?})",
            self.record_id(),
            self.pair().trend.as_str()
        )
    }
}

/// Two runs, record by record and task by task.
#[pyclass(module = "scouter.evaluate", name = "ComparisonResults", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyComparison(Arc<Comparison>, Sides);

/// What was compared: the comparison pickles as these, and is made again.
#[derive(Clone, Debug)]
pub(crate) struct Sides {
    pub(crate) compared: PyResults,
    pub(crate) baseline: PyResults,
}

impl PyComparison {
    pub(crate) fn new(comparison: Comparison, sides: Sides) -> Self {
        Self(Arc::new(comparison), sides)
    }

    /// The comparison, and what was compared.
    pub(super) fn parts(&self) -> (&Arc<Comparison>, &Sides) {
        (&self.0, &self.1)
    }
}

#[pymethods]
impl PyComparison {
    /// The records that both runs have.
    #[getter]
    fn workflow_comparisons(&self) -> Vec<PyWorkflowComparison> {
        let one = |at| PyWorkflowComparison { comparison: self.0.clone(), at };
        (0..self.0.pairs.len()).map(one).collect()
    }

    /// How many records both runs have.
    #[getter]
    fn total_workflows(&self) -> usize {
        self.0.pairs.len()
    }

    /// How many of them got better by more than the threshold.
    #[getter]
    fn improved_workflows(&self) -> usize {
        self.0.trend(Trend::Improved)
    }

    /// How many of them got worse by more than the threshold.
    #[getter]
    fn regressed_workflows(&self) -> usize {
        self.0.trend(Trend::Regressed)
    }

    /// How many of them did neither.
    #[getter]
    fn unchanged_workflows(&self) -> usize {
        self.0.trend(Trend::Unchanged)
    }

    /// The mean change of the records' pass rates.
    #[getter]
    fn mean_pass_rate_delta(&self) -> f64 {
        self.0.mean_delta()
    }

    /// Every task of every record that came out otherwise than before.
    #[getter]
    fn task_status_changes(&self) -> Vec<PyTaskComparison> {
        self.0.changes().cloned().map(PyTaskComparison).collect()
    }

    /// The tasks that only one of the runs has.
    #[getter]
    fn missing_tasks(&self) -> Vec<PyMissingTask> {
        self.0.missing_tasks.iter().cloned().map(PyMissingTask).collect()
    }

    /// The records that only the baseline has. Each counts as a regression.
    #[getter]
    fn lost_records(&self) -> Vec<String> {
        self.0.lost_records.clone()
    }

    /// The records that only the compared run has.
    #[getter]
    fn new_records(&self) -> Vec<String> {
        self.0.new_records.clone()
    }

    /// How many records the baseline has.
    #[getter]
    fn baseline_workflow_count(&self) -> usize {
        self.0.baseline_records
    }

    /// How many records the compared run has.
    #[getter]
    fn comparison_workflow_count(&self) -> usize {
        self.0.comparison_records
    }

    /// Whether a task is in one of the runs only.
    #[getter]
    fn has_missing_tasks(&self) -> bool {
        !self.0.missing_tasks.is_empty()
    }

    /// Whether a record got worse by more than the threshold or has a check that errors now, or a
    /// record or a task is there no more.
    #[getter]
    fn regressed(&self) -> bool {
        self.0.regressed()
    }

    /// Prints the tasks that only one of the runs has.
    fn print_missing_tasks(&self, py: Python<'_>) -> PyResult<()> {
        for task in &self.0.missing_tasks {
            print(py, &format!("{}: only in the {}", task.task_id, task.present_in.as_str()))?;
        }
        Ok(())
    }

    /// Prints each task over all records that both runs have.
    fn print_task_aggregate_table(&self, py: Python<'_>) -> PyResult<()> {
        print(py, &task_table(&self.0, width(py)?))
    }

    /// Prints each record that both runs have, those that got worse first.
    #[pyo3(signature = (max_rows=MOST_ROWS))]
    fn print_summary_table(&self, py: Python<'_>, max_rows: usize) -> PyResult<()> {
        print(py, &comparison_table(&self.0, max_rows, width(py)?))
    }

    /// Prints each task of each record that came out otherwise than before.
    #[pyo3(signature = (max_rows=None))]
    fn print_status_changes_table(&self, py: Python<'_>, max_rows: Option<usize>) -> PyResult<()> {
        print(py, &status_changes_table(&self.0, max_rows.unwrap_or(usize::MAX), width(py)?))
    }

    /// Prints the comparison in a few lines.
    fn print_summary_stats(&self, py: Python<'_>) -> PyResult<()> {
        print(py, &summary_text(&self.0))
    }

    /// Prints the records, the tasks and the summary, and gives them back as text.
    #[pyo3(signature = (max_rows=MOST_ROWS) -> "str")]
    fn as_table<'py>(&self, py: Python<'py>, max_rows: usize) -> PyResult<Bound<'py, PyAny>> {
        let width = width(py)?;
        let parts =
            [comparison_table(&self.0, max_rows, width), task_table(&self.0, width), summary_text(&self.0)];
        table(py, &parts.join("\n\n"))
    }

    fn __repr__(&self) -> String {
        format!(
            "ComparisonResults({} records, {} improved, {} regressed)",
            self.0.pairs.len(),
            self.improved_workflows(),
            self.regressed_workflows()
        )
    }

    fn __str__(&self) -> String {
        summary_text(&self.0)
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.0 == other.0
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (PyResults, PyResults, f64))> {
        let again = py.get_type::<PyResults>().getattr("compare_to")?;
        Ok((again, (self.1.compared.clone(), self.1.baseline.clone(), self.0.threshold)))
    }
}
