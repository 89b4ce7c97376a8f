//! `GenAIEvalTaskResult`.

use std::borrow::Cow;
use std::num::NonZeroU32;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use pyo3::prelude::*;
use scouter_tasks::result::{Judged, Results, Status};
use scouter_tasks::suite::TaskInfo;
use scouter_tasks::value::{Value, pretty, to_json};

use super::set::alone;
use super::whole::PyResults;
use crate::convert::PyJson;
use crate::errors;
use crate::evaluate::{PyComparisonOperator, PyEvaluationTaskType};
use crate::genai::PyModelCall;

/// How one task came out for one record.
#[pyclass(module = "scouter.evaluate", name = "GenAIEvalTaskResult", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyTaskResult {
    pub(crate) results: Arc<Results>,
    pub(crate) row: usize,
    pub(crate) task: usize,
}

impl PyTaskResult {
    fn info(&self) -> &TaskInfo {
        &self.results.tasks()[self.task]
    }

    fn judged(&self) -> Judged<'_> {
        Judged { tasks: self.results.tasks(), task: self.task, row: &self.results.rows()[self.row] }
    }

    fn state(&self) -> Status {
        self.judged().status()
    }

    /// What was looked at.
    fn actual_value(&self) -> Value {
        self.judged().actual().into_owned()
    }

    /// What was expected of it.
    fn expected_value(&self) -> Value {
        self.judged().expected().clone()
    }

    /// The result as a value.
    pub(crate) fn to_value(&self) -> Value {
        let info = self.info();
        Value::map([
            ("task_id", Value::from(info.id.as_str())),
            ("task_type", Value::from(info.kind.as_str())),
            ("record_uid", Value::from(self.record_uid())),
            ("record_id", Value::from(self.record_id())),
            ("created_at", Value::from(self.created_at().to_rfc3339())),
            ("status", Value::from(self.state().as_str())),
            ("passed", Value::Bool(self.passed())),
            ("value", Value::Float(self.value())),
            ("condition", Value::Bool(info.gate)),
            ("stage", Value::from(info.stage)),
            ("context_path", Value::from(info.context_path.clone())),
            ("operator", Value::from(info.operator.map(|operator| operator.to_string()))),
            ("expected", self.expected_value()),
            ("actual", self.actual_value()),
            ("message", Value::from(self.message())),
            ("detail", Value::from(self.detail().map(str::to_owned))),
            ("call", Value::from(self.judged().call().map(|call| call.to_value()))),
        ])
    }
}

#[pymethods]
impl PyTaskResult {
    /// When the record was evaluated.
    #[getter]
    fn created_at(&self) -> DateTime<Utc> {
        self.results.rows()[self.row].created_at
    }

    /// Our name for the record.
    #[getter]
    fn record_uid(&self) -> String {
        self.results.rows()[self.row].uid.to_string()
    }

    /// Your name for the record.
    #[getter]
    fn record_id(&self) -> Option<&str> {
        self.results.rows()[self.row].id.as_deref()
    }

    /// Which trial of the record it is of, counted from 1; `None` where there is but one.
    #[getter]
    fn trial(&self) -> Option<u32> {
        self.results.rows()[self.row].trial().map(NonZeroU32::get)
    }

    /// The task.
    #[getter]
    fn task_id(&self) -> &str {
        &self.info().id
    }

    /// The kind of the task.
    #[getter]
    fn task_type(&self) -> PyEvaluationTaskType {
        PyEvaluationTaskType::named(&self.info().kind)
    }

    /// `passed`, `failed`, `errored`, `skipped`, `not_applicable` or `cancelled`.
    #[getter]
    fn status(&self) -> &'static str {
        self.state().as_str()
    }

    /// Whether the check holds. `False` does not mean that it failed: see `status`.
    #[getter]
    fn passed(&self) -> bool {
        self.state() == Status::Passed
    }

    /// 1.0 where the check holds, else 0.0.
    #[getter]
    fn value(&self) -> f64 {
        f64::from(u8::from(self.passed()))
    }

    /// Whether the task is a gate.
    #[getter]
    fn condition(&self) -> bool {
        self.info().gate
    }

    /// Why the task only reports, so that it counts nowhere and is no gate; `None` where it counts.
    #[getter]
    fn advisory(&self) -> Option<&str> {
        self.info().advisory.as_deref()
    }

    /// The stage of the plan that the task stands in, from 1.
    #[getter]
    fn stage(&self) -> usize {
        self.info().stage
    }

    /// The path that was looked at.
    #[getter]
    fn context_path(&self) -> Option<&str> {
        self.info().context_path.as_deref()
    }

    /// How the value was judged; `None` where a function did.
    #[getter]
    fn operator(&self) -> Option<PyComparisonOperator> {
        self.info().operator.map(Into::into)
    }

    /// What was expected, filled in for this record. Large values are cut, and say so.
    #[getter]
    fn expected(&self) -> PyJson {
        PyJson(self.expected_value())
    }

    /// What was looked at. Large values are cut, and say so.
    #[getter]
    fn actual(&self) -> PyJson {
        PyJson(self.actual_value())
    }

    /// Why it came out so.
    #[getter]
    fn message(&self) -> String {
        self.judged().message()
    }

    /// More about an error, such as the traceback of a function.
    #[getter]
    fn detail(&self) -> Option<&str> {
        self.judged().detail()
    }

    /// All that was measured, of which `actual` is the value that was judged, where the task looks at all records at once; `None` of
    /// others.
    #[getter]
    fn found(&self) -> Option<PyJson> {
        self.judged().outcome().output()?.value.found().cloned().map(PyJson)
    }

    /// What asking a model came to, also where it brought no answer; `None` where none was asked.
    #[getter]
    fn call(&self) -> Option<PyModelCall> {
        self.judged().call().map(Cow::into_owned).map(PyModelCall)
    }

    /// It has no truth: see `passed`.
    ///
    /// Raises:
    ///     TypeError: Always, so that `assert results["my_id"]["my_task"]` is no test that cannot fail.
    fn __bool__(&self) -> PyResult<bool> {
        Err(errors::no_truth("GenAIEvalTaskResult", ".passed", self.passed()))
    }

    /// The result as JSON text.
    fn model_dump_json(&self) -> String {
        to_json(&self.to_value())
    }

    /// The result as a dict.
    fn model_dump(&self) -> PyJson {
        PyJson(self.to_value())
    }

    fn __repr__(&self) -> String {
        format!(
            "GenAIEvalTaskResult(task_id={:?}, status={:?}, message={:?})",
            self.task_id(),
            self.status(),
            self.message()
        )
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (PyResults, usize))> {
        let again = py.get_type::<Self>().getattr("_unpickled")?;
        Ok((again, (alone(&self.results, self.row), self.task)))
    }

    /// Makes the result of a pickle again.
    #[staticmethod]
    fn _unpickled(results: PyRef<'_, PyResults>, task: usize) -> Self {
        Self { results: results.0.clone(), row: 0, task }
    }

    fn __str__(&self) -> String {
        pretty(&self.to_value())
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.to_value().is_same(&other.to_value())
    }
}
