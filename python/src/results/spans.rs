//! `AssertionResult` and `AssertionResults`: trace assertions without a record.

use pyo3::prelude::*;
use pyo3::type_object::PyTypeInfo;
use pyo3::types::{PyDict, PyList, PyString};
use pyo3::{type_hint_identifier, type_hint_subscript};
use scouter_engine::{Report, nearest};
use scouter_tasks::counted::counted;
use scouter_tasks::measured::Measured;
use scouter_tasks::result::{Status, message};
use scouter_tasks::suite::Suite;
use scouter_tasks::value::Value;
use smol_str::SmolStr;

use super::lookup::by_id;
use crate::convert::{PyJson, given};
use crate::data::{Data, json_methods, literal, prints};
use crate::errors;

/// How one assertion came out.
#[pyclass(module = "scouter.evaluate", name = "AssertionResult", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyAssertionResult {
    status: Status,
    actual: Value,
    expected: Value,
    /// Why it came out so.
    #[pyo3(get)]
    message: String,
}

impl Data for PyAssertionResult {
    const NAME: &'static str = "AssertionResult";

    fn to_value(&self, _py: Python<'_>) -> PyResult<Value> {
        Ok(Value::map([
            ("status", Value::from(self.status())),
            ("actual", self.actual.clone()),
            ("expected", self.expected.clone()),
            ("message", Value::from(self.message.as_str())),
        ]))
    }

    fn from_value(_py: Python<'_>, value: &Value) -> PyResult<Self> {
        let wrong = |why: String| errors::value(format!("not an `AssertionResult`: {why}"));
        let field = |name: &str| value.get(name).ok_or_else(|| wrong(format!("it has no `{name}`")));
        let status = field("status")?;
        let known = Status::ALL.into_iter().find(|known| status.as_text() == Some(known.as_str()));
        let message = field("message")?.as_text();
        Ok(Self {
            status: known.ok_or_else(|| wrong(format!("`{status}` is no status")))?,
            actual: field("actual")?.clone(),
            expected: field("expected")?.clone(),
            message: message.ok_or_else(|| wrong("its `message` is no text".to_owned()))?.to_owned(),
        })
    }
}

json_methods!(PyAssertionResult);
prints!(PyAssertionResult);

#[pymethods]
impl PyAssertionResult {
    /// `passed`, `failed`, `errored`, `skipped` or `not_applicable`.
    #[getter]
    fn status(&self) -> &'static str {
        self.status.as_str()
    }

    /// Whether it holds.
    #[getter]
    fn passed(&self) -> bool {
        self.status == Status::Passed
    }

    /// What was measured.
    #[getter]
    fn actual(&self) -> PyJson {
        PyJson(self.actual.clone())
    }

    /// What was expected.
    #[getter]
    fn expected(&self) -> PyJson {
        PyJson(self.expected.clone())
    }

    /// It has no truth: see `passed`.
    ///
    /// Raises:
    ///     TypeError: Always, so that `assert results["my_task"]` is no test that cannot fail.
    fn __bool__(&self) -> PyResult<bool> {
        Err(errors::no_truth("AssertionResult", ".passed", self.passed()))
    }

    fn __repr__(&self) -> String {
        format!(
            "AssertionResult(status={:?}, actual={}, expected={})",
            self.status(),
            literal(&self.actual),
            literal(&self.expected)
        )
    }
}

given!(
    /// Results by the ids of their tasks.
    ByTask = type_hint_subscript!(PyDict::TYPE_HINT, PyString::TYPE_HINT, PyAssertionResult::TYPE_HINT)
);

given!(
    /// To go through the ids of tasks.
    IdIterator =
        type_hint_subscript!(type_hint_identifier!("collections.abc", "Iterator"), PyString::TYPE_HINT)
);

/// How assertions came out, by the ids of their tasks.
#[pyclass(module = "scouter.evaluate", name = "AssertionResults", frozen)]
#[derive(Debug)]
pub(crate) struct PyAssertionResults(Vec<(String, PyAssertionResult)>);

impl PyAssertionResults {
    pub(crate) fn new(suite: &Suite, report: &Report<Measured>) -> Self {
        let tasks = suite.tasks.iter().zip(&report.outcomes);
        let results = tasks.map(|(task, outcome)| {
            let output = outcome.output().map(|output| &output.value);
            let result = PyAssertionResult {
                status: Status::of(outcome),
                actual: output.map(|measured| measured.actual().into_owned()).unwrap_or_default(),
                expected: output.and_then(|measured| measured.expected()).unwrap_or(&task.expected).clone(),
                message: message(&suite.tasks, outcome, task),
            };
            (task.id.clone(), result)
        });
        Self(results.collect())
    }
}

#[pymethods]
impl PyAssertionResults {
    /// Each result by the id of its task, in the order of the tasks.
    #[getter]
    fn results<'py>(&self, py: Python<'py>) -> PyResult<ByTask<'py>> {
        let results = PyDict::new(py);
        for (id, result) in &self.0 {
            results.set_item(id, Bound::new(py, result.clone())?)?;
        }
        Ok(ByTask(by_id(&results)?.into_any()))
    }

    fn __getitem__(&self, key: &str) -> PyResult<PyAssertionResult> {
        let wanted = key.to_lowercase();
        let found = self.0.iter().find(|(id, _)| *id == wanted);
        found.map(|(_, result)| result.clone()).ok_or_else(|| {
            let near = nearest(&wanted, self.0.iter().map(|(id, _)| id.as_str()));
            errors::no_such("task", key, near)
        })
    }

    fn __contains__(&self, key: &Bound<'_, PyAny>) -> bool {
        key.extract::<String>().is_ok_and(|key| self.0.iter().any(|(id, _)| *id == key.to_lowercase()))
    }

    /// The ids of the tasks, in their order.
    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<IdIterator<'py>> {
        Ok(IdIterator(PyList::new(py, self.0.iter().map(|(id, _)| id))?.try_iter()?.into_any()))
    }

    fn __len__(&self) -> usize {
        self.0.len()
    }

    fn __repr__(&self) -> String {
        format!("AssertionResults({})", counted(self.0.len(), "task"))
    }
}

impl Data for PyAssertionResults {
    const NAME: &'static str = "AssertionResults";

    /// In the order of the tasks.
    fn to_value(&self, py: Python<'_>) -> PyResult<Value> {
        let results = self.0.iter().map(|(id, result)| Ok((SmolStr::new(id), result.to_value(py)?)));
        let results = results.collect::<PyResult<Vec<_>>>()?;
        Ok(Value::map([("results", Value::map(results))]))
    }

    fn from_value(py: Python<'_>, value: &Value) -> PyResult<Self> {
        let results = value.get("results").and_then(Value::as_map).ok_or_else(|| {
            errors::value("not an `AssertionResults`: it has no `results`, by the ids of tasks")
        })?;
        let results = results
            .iter()
            .map(|(id, result)| Ok((id.to_string(), PyAssertionResult::from_value(py, result)?)));
        results.collect::<PyResult<_>>().map(Self)
    }
}

json_methods!(PyAssertionResults);
prints!(PyAssertionResults);
