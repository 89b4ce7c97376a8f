//! What the function of a custom task came to.

use pyo3::exceptions::{PyKeyError, PyTypeError};
use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use scouter_engine::{NodeError, Output, Verdict, nearest};
use scouter_tasks::measured::Measured;
use scouter_tasks::memory::Answer;
use scouter_tasks::value::{Value, cut};

use crate::convert::{PyJson, class, from_python};
use crate::data::{Data, data_methods};
use crate::errors;
use crate::genai::{ACCOUNT, PyLikeness};

/// The most that is kept of a traceback, in bytes: its beginning and its end.
const KEPT_TRACEBACK: usize = 8192;

/// What a function may return where a bare value does not say enough.
///
/// Args:
///     passed: Whether the check holds; `None` where there was nothing to check.
///     value: The value that was looked at, for the result and for tasks that depend on this one.
///     message: Why.
#[pyclass(module = "scouter.evaluate", name = "CheckResult", frozen)]
#[derive(Debug)]
pub(crate) struct PyCheckResult {
    /// Whether the check holds; `None` where there was nothing to check.
    #[pyo3(get)]
    passed: Option<bool>,
    value: Value,
    /// Why.
    #[pyo3(get)]
    message: Option<String>,
}

#[pymethods]
impl PyCheckResult {
    #[new]
    #[pyo3(signature = (passed, value=None, message=None))]
    fn new(passed: Holds, value: Option<PyJson>, message: Option<String>) -> Self {
        Self { passed: passed.0, value: value.unwrap_or_default().0, message }
    }

    /// The value that was looked at.
    #[getter]
    fn value(&self) -> PyJson {
        PyJson(self.value.clone())
    }
}

/// Whether a check holds, as it is given.
#[derive(Clone, Copy, Debug)]
struct Holds(Option<bool>);

impl<'a, 'py> FromPyObject<'a, 'py> for Holds {
    type Error = PyErr;

    const INPUT_TYPE: PyStaticExpr = Option::<bool>::INPUT_TYPE;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        object.extract().map(Self).map_err(|_| {
            PyTypeError::new_err(format!(
                "`passed` of a `CheckResult` is `True`, `False` or `None`, not a `{}`: what was looked at goes into `value`",
                class(&object)
            ))
        })
    }
}

impl Data for PyCheckResult {
    const NAME: &'static str = "CheckResult";

    fn to_value(&self, _py: Python<'_>) -> PyResult<Value> {
        Ok(Value::map([
            ("passed", self.passed.map_or(Value::Null, Value::Bool)),
            ("value", self.value.clone()),
            ("message", Value::from(self.message.clone())),
        ]))
    }

    fn from_value(_py: Python<'_>, value: &Value) -> PyResult<Self> {
        let wrong =
            |field: &str| errors::value(format!("not a `CheckResult`: its `{field}` is missing or wrong"));
        let field = |name: &str| value.get(name).ok_or_else(|| wrong(name));
        let passed = match field("passed")? {
            Value::Null => None,
            passed => Some(passed.as_bool().ok_or_else(|| wrong("passed"))?),
        };
        let message = match field("message")? {
            Value::Null => None,
            message => Some(message.as_text().ok_or_else(|| wrong("message"))?.to_owned()),
        };
        Ok(Self { passed, value: field("value")?.clone(), message })
    }
}

data_methods!(PyCheckResult);

/// What an answer is without an operator.
pub(super) fn output(answer: Answer) -> Output<Measured> {
    let of = |passed| if passed { Verdict::Passed } else { Verdict::Failed };
    match answer {
        Answer::Said { value, verdict, message: None } => {
            Output { value: Measured::of(value), verdict: Some(verdict) }
        }
        Answer::Said { value, verdict, message: Some(message) } => {
            Output { value: Measured::of(value).with_note(short(message)), verdict: Some(verdict) }
        }
        Answer::Value(Value::Bool(passed)) => {
            Output { value: Measured::of(Value::Bool(passed)), verdict: Some(of(passed)) }
        }
        Answer::Value(value) => Output { value: Measured::of(value), verdict: None },
        Answer::Replied(call) => {
            Output { value: Measured::of(call.reply().into_owned()).with_call(*call), verdict: None }
        }
    }
}

/// The answer in what a function returned.
pub(super) fn answer(returned: &Bound<'_, PyAny>) -> PyResult<Answer> {
    if returned.is_none() {
        return Err(errors::value(
            "it returned None: return a bool, a value, or a CheckResult (passed=None where there is nothing to check)",
        ));
    }
    if let Ok(result) = returned.cast::<PyCheckResult>() {
        let result = result.get();
        let verdict = match result.passed {
            Some(true) => Verdict::Passed,
            Some(false) => Verdict::Failed,
            None => Verdict::NotApplicable,
        };
        return Ok(Answer::Said { value: result.value.clone(), verdict, message: result.message.clone() });
    }
    if let Ok(likeness) = returned.cast::<PyLikeness>() {
        return Ok(Answer::Replied(Box::new(likeness.get().0.clone())));
    }
    let value = from_python(returned).map_err(|why| errors::value(format!("what it returned: {why}")))?;
    Ok(Answer::Value(value))
}

/// What a function was called with, and which tasks there are beside it: for what it probably meant by a name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shown<'a, 'py> {
    pub(super) context: &'a Bound<'py, PyDict>,
    /// The id of its own task.
    pub(super) task: &'a str,
    /// The ids of all tasks.
    pub(super) tasks: &'a [String],
}

/// The answer of a `concurrent.futures.Future` that is done: the one argument of its callback.
pub(super) fn finished(arguments: &Bound<'_, PyTuple>, shown: Shown<'_, '_>) -> Result<Answer, NodeError> {
    let py = arguments.py();
    let read = || answer(&arguments.get_item(0)?.call_method0("result")?);
    read().map_err(|error| failed(py, &error, Some(shown)))
}

/// A Python exception as a node's error, with its traceback, and what was probably meant by a key of the context.
pub(super) fn failed(py: Python<'_>, error: &PyErr, shown: Option<Shown<'_, '_>>) -> NodeError {
    let traceback = || -> PyResult<String> {
        // Only a value that is taken out of its error knows its traceback.
        let value = error.clone_ref(py).into_value(py);
        let lines = py.import("traceback")?.call_method1("format_exception", (value,))?;
        "".into_pyobject(py)?.call_method1("join", (lines,))?.extract()
    };
    let hint = shown.and_then(|shown| meant(error, shown)).unwrap_or_default();
    let node = NodeError::new(format!("call the function: {}{hint}", short(error.to_string())));
    // What an embedder took that gave nothing.
    let account = error.value(py).getattr(ACCOUNT).and_then(|account| account.extract::<String>());
    let node = match account {
        Ok(account) => node.with_account(account),
        Err(_) => node,
    };
    match traceback() {
        Ok(traceback) => node.with_detail(ends(traceback)),
        Err(_) => node,
    }
}

/// What was probably meant by a key or an attribute that the context does not have.
fn meant(error: &PyErr, shown: Shown<'_, '_>) -> Option<String> {
    let context = shown.context;
    let value = error.value(context.py());
    if error.is_instance_of::<PyKeyError>(context.py()) {
        let key: String = value.getattr("args").ok()?.get_item(0).ok()?.extract().ok()?;
        let keys: Vec<String> = context.keys().iter().filter_map(|key| key.extract().ok()).collect();
        return (!keys.contains(&key)).then(|| near(&key, &keys, shown)).flatten();
    }
    let of_context = value.getattr("obj").is_ok_and(|object| object.is(context));
    let name: String = value.getattr("name").ok()?.extract().ok()?;
    let is_key = of_context && context.contains(&name).unwrap_or(false);
    is_key.then(|| format!("; the context is a dict: write `context[{name:?}]`"))
}

/// What was probably meant by a key that is not among these: one that is, or a task whose output the function does not see.
fn near(key: &str, keys: &[String], shown: Shown<'_, '_>) -> Option<String> {
    let unseen = || shown.tasks.iter().filter(|id| *id != shown.task && !keys.contains(id));
    let lower = key.to_lowercase();
    if shown.tasks.contains(&lower) && keys.contains(&lower) {
        return Some(format!("; ids of tasks are kept in lower case: this one is `{lower}`"));
    }
    if let Some(id) = unseen().find(|id| **id == lower) {
        return Some(format!("; `{id}` is a task: name it in `depends_on` to read what it made"));
    }
    let near = nearest(key, keys.iter().chain(unseen()).map(String::as_str))?;
    let need = if keys.iter().any(|key| key == near) {
        ""
    } else {
        " It is a task: name it in `depends_on` to read what it made"
    };
    Some(format!("; did you mean `{near}`?{need}"))
}

/// Text as results keep it.
fn short(text: String) -> String {
    match cut(&Value::from(text.as_str())) {
        Some(Value::Text(kept)) => kept.to_string(),
        _ => text,
    }
}

/// The beginning of a traceback, which says where it began, and its end, which says what was
/// wrong.
fn ends(text: String) -> String {
    if text.len() <= KEPT_TRACEBACK {
        return text;
    }
    let first = text.floor_char_boundary(KEPT_TRACEBACK / 2);
    let last = text.ceil_char_boundary(text.len() - KEPT_TRACEBACK / 2);
    format!("{}\n… [cut: {} bytes in all]\n{}", &text[..first], text.len(), &text[last..])
}
