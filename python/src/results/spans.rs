//! `AssertionResult` and `AssertionResults`: trace assertions without a record.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyIterator, PyList};
use scouter_engine::{Report, nearest};
use scouter_tasks::counted::counted;
use scouter_tasks::measured::Measured;
use scouter_tasks::result::{Status, message};
use scouter_tasks::suite::Suite;
use scouter_tasks::value::Value;

use super::lookup::by_id;
use crate::convert::PyJson;
use crate::data::literal;
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

impl PartialEq for PyAssertionResult {
    fn eq(&self, other: &Self) -> bool {
        (self.status, &self.message) == (other.status, &other.message)
            && self.actual.is_same(&other.actual)
            && self.expected.is_same(&other.expected)
    }
}

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

    fn __repr__(&self) -> String {
        format!(
            "AssertionResult(status={:?}, actual={}, expected={})",
            self.status(),
            literal(&self.actual),
            literal(&self.expected)
        )
    }

    fn __eq__(&self, other: &Self) -> bool {
        self == other
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Parts)> {
        Ok((py.get_type::<Self>().getattr("_unpickled")?, self.parts()))
    }

    /// Makes the result of a pickle again.
    #[staticmethod]
    fn _unpickled(status: &str, actual: PyJson, expected: PyJson, message: String) -> PyResult<Self> {
        Self::of_parts((status.to_owned(), actual, expected, message))
    }
}

/// A result as its pickle has it: status, actual, expected, message.
type Parts = (String, PyJson, PyJson, String);

/// Results by the ids of their tasks, as their pickle has them.
type Entries = Vec<(String, Parts)>;

impl PyAssertionResult {
    fn parts(&self) -> Parts {
        (self.status().to_owned(), self.actual(), self.expected(), self.message.clone())
    }

    fn of_parts((status, PyJson(actual), PyJson(expected), message): Parts) -> PyResult<Self> {
        let known = Status::ALL.into_iter().find(|known| known.as_str() == status);
        let status = known.ok_or_else(|| errors::value(format!("`{status}` is no status")))?;
        Ok(Self { status, actual, expected, message })
    }
}

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
    fn results<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let results = PyDict::new(py);
        for (id, result) in &self.0 {
            results.set_item(id, Bound::new(py, result.clone())?)?;
        }
        by_id(&results)
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
    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyIterator>> {
        PyList::new(py, self.0.iter().map(|(id, _)| id))?.try_iter()
    }

    fn __len__(&self) -> usize {
        self.0.len()
    }

    fn __repr__(&self) -> String {
        format!("AssertionResults({})", counted(self.0.len(), "task"))
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.0 == other.0
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (Entries,))> {
        let results = self.0.iter().map(|(id, result)| (id.clone(), result.parts()));
        Ok((py.get_type::<Self>().getattr("_unpickled")?, (results.collect(),)))
    }

    /// Makes the results of a pickle again.
    #[staticmethod]
    fn _unpickled(results: Entries) -> PyResult<Self> {
        let results = results.into_iter().map(|(id, parts)| Ok((id, PyAssertionResult::of_parts(parts)?)));
        results.collect::<PyResult<_>>().map(Self)
    }
}
