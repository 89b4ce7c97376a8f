//! `GenAIEvalSet` and `AlignedEvalResult`: what came of one record.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use pyo3::prelude::*;
use scouter_drift::statistics::Alpha;
use scouter_engine::Outcome;
use scouter_tasks::result::{Counts, Results, Row, Shown, Status, records_table, tasks_table};
use scouter_tasks::value::{Value, pretty, to_json};
use uuid::Uuid;

use super::lookup::{TaskResultIterator, every_task, failures, has_task, iterate, one_task};
use super::table::{table, width};
use super::task_result::PyTaskResult;
use super::whole::PyResults;
use crate::convert::PyJson;

/// The results of one record alone.
pub(super) fn alone(results: &Results, row: usize) -> PyResults {
    let mut alone =
        Results::new(results.tasks().clone(), vec![results.rows()[row].clone()], results.cancelled);
    alone.embedded = results.embedded.as_ref().map(|embedded| Arc::new(embedded.alone(row)));
    PyResults::new(alone)
}

/// What the tasks came to for one record.
#[pyclass(module = "scouter.evaluate", name = "GenAIEvalSet", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyEvalSet {
    results: Arc<Results>,
    row: usize,
}

impl PyEvalSet {
    /// What the tasks came to that look at all records at once; an empty set where there are no such tasks.
    pub(super) fn of_all(window: Option<Arc<Results>>) -> Self {
        let none = || {
            let row = Row::cancelled(Uuid::nil(), None, DateTime::UNIX_EPOCH, 0);
            Arc::new(Results::new(Arc::default(), vec![row], false))
        };
        Self { results: window.unwrap_or_else(none), row: 0 }
    }

    fn row(&self) -> &Row {
        &self.results.rows()[self.row]
    }

    fn counts(&self) -> Counts {
        self.row().counts(self.results.tasks())
    }

    fn to_value(&self) -> Value {
        let counts = self.counts();
        let tasks = self.records().into_iter().map(|task| task.to_value());
        Value::map([
            ("record_uid", Value::from(self.record_uid())),
            ("created_at", Value::from(self.created_at().to_rfc3339())),
            ("total_tasks", Value::from(counts.counted())),
            ("passed_tasks", Value::from(counts.of(Status::Passed))),
            ("failed_tasks", Value::from(counts.of(Status::Failed))),
            ("errored_tasks", Value::from(counts.of(Status::Errored))),
            ("skipped_tasks", Value::from(counts.of(Status::Skipped))),
            ("not_applicable_tasks", Value::from(counts.of(Status::NotApplicable))),
            ("cancelled_tasks", Value::from(counts.of(Status::Cancelled))),
            ("pass_rate", counts.pass_rate().map_or(Value::Null, Value::Float)),
            ("duration_ms", Value::from(self.duration_ms())),
            ("records", Value::list(tasks)),
        ])
    }
}

#[pymethods]
impl PyEvalSet {
    /// The result of every task of the plan, in the order of the tasks; skipped ones too.
    #[getter]
    fn records(&self) -> Vec<PyTaskResult> {
        every_task(&self.results, self.row)
    }

    /// What a task came to, by its id (whatever its case) or its place.
    fn __getitem__(&self, key: &Bound<'_, PyAny>) -> PyResult<PyTaskResult> {
        one_task(&self.results, self.row, key)
    }

    /// Whether there is a task of this id.
    fn __contains__(&self, id: &Bound<'_, PyAny>) -> bool {
        has_task(&self.results, id)
    }

    /// Goes through the results of the tasks.
    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<TaskResultIterator<'py>> {
        iterate(py, &self.results, self.row)
    }

    /// When the record was evaluated.
    #[getter]
    fn created_at(&self) -> DateTime<Utc> {
        self.row().created_at
    }

    /// Our name for the record.
    #[getter]
    fn record_uid(&self) -> String {
        self.row().uid.to_string()
    }

    /// How many tasks came to a verdict: the denominator of `pass_rate`. Gates are not among them.
    #[getter]
    fn total_tasks(&self) -> usize {
        self.counts().counted()
    }

    /// How many of them passed.
    #[getter]
    fn passed_tasks(&self) -> usize {
        self.counts().of(Status::Passed)
    }

    /// How many of them failed.
    #[getter]
    fn failed_tasks(&self) -> usize {
        self.counts().of(Status::Failed)
    }

    /// How many tasks, gates aside, could not be made.
    #[getter]
    fn errored_tasks(&self) -> usize {
        self.counts().of(Status::Errored)
    }

    /// How many tasks, gates aside, did not run because of what happened upstream.
    #[getter]
    fn skipped_tasks(&self) -> usize {
        self.counts().of(Status::Skipped)
    }

    /// How many tasks, gates aside, had nothing to check.
    #[getter]
    fn not_applicable_tasks(&self) -> usize {
        self.counts().of(Status::NotApplicable)
    }

    /// For how many tasks, gates aside, the run was stopped before.
    #[getter]
    fn cancelled_tasks(&self) -> usize {
        self.counts().of(Status::Cancelled)
    }

    /// The share that passed of the tasks that came to a verdict, from 0 to 1; `None` where none
    /// did.
    #[getter]
    fn pass_rate(&self) -> Option<f64> {
        self.counts().pass_rate()
    }

    /// How long it took, in whole milliseconds.
    #[getter]
    fn duration_ms(&self) -> usize {
        usize::try_from(self.row().took.as_millis()).unwrap_or(usize::MAX)
    }

    /// Prints the record as a table, and gives it back as text.
    ///
    /// Args:
    ///     show_tasks: A row for every task instead of one for the record.
    ///     intervals: Whether each rate shows where it lies with 95 % confidence (Wilson).
    #[pyo3(signature = (show_tasks=false, intervals=false) -> "str")]
    fn as_table<'py>(
        &self,
        py: Python<'py>,
        show_tasks: bool,
        intervals: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let PyResults(alone) = alone(&self.results, self.row);
        let shown = Shown { records: 1, width: width(py)?, intervals: intervals.then_some(Alpha::USUAL) };
        table(py, &if show_tasks { tasks_table(&alone, shown) } else { records_table(&alone, shown) })
    }

    /// The results as JSON text.
    fn model_dump_json(&self) -> String {
        to_json(&self.to_value())
    }

    /// The results as a dict.
    fn model_dump(&self) -> PyJson {
        PyJson(self.to_value())
    }

    fn __len__(&self) -> usize {
        self.row().outcomes.len()
    }

    fn __repr__(&self) -> String {
        format!("GenAIEvalSet(record={:?}, pass_rate={})", self.row().name(), self.counts())
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (PyResults,))> {
        Ok((py.get_type::<Self>().getattr("_unpickled")?, (alone(&self.results, self.row),)))
    }

    /// Makes the set of a pickle again.
    #[staticmethod]
    fn _unpickled(results: PyRef<'_, PyResults>) -> Self {
        Self { results: results.0.clone(), row: 0 }
    }

    fn __str__(&self) -> String {
        pretty(&self.to_value())
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.to_value().is_same(&other.to_value())
    }
}

/// One record and what came of it.
#[pyclass(module = "scouter.evaluate", name = "AlignedEvalResult", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyAligned {
    pub(crate) results: Arc<Results>,
    pub(crate) row: usize,
}

impl PyAligned {
    fn row(&self) -> &Row {
        &self.results.rows()[self.row]
    }
}

#[pymethods]
impl PyAligned {
    /// Our name for the record.
    #[getter]
    fn record_uid(&self) -> String {
        self.row().uid.to_string()
    }

    /// Your name for the record.
    #[getter]
    fn record_id(&self) -> Option<&str> {
        self.row().id.as_deref()
    }

    /// The case that the record is a trial of, where the dataset was told where it stands.
    #[getter]
    fn case(&self) -> Option<&str> {
        self.row().labels.as_deref()?.case.as_deref()
    }

    /// Which trial of the record it is, counted from 1; `None` where there is but one.
    #[getter]
    fn trial(&self) -> Option<u32> {
        self.row().labels.as_deref()?.trial.map(NonZeroU32::get)
    }

    /// The cluster that the record belongs to, where the dataset was told where it stands.
    #[getter]
    fn cluster(&self) -> Option<&str> {
        self.row().labels.as_deref()?.cluster.as_deref()
    }

    /// What the tasks came to.
    #[getter]
    pub(super) fn eval_set(&self) -> PyEvalSet {
        PyEvalSet { results: self.results.clone(), row: self.row }
    }

    /// What a task came to, by its id (whatever its case) or its place.
    fn __getitem__(&self, key: &Bound<'_, PyAny>) -> PyResult<PyTaskResult> {
        one_task(&self.results, self.row, key)
    }

    /// Whether there is a task of this id.
    fn __contains__(&self, id: &Bound<'_, PyAny>) -> bool {
        has_task(&self.results, id)
    }

    /// Goes through the results of the tasks.
    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<TaskResultIterator<'py>> {
        iterate(py, &self.results, self.row)
    }

    fn __len__(&self) -> usize {
        self.task_count()
    }

    /// The vectors of the record's texts, by the path of the text; empty where none were asked for.
    #[getter]
    fn embedding(&self) -> HashMap<String, Vec<f32>> {
        let embedded = self.results.embedded.as_deref().into_iter();
        embedded
            .flat_map(|of| of.vectors(self.row))
            .map(|(name, vector)| (name.to_owned(), vector.to_vec()))
            .collect()
    }

    /// The mean of the numbers of each vector, by the path of the text.
    #[getter]
    fn mean_embeddings(&self) -> HashMap<String, f64> {
        self.results.embedded.as_deref().into_iter().flat_map(|of| of.means(self.row)).collect()
    }

    /// How alike the texts are, each pair as `one_other`: the cosine of the angle between their vectors, 1 at most. Empty
    /// unless it was asked for.
    #[getter]
    fn similarity_scores(&self) -> HashMap<String, f64> {
        self.results.embedded.as_deref().into_iter().flat_map(|of| of.similarities(self.row)).collect()
    }

    /// Whether no task errored. A check that failed is none that errored: whether all passed is told by `eval_set.pass_rate` and
    /// `failures()`.
    #[getter]
    fn success(&self) -> bool {
        self.row().is_sound()
    }

    /// The first error, with its task.
    #[getter]
    fn error_message(&self) -> Option<String> {
        let tasks = self.results.tasks().iter();
        self.row().outcomes.iter().zip(tasks).find_map(|(outcome, task)| match outcome {
            Outcome::Errored(error) => Some(format!("task `{}` failed to {error}", task.id)),
            Outcome::Cancelled => Some("the run was stopped before its end".to_owned()),
            _ => None,
        })
    }

    /// Every outcome that is not as it should be: of tasks that failed, gates and tasks that only report aside, and of tasks that
    /// errored.
    fn failures(&self) -> Vec<PyTaskResult> {
        failures(&self.results, self.row).collect()
    }

    /// How many tasks the plan has.
    #[getter]
    fn task_count(&self) -> usize {
        self.row().outcomes.len()
    }

    /// The record as JSON text.
    fn model_dump_json(&self) -> String {
        to_json(&self.to_value())
    }

    fn __repr__(&self) -> String {
        let success = if self.success() { "True" } else { "False" };
        let counts = self.row().counts(self.results.tasks());
        format!("AlignedEvalResult(record={:?}, success={success}, pass_rate={counts})", self.row().name())
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (PyResults,))> {
        Ok((py.get_type::<Self>().getattr("_unpickled")?, (alone(&self.results, self.row),)))
    }

    /// Makes the result of a pickle again.
    #[staticmethod]
    fn _unpickled(results: PyRef<'_, PyResults>) -> Self {
        Self { results: results.0.clone(), row: 0 }
    }

    fn __str__(&self) -> String {
        pretty(&self.to_value())
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.to_value().is_same(&other.to_value())
    }
}

impl PyAligned {
    fn to_value(&self) -> Value {
        Value::map([
            ("record_id", Value::from(self.record_id())),
            ("record_uid", Value::from(self.record_uid())),
            ("success", Value::Bool(self.success())),
            ("error_message", Value::from(self.error_message())),
            ("eval_set", self.eval_set().to_value()),
        ])
    }
}
