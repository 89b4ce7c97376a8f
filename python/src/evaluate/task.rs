//! What all classes of tasks share.

use std::sync::Arc;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use scouter_tasks::task::{AssertionSpec, DriftSpec, Head, LLMJudgeSpec, Task, TraceAssertionSpec};

use crate::convert::class;
use crate::data::Data;

use super::arguments::Texts;
use super::{PyAssertionTask, PyCustomTask, PyDriftTask, PyJudgeTask, PyTraceAssertionTask};

/// The task in a Python object.
pub(crate) fn task(object: &Bound<'_, PyAny>) -> PyResult<Arc<dyn Task>> {
    if let Ok(task) = object.cast::<PyAssertionTask>() {
        return Ok(Arc::new(task.borrow().0.clone()));
    }
    if let Ok(task) = object.cast::<PyTraceAssertionTask>() {
        return Ok(Arc::new(task.borrow().0.clone()));
    }
    if let Ok(task) = object.cast::<PyJudgeTask>() {
        return Ok(Arc::new(task.borrow().0.clone()));
    }
    if let Ok(task) = object.cast::<PyDriftTask>() {
        return Ok(Arc::new(task.borrow().0.clone()));
    }
    if let Ok(task) = object.cast::<PyCustomTask>() {
        return Ok(Arc::new(PyCustomTask::spec(task)?));
    }
    let class = class(object);
    let hint = if object.cast::<PyDict>().is_ok() { ", such as `AssertionTask(**fields)`" } else { "" };
    Err(PyTypeError::new_err(format!(
        "`{class}` is not a task: expected AssertionTask, LLMJudgeTask, TraceAssertionTask, DriftTask or CustomTask{hint}"
    )))
}

/// Whether an object is a task.
pub(super) fn is_task(object: &Bound<'_, PyAny>) -> bool {
    object.cast::<PyAssertionTask>().is_ok()
        || object.cast::<PyTraceAssertionTask>().is_ok()
        || object.cast::<PyJudgeTask>().is_ok()
        || object.cast::<PyDriftTask>().is_ok()
        || object.cast::<PyCustomTask>().is_ok()
}

/// The Python object of a task that was read from a file.
pub(crate) fn object<'py>(py: Python<'py>, task: &dyn Task) -> PyResult<Bound<'py, PyAny>> {
    let value = task.to_value().unwrap_or_default();
    match task.kind() {
        TraceAssertionSpec::KIND => {
            Ok(Bound::new(py, PyTraceAssertionTask::from_value(py, &value)?)?.into_any())
        }
        LLMJudgeSpec::KIND => Ok(Bound::new(py, PyJudgeTask::from_value(py, &value)?)?.into_any()),
        DriftSpec::KIND => Ok(Bound::new(py, PyDriftTask::from_value(py, &value)?)?.into_any()),
        AssertionSpec::KIND => Ok(Bound::new(py, PyAssertionTask::from_value(py, &value)?)?.into_any()),
        kind => Err(PyTypeError::new_err(format!("tasks of the kind `{kind}` have no class in Python"))),
    }
}

/// What every task has, from the arguments of its class.
pub(crate) fn head(
    id: &str,
    description: Option<String>,
    depends_on: Option<Texts>,
    condition: bool,
) -> Head {
    let depends_on = depends_on.unwrap_or_default().0.iter().map(|id| id.to_lowercase()).collect();
    Head { description, depends_on, condition, ..Head::new(id) }
}

/// The attributes that every class of tasks has.
macro_rules! head_attributes {
    ($class:ty, $head:ident) => {
        #[pymethods]
        impl $class {
            /// The task's name, in lower case.
            #[getter]
            fn id(&self) -> &str {
                &self.$head().id
            }

            #[setter]
            fn set_id(&mut self, id: &str) {
                self.head_mut().id = id.to_lowercase();
            }

            /// What the task is for.
            #[getter]
            fn description(&self) -> Option<&str> {
                self.$head().description.as_deref()
            }

            #[setter]
            fn set_description(&mut self, description: Option<String>) {
                self.head_mut().description = description;
            }

            /// The tasks that run before this one, in lower case.
            #[getter]
            fn depends_on(&self) -> Vec<String> {
                self.$head().depends_on.clone()
            }

            #[setter]
            fn set_depends_on(&mut self, depends_on: $crate::evaluate::Texts) {
                self.head_mut().depends_on = depends_on.0.iter().map(|id| id.to_lowercase()).collect();
            }

            /// Whether the task is a gate.
            #[getter]
            fn condition(&self) -> bool {
                self.$head().condition
            }

            #[setter]
            fn set_condition(&mut self, condition: bool) {
                self.head_mut().condition = condition;
            }
        }
    };
}

/// The attributes that classes have whose spec judges a value by an operator.
macro_rules! expectation_attributes {
    ($class:ty) => {
        #[pymethods]
        impl $class {
            /// How the value is judged.
            #[getter]
            fn operator(&self) -> $crate::evaluate::PyComparisonOperator {
                self.0.operator.into()
            }

            #[setter]
            fn set_operator(&mut self, operator: $crate::evaluate::PyComparisonOperator) {
                self.0.operator = operator.into();
            }

            /// What is expected of the value; `None` also where nothing is.
            #[getter]
            fn expected_value(&self) -> $crate::convert::PyJson {
                $crate::convert::PyJson(self.0.expected_value.clone().unwrap_or_default())
            }

            /// How many items of an array must pass: `"all"`, `"any"`, `"none"` or a least number.
            #[getter]
            fn each(&self) -> PyResult<$crate::convert::PyJson> {
                let each = scouter_tasks::value::to_value(&self.0.each);
                each.map($crate::convert::PyJson).map_err($crate::errors::value)
            }

            #[setter]
            fn set_each(&mut self, py: Python<'_>, each: $crate::convert::PyJson) -> PyResult<()> {
                self.0.each = $crate::evaluate::assertion::each(py, &self.0.head.id, Some(each))?;
                Ok(())
            }
        }
    };
}

pub(crate) use {expectation_attributes, head_attributes};
