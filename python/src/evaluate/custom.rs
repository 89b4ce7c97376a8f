//! `CustomTask`: a function of the user's as a node of the graph.

use std::sync::Arc;
use std::time::Duration;

use pyo3::exceptions::{PyException, PyRuntimeError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyWeakrefMethods, PyWeakrefReference};
use pyo3::{PyTraverseError, PyVisit};
use scouter_engine::PoolName;
use scouter_tasks::operator::Operator;
use scouter_tasks::path::Path;
use scouter_tasks::task::{Build, Built, Each, Expectation, Head, Subtitle, Task, Terms};
use scouter_tasks::value::Value;

use super::arguments::{Expected, Texts};
use super::assertion::each;
use super::call::{Call, Calls, POOL};
use super::config::{Seconds, seconds};
use super::enums::PyEvaluationTaskType;
use super::hints::Function;
use super::operator::{AnyOperator, PyComparisonOperator};
use super::task::{head, head_attributes};
use crate::convert::{PyJson, to_python};
use crate::errors;

/// What a task is made of again: its id and function, and the rest by name.
type NewArguments<'a, 'py> = ((&'a str, Bound<'py, PyAny>), Bound<'py, PyDict>);

/// A function of yours as a task: in the same graph, with dependencies and gates like any other.
///
/// The function is called with the record's context: a dict, with the values of the tasks it
/// depends on under their ids. The dict is the function's own; what stands in it is the record's, and is not to be
/// changed. It may be `async`, or an object that can be called. What it returns
/// is judged:
///
/// - a `CheckResult` says everything itself;
/// - with an `operator`, any other value is judged by it;
/// - without one, a `bool` (or NumPy's) passes or fails;
/// - any other value is kept for tasks that depend on this one, without a verdict;
/// - `None` is an error, for a forgotten `return` must not pass.
///
/// A function that raises makes its task *errored*, with the traceback; nothing else is lost.
///
/// Args:
///     id: The task's name, unique in its dataset; kept in lower case.
///     function: What is called.
///     expected_value: What is expected of the value, where there is an operator.
///     operator: How the value is judged.
///     description: What the task is for.
///     depends_on: The tasks that run before this one.
///     condition: Whether the task is a gate: unless it passes, nothing that depends on it runs.
///     each: How many items of an array must pass.
///     timeout: How many seconds the function may take.
///     version: What tells whether the function has changed, instead of its code: a run that goes on
///         in its directory, and one that reuses another, ask it again where this is another.
#[pyclass(module = "scouter.evaluate", name = "CustomTask", weakref)]
#[derive(Debug)]
pub(crate) struct PyCustomTask {
    head: Head,
    function: Py<PyAny>,
    operator: Option<Operator>,
    expected: Option<Value>,
    each: Each,
    timeout: Option<Duration>,
    /// What tells whether the function has changed.
    #[pyo3(get)]
    version: Option<String>,
}

head_attributes!(PyCustomTask, head);

impl PyCustomTask {
    fn head(&self) -> &Head {
        &self.head
    }

    fn head_mut(&mut self) -> &mut Head {
        &mut self.head
    }

    pub(crate) fn spec(task: &Bound<'_, Self>) -> PyResult<CustomSpec> {
        let function = Held(Arc::new(PyWeakrefReference::new(task)?.unbind()));
        let this = task.borrow();
        Ok(CustomSpec {
            head: this.head.clone(),
            function,
            operator: this.operator,
            expected: this.expected.clone(),
            each: this.each,
            timeout: this.timeout,
            version: this.version.clone(),
        })
    }
}

#[pymethods]
impl PyCustomTask {
    #[new]
    #[pyo3(signature = (
        id, function, expected_value=Expected::LEFT_OUT, operator=None, description=None, depends_on=None, condition=false,
        each=None, timeout=None, version=None,
    ))]
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of a Python class, given by name")]
    fn new(
        id: &str,
        function: Function<'_>,
        expected_value: Expected<'_>,
        operator: Option<AnyOperator>,
        description: Option<String>,
        depends_on: Option<Texts>,
        condition: bool,
        each: Option<PyJson>,
        timeout: Option<Seconds>,
        version: Option<String>,
    ) -> PyResult<Self> {
        let function = &function.0;
        let py = function.py();
        if !function.is_callable() {
            return Err(errors::field(py, id, "function", "it cannot be called"));
        }
        if operator.is_none() && (expected_value.is_some() || each.is_some()) {
            return Err(errors::field(py, id, "operator", "`expected_value` and `each` need an operator"));
        }
        let timeout = timeout.map(seconds).transpose();
        Ok(Self {
            head: head(id, description, depends_on, condition),
            function: function.clone().unbind(),
            operator: operator.map(|operator| AnyOperator::read(py, id, Some(operator))).transpose()?,
            expected: expected_value.read(id)?,
            each: self::each(py, id, each)?,
            timeout: timeout.map_err(|error| errors::field(py, id, "timeout", error))?,
            version,
        })
    }

    /// What is called.
    #[getter]
    fn function<'py>(&self, py: Python<'py>) -> Bound<'py, PyAny> {
        self.function.bind(py).clone()
    }

    /// How the value is judged.
    #[getter]
    fn operator(&self) -> Option<PyComparisonOperator> {
        self.operator.map(Into::into)
    }

    /// What is expected of the value; `None` also where nothing is.
    #[getter]
    fn expected_value(&self) -> PyJson {
        PyJson(self.expected.clone().unwrap_or_default())
    }

    /// The kind of the task.
    #[getter]
    fn task_type(&self) -> PyEvaluationTaskType {
        PyEvaluationTaskType::Custom
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!("CustomTask(id={:?}, function={})", self.head.id, self.function.bind(py).repr()?))
    }

    fn __eq__(&self, py: Python<'_>, other: &Self) -> PyResult<bool> {
        let same = (&self.head, &self.version) == (&other.head, &other.version)
            && (self.operator, self.each, self.timeout) == (other.operator, other.each, other.timeout)
            && same_value(self.expected.as_ref(), other.expected.as_ref());
        Ok(same && self.function.bind(py).eq(&other.function)?)
    }

    /// What is shown to the garbage collector.
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.function)
    }

    /// Pickles where its function does.
    fn __getnewargs_ex__<'py>(&self, py: Python<'py>) -> PyResult<NewArguments<'_, 'py>> {
        let given = PyDict::new(py);
        if let Some(operator) = self.operator() {
            let each = scouter_tasks::value::to_value(&self.each).map_err(errors::value)?;
            given.set_item("operator", operator)?;
            given.set_item("each", PyJson(each))?;
        }
        if let Some(expected) = &self.expected {
            given.set_item("expected_value", to_python(py, expected)?)?;
        }
        given.set_item("description", &self.head.description)?;
        given.set_item("depends_on", &self.head.depends_on)?;
        given.set_item("condition", self.head.condition)?;
        given.set_item("timeout", self.timeout.map(|timeout| timeout.as_secs_f64()))?;
        given.set_item("version", &self.version)?;
        Ok(((self.head.id.as_str(), self.function(py)), given))
    }
}

/// Whether both are the same value, or none.
fn same_value(a: Option<&Value>, b: Option<&Value>) -> bool {
    a.zip(b).map_or(a.is_none() && b.is_none(), |(a, b)| a.is_same(b))
}

/// A function, held by its task alone: the garbage collector sees it there, and would not see it here.
#[derive(Clone, Debug)]
pub(super) struct Held(Arc<Py<PyWeakrefReference>>);

impl Held {
    pub(super) fn function<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let task = self.0.bind(py).upgrade_as::<PyCustomTask>()?;
        // Whoever runs a dataset has it, and it has its tasks.
        let task = task.ok_or_else(|| PyRuntimeError::new_err("its task is there no more"))?;
        Ok(task.borrow().function(py))
    }
}

/// A function as a task.
#[derive(Debug)]
pub(crate) struct CustomSpec {
    head: Head,
    function: Held,
    operator: Option<Operator>,
    expected: Option<Value>,
    each: Each,
    timeout: Option<Duration>,
    version: Option<String>,
}

impl CustomSpec {
    /// What makes the value: the version that the user gave, or the function's code and what it uses.
    fn made_by(&self) -> PyResult<(&'static str, Value)> {
        if let Some(version) = &self.version {
            return Ok(("version", Value::from(version.as_str())));
        }
        Python::attach(|py| {
            let identity = py.import("scouter._identity")?.getattr("identity")?;
            Ok(("function", identity.call1((self.function.function(py)?,))?.extract::<PyJson>()?.0))
        })
    }
}

/// Checks that a change of the task's function would be told, where it has one: what runs are kept or taken over by.
pub(crate) fn check_identity(task: &Bound<'_, PyAny>) -> PyResult<()> {
    let Ok(task) = task.cast::<PyCustomTask>() else { return Ok(()) };
    let spec = PyCustomTask::spec(task)?;
    let told = spec.made_by().map(drop);
    told.map_err(|error| {
        if !error.is_instance_of::<PyException>(task.py()) {
            return error;
        }
        let why = format!(
            "a change of it could not be told, for looking into it raised {error}: give the task a `version`"
        );
        errors::field(task.py(), &spec.head.id, "function", why)
    })
}

impl Task for CustomSpec {
    fn head(&self) -> &Head {
        &self.head
    }

    fn kind(&self) -> &'static str {
        "Custom"
    }

    fn subtitle(&self) -> Subtitle {
        Subtitle {
            operator: self.operator,
            expected: self.expected.clone().unwrap_or_default(),
            terms: Terms { each: self.each, version: self.version.clone(), ..Terms::default() },
            ..Subtitle::default()
        }
    }

    fn build(&self, cx: &mut Build<'_>) -> Option<Built> {
        cx.want_origin();
        let expectation = match self.operator {
            None => None,
            Some(operator) => {
                Some(Expectation::build(cx, operator, self.expected.as_ref(), self.each, None)?)
            }
        };
        let call = Arc::new(Call {
            id: self.head.id.to_lowercase(),
            tasks: cx.tasks(),
            function: self.function.clone(),
            depends_on: self.head.depends_on.clone(),
            expectation,
            path: Path::root(),
            pool: PoolName::new(POOL),
            timeout: self.timeout,
        });
        Some(Built { node: Box::new(Calls(call.clone())), explain: call })
    }

    fn to_value(&self) -> Option<Value> {
        None
    }

    fn identity(&self) -> Value {
        let entries = [
            ("id", Value::from(self.head.id.as_str())),
            ("task_type", Value::from(self.kind())),
            ("depends_on", Value::list(self.head.depends_on.iter().map(|id| Value::from(id.as_str())))),
            ("condition", Value::Bool(self.head.condition)),
            ("operator", Value::from(self.operator.map(|operator| operator.to_string()))),
            ("each", scouter_tasks::value::to_value(&self.each).unwrap_or_default()),
        ];
        let expected = self.expected.clone().map(|expected| ("expected_value", expected));
        Value::map(entries.into_iter().chain(expected).chain(self.made_by().ok()))
    }

    fn maker(&self) -> Option<Value> {
        self.made_by().ok().map(|made_by| Value::map([made_by]))
    }
}
