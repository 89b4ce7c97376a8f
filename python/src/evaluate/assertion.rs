//! `AssertionTask`.

use pyo3::prelude::*;
use scouter_tasks::task::{AssertionSpec, Each, Head};
use scouter_tasks::value::from_value;

use super::arguments::{Expected, FourthPath, Texts};
use super::enums::PyEvaluationTaskType;
use super::operator::AnyOperator;
use super::task::{expectation_attributes, head, head_attributes};
use crate::convert::PyJson;
use crate::data::wraps;
use crate::errors;

/// A check of a value in the record's context. Arguments without their names stand in the order in which they are told here:
/// what is expected comes before the operator and the path.
///
/// Args:
///     id: The task's name, unique in its dataset; kept in lower case.
///     expected_value: What is expected of the value. `${path}` is filled in from the record. Left
///         out where the operator expects nothing, such as `IsEmail`.
///     operator: How the value is judged: a `ComparisonOperator`, or its name.
///     context_path: Where the value is, such as `response.items[0].name` or a JSONPath that
///         begins with `$`. The whole context where there is none.
///     item_context_path: What to pick from each item of an array before it is judged.
///     description: What the task is for.
///     depends_on: The tasks that run before this one. Their values are seen under their ids.
///     condition: Whether the task is a gate: unless it passes, nothing that depends on it runs.
///     each: How many items of an array must pass: `"all"` (the default), `"any"`, `"none"` or a
///         least number. An empty array passes none of them.
///
/// Raises:
///     ConfigError: Where `expected_value` has no form in JSON or `each` is something else.
#[pyclass(module = "scouter.evaluate", name = "AssertionTask", skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyAssertionTask(pub(crate) AssertionSpec);

wraps!(PyAssertionTask(AssertionSpec) as "AssertionTask");
head_attributes!(PyAssertionTask, head);
expectation_attributes!(PyAssertionTask);

impl PyAssertionTask {
    fn head(&self) -> &Head {
        &self.0.head
    }

    fn head_mut(&mut self) -> &mut Head {
        &mut self.0.head
    }
}

/// How many items must pass, from an argument.
pub(crate) fn each(py: Python<'_>, task: &str, each: Option<PyJson>) -> PyResult<Each> {
    let Some(PyJson(value)) = each else { return Ok(Each::All) };
    from_value(&value).map_err(|error| errors::field(py, task, "each", error))
}

#[pymethods]
impl PyAssertionTask {
    #[new]
    #[pyo3(signature = (
        id, expected_value=Expected::LEFT_OUT, operator=None, context_path=None, item_context_path=None, description=None, depends_on=None,
        condition=false, each=None,
    ))]
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of a Python class, given by name")]
    fn new(
        py: Python<'_>,
        id: &str,
        expected_value: Expected<'_>,
        operator: Option<AnyOperator>,
        context_path: Option<FourthPath>,
        item_context_path: Option<String>,
        description: Option<String>,
        depends_on: Option<Texts>,
        condition: bool,
        each: Option<PyJson>,
    ) -> PyResult<Self> {
        Ok(Self(AssertionSpec {
            head: head(id, description, depends_on, condition),
            context_path: context_path.map(|FourthPath(path)| path),
            item_context_path,
            operator: AnyOperator::read(py, id, operator)?,
            expected_value: expected_value.read(id)?,
            each: self::each(py, id, each)?,
        }))
    }

    /// Where the value is.
    #[getter]
    fn context_path(&self) -> Option<&str> {
        self.0.context_path.as_deref()
    }

    #[setter]
    fn set_context_path(&mut self, context_path: Option<String>) {
        self.0.context_path = context_path;
    }

    /// What is picked from each item of an array.
    #[getter]
    fn item_context_path(&self) -> Option<&str> {
        self.0.item_context_path.as_deref()
    }

    #[setter]
    fn set_item_context_path(&mut self, item_context_path: Option<String>) {
        self.0.item_context_path = item_context_path;
    }

    /// The kind of the task.
    #[getter]
    fn task_type(&self) -> PyEvaluationTaskType {
        PyEvaluationTaskType::Assertion
    }
}
