//! `TraceAssertionTask`, and running such tasks without a record.

use std::sync::Arc;

use pyo3::prelude::*;
use scouter_engine::{RunCx, run};
use scouter_tasks::subject::Subject;
use scouter_tasks::suite::compile;
use scouter_tasks::task::{Head, Task, TraceAssertionSpec};

use super::arguments::{Expected, Texts, TraceSpans};
use super::assertion::each;
use super::enums::PyEvaluationTaskType;
use super::operator::AnyOperator;
use super::record::spans;
use super::task::{expectation_attributes, head, head_attributes};
use super::trace_assertion::PyTraceAssertion;
use crate::convert::PyJson;
use crate::data::wraps;
use crate::errors;
use crate::results::PyAssertionResults;

/// A check of something measured of the record's trace.
///
/// Args:
///     id: The task's name, unique in its dataset; kept in lower case.
///     assertion: What is measured.
///     expected_value: What is expected of it. `${path}` is filled in from the record.
///     operator: How it is judged.
///     description: What the task is for.
///     depends_on: The tasks that run before this one.
///     condition: Whether the task is a gate: unless it passes, nothing that depends on it runs.
///     each: How many must pass where several values are measured: `"all"` (the default),
///         `"any"`, `"none"` or a least number.
#[pyclass(module = "scouter.evaluate", name = "TraceAssertionTask", skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyTraceAssertionTask(pub(crate) TraceAssertionSpec);

wraps!(PyTraceAssertionTask(TraceAssertionSpec) as "TraceAssertionTask");
head_attributes!(PyTraceAssertionTask, head);
expectation_attributes!(PyTraceAssertionTask);

impl PyTraceAssertionTask {
    fn head(&self) -> &Head {
        &self.0.head
    }

    fn head_mut(&mut self) -> &mut Head {
        &mut self.0.head
    }
}

#[pymethods]
impl PyTraceAssertionTask {
    #[new]
    #[pyo3(signature = (
        id, assertion, expected_value=Expected::LEFT_OUT, operator=None, description=None, depends_on=None, condition=false, each=None,
    ))]
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of a Python class, given by name")]
    fn new(
        py: Python<'_>,
        id: &str,
        assertion: PyTraceAssertion,
        expected_value: Expected<'_>,
        operator: Option<AnyOperator>,
        description: Option<String>,
        depends_on: Option<Texts>,
        condition: bool,
        each: Option<PyJson>,
    ) -> PyResult<Self> {
        Ok(Self(TraceAssertionSpec {
            head: head(id, description, depends_on, condition),
            assertion: assertion.into(),
            operator: AnyOperator::read(py, id, operator)?,
            expected_value: expected_value.read(id)?,
            each: self::each(py, id, each)?,
        }))
    }

    /// What is measured.
    #[getter]
    fn assertion(&self) -> PyTraceAssertion {
        self.0.assertion.clone().into()
    }

    #[setter]
    fn set_assertion(&mut self, assertion: PyTraceAssertion) {
        self.0.assertion = assertion.into();
    }

    /// The kind of the task.
    #[getter]
    fn task_type(&self) -> PyEvaluationTaskType {
        PyEvaluationTaskType::TraceAssertion
    }
}

/// Runs trace assertions over the spans of one trace, without a record around them.
///
/// Args:
///     tasks: The tasks.
///     spans: The spans of the trace.
///
/// Returns:
///     The result of each task, by its id.
///
/// Raises:
///     ConfigError: Where a task is not sound.
#[pyfunction]
pub(crate) fn execute_trace_assertion_tasks(
    py: Python<'_>,
    tasks: Vec<PyRef<'_, PyTraceAssertionTask>>,
    spans: TraceSpans,
) -> PyResult<PyAssertionResults> {
    let tasks: Vec<Arc<dyn Task>> =
        tasks.iter().map(|task| Arc::new(task.0.clone()) as Arc<dyn Task>).collect();
    let suite = compile(&tasks).map_err(|error| errors::config(py, &error))?;
    let subject = Subject {
        spans: self::spans(&spans.0),
        ..Subject::new(&suite.reads, &scouter_tasks::value::Value::default())
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    let mut report = py.detach(|| runtime.block_on(run(&suite.graph, &subject, &RunCx::default())));
    suite.trim(&mut report);
    Ok(PyAssertionResults::new(&suite, &report))
}
