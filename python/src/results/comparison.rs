//! `ComparisonResults`.

use std::collections::BTreeMap;
use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::PyDict;
use scouter_tasks::counted::counted;
use scouter_tasks::result::{
    Comparison, ComparisonOutcome, Trend, Validity, comparison_table, headline, number_table,
    status_changes_table, summary_text, task_table,
};

use super::change::{OneTask, PyRateChange, PyTaskVerdict};
use super::lookup::by_id;
use super::options::Asked;
use super::pairs::{PyMissingTask, PyTaskComparison, PyWorkflowComparison};
use super::table::{MOST_ROWS, print, table, width};
use super::whole::PyResults;
use crate::convert::whole;
use crate::errors;

/// Two runs, record by record and task by task.
#[pyclass(module = "scouter.evaluate", name = "ComparisonResults", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyComparison(pub(super) Arc<Comparison>);

#[pymethods]
impl PyComparison {
    /// What the comparison says: `improved`, `regressed`, `unchanged`, `inconclusive` or `invalid`.
    ///
    /// Regressed where the records' pass rates or any task's did, more than chance explains, or where
    /// the baseline has a task that is there no more; otherwise improved where they did; otherwise what
    /// the records' pass rates say. Invalid where the runs can't be compared, which is never a pass:
    /// `invalid_reason` says why.
    #[getter]
    fn verdict(&self) -> &'static str {
        self.0.verdict().as_str()
    }

    /// Whether the run passes beside its baseline: `passed`, `failed`, `too_many_errors` or `inconclusive`, by the one rule of
    /// the command line and pytest.
    ///
    /// What is lost or softened is never a pass: deleting what fails makes nothing better.
    #[getter]
    fn outcome(&self) -> &'static str {
        self.0.outcome().as_str()
    }

    /// What the verdict means, in a sentence without its full stop.
    #[getter]
    fn headline(&self) -> String {
        headline(&self.0)
    }

    /// Why the comparison is invalid: `too_many_errors`, `disjoint_records` where no record is in both runs,
    /// `other_trials` where they ran each record another number of times, `nothing_compared` where none came to a verdict in both, or, where records without ids may have moved since
    /// other records could not be read, `places_unknown`; `None` where it is not.
    #[getter]
    fn invalid_reason(&self) -> Option<&'static str> {
        match self.0.validity() {
            Validity::Valid => None,
            Validity::Disjoint => Some("disjoint_records"),
            Validity::TooManyErrors => Some("too_many_errors"),
            Validity::PlacesUnknown => Some("places_unknown"),
            Validity::OtherTrials { .. } => Some("other_trials"),
            Validity::NothingCompared => Some("nothing_compared"),
        }
    }

    /// The share of records for which something errored or was not come to, in the run in which it is
    /// larger; records that only the baseline has count as such of the compared run. From 0 to 1.
    #[getter]
    fn error_share(&self) -> f64 {
        self.0.error_share().1
    }

    /// The change of the records' pass rates, gates aside. What was lost to an error in either run is
    /// left out; `None` where nothing is left.
    #[getter]
    fn overall(&self) -> Option<PyRateChange> {
        self.0.overall.map(PyRateChange)
    }

    /// Each task that both runs have, gates included, by its id and in the order of the tasks.
    #[pyo3(signature = () -> "dict[str, TaskVerdict]")]
    fn task_verdicts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let verdicts = PyDict::new(py);
        for tally in &self.0.tasks {
            let task_id = self.0.task_id(tally.task).to_owned();
            let task = OneTask { task_id: task_id.clone(), tally: tally.clone() };
            verdicts.set_item(task_id, Bound::new(py, PyTaskVerdict(task))?)?;
        }
        by_id(&verdicts)
    }

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

    /// The mean change of the records' pass rates. What was lost to an error in either run is left out.
    #[getter]
    fn mean_pass_rate_delta(&self) -> f64 {
        self.0.mean_delta()
    }

    /// Every task of every record that came out otherwise than before.
    #[getter]
    fn task_status_changes(&self) -> Vec<PyTaskComparison> {
        let one = |change| PyTaskComparison { comparison: self.0.clone(), change };
        self.0.changes().map(one).collect()
    }

    /// The same of the tasks that look at all records at once, such as drift; `None` where neither run has any. What they say is in
    /// `verdict` and `regressed` already: each has one outcome, so there is no test of chance.
    #[getter]
    fn window(&self) -> Option<Self> {
        self.0.window.clone().map(Self)
    }

    /// The tasks that only one of the runs has.
    #[getter]
    fn missing_tasks(&self) -> Vec<PyMissingTask> {
        self.0.missing_tasks.iter().cloned().map(PyMissingTask).collect()
    }

    /// The tasks that both runs have by their ids and that are other checks now, with what of each is not as it was. Where
    /// there is one, a run is never called improved or unchanged. What a function or a prompt says is not compared.
    #[getter]
    fn changed_tasks(&self) -> BTreeMap<String, String> {
        self.0.changed_tasks.iter().map(|task| (task.task_id.clone(), task.what.clone())).collect()
    }

    /// The records that only the baseline has. Each counts as a regression.
    #[getter]
    fn lost_records(&self) -> Vec<String> {
        self.0.lost_records().collect()
    }

    /// The records that only the compared run has.
    #[getter]
    fn new_records(&self) -> Vec<String> {
        self.0.new_records().collect()
    }

    /// How many records the baseline has.
    #[getter]
    fn baseline_workflow_count(&self) -> usize {
        self.0.baseline.rows().len()
    }

    /// How many records the compared run has.
    #[getter]
    fn comparison_workflow_count(&self) -> usize {
        self.0.compared.rows().len()
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

    /// Prints each task over all records that both runs have, and each number that changed.
    ///
    /// Args:
    ///     intervals: Whether each rate shows its own interval (Wilson).
    #[pyo3(signature = (intervals=false))]
    fn print_task_aggregate_table(&self, py: Python<'_>, intervals: bool) -> PyResult<()> {
        print(py, &self.tasks(intervals, width(py)?))
    }

    /// Prints each record that both runs have, those that got worse first.
    ///
    /// Args:
    ///     max_rows: The most records that are shown; what is left out is counted.
    ///     intervals: Whether each rate shows its own interval (Wilson).
    #[pyo3(signature = (max_rows: "int" = MOST_ROWS, intervals=false))]
    fn print_summary_table(
        &self,
        py: Python<'_>,
        #[pyo3(from_py_with = whole::max_rows)] max_rows: usize,
        intervals: bool,
    ) -> PyResult<()> {
        print(py, &comparison_table(&self.0, max_rows, intervals, width(py)?))
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
    ///
    /// Args:
    ///     max_rows: The most records that are shown; what is left out is counted.
    ///     intervals: Whether each rate shows its own interval (Wilson).
    #[pyo3(signature = (max_rows: "int" = MOST_ROWS, intervals=false) -> "str")]
    fn as_table<'py>(
        &self,
        py: Python<'py>,
        #[pyo3(from_py_with = whole::max_rows)] max_rows: usize,
        intervals: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let width = width(py)?;
        let parts = [
            comparison_table(&self.0, max_rows, intervals, width),
            self.tasks(intervals, width),
            summary_text(&self.0),
        ];
        table(py, &parts.join("\n\n"))
    }

    /// It has no truth: see `outcome` and `verdict`.
    ///
    /// Raises:
    ///     TypeError: Always, so that `assert results.compare_to(baseline)` is no test that cannot fail.
    fn __bool__(&self) -> PyResult<bool> {
        let passed = self.0.outcome() == ComparisonOutcome::Passed;
        Err(errors::no_truth("ComparisonResults", ".outcome == \"passed\"", passed))
    }

    fn __repr__(&self) -> String {
        format!(
            "ComparisonResults({}, {}, {} improved, {} regressed)",
            self.verdict(),
            counted(self.0.pairs.len(), "record"),
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

    fn __reduce__<'py>(
        &self,
        py: Python<'py>,
    ) -> PyResult<(Bound<'py, PyAny>, (PyResults, PyResults, Asked))> {
        let again = py.get_type::<PyResults>().getattr("_compared")?;
        let [compared, baseline] = [&self.0.compared, &self.0.baseline].map(|side| PyResults(side.clone()));
        Ok((again, (compared, baseline, Asked::of(&self.0.options))))
    }
}

impl PyComparison {
    fn tasks(&self, intervals: bool, width: Option<u16>) -> String {
        let numbers = number_table(&self.0, width).map(|numbers| format!("\n\n{numbers}"));
        task_table(&self.0, intervals, width) + &numbers.unwrap_or_default()
    }
}
