//! Rust errors into Python exceptions. The tree itself is Python: `scouter/errors.py`.

use std::io;
use std::path::Path;

use pyo3::exceptions::{PyKeyError, PyOSError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyList, PyType};
use scouter_tasks::profile::meant;
use scouter_tasks::run::RunDirError;
use scouter_tasks::task::{ConfigError, Problem};

static CONFIG_ERROR: PyOnceLock<Py<PyType>> = PyOnceLock::new();
static DATA_ERROR: PyOnceLock<Py<PyType>> = PyOnceLock::new();
static INTERRUPTED: PyOnceLock<Py<PyType>> = PyOnceLock::new();
static PROFILE_ERROR: PyOnceLock<Py<PyType>> = PyOnceLock::new();
static RECORD_ERROR: PyOnceLock<Py<PyType>> = PyOnceLock::new();
static MODEL_ERROR: PyOnceLock<Py<PyType>> = PyOnceLock::new();
static RUN_DIR_ERROR: PyOnceLock<Py<PyType>> = PyOnceLock::new();
static RESULTS_ERROR: PyOnceLock<Py<PyType>> = PyOnceLock::new();
static SERVER_ERROR: PyOnceLock<Py<PyType>> = PyOnceLock::new();

fn class<'py>(cell: &PyOnceLock<Py<PyType>>, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyType>> {
    Ok(cell.import(py, "scouter.errors", name)?.clone())
}

/// `ConfigError` with its list of problems.
pub(crate) fn config(py: Python<'_>, error: &ConfigError) -> PyErr {
    let make = || -> PyResult<PyErr> {
        let problems = error.problems.iter().map(|Problem { task, field, message }| (task, field, message));
        let problems = PyList::new(py, problems)?;
        let error = class(&CONFIG_ERROR, py, "ConfigError")?.call1((error.to_string(), problems))?;
        Ok(PyErr::from_value(error))
    };
    make().unwrap_or_else(|error| error)
}

/// `ConfigError` about one field of a task.
pub(crate) fn field(py: Python<'_>, task: &str, field: &str, message: impl ToString) -> PyErr {
    let (task, field) = (Some(task.to_owned()), Some(field.to_owned()));
    config(py, &ConfigError { problems: vec![Problem { task, field, message: message.to_string() }] })
}

/// `RecordError`: a record that cannot be what it should be.
pub(crate) fn record(py: Python<'_>, message: impl ToString) -> PyErr {
    of(&RECORD_ERROR, py, "RecordError", message)
}

/// `DataError`: data of which a profile or drift cannot be had.
pub(crate) fn data(py: Python<'_>, message: impl ToString) -> PyErr {
    of(&DATA_ERROR, py, "DataError", message)
}

/// `ProfileError`: a document that holds no profile, or not this kind.
pub(crate) fn profile(py: Python<'_>, message: impl ToString) -> PyErr {
    of(&PROFILE_ERROR, py, "ProfileError", message)
}

/// `ResultsError`: text that holds no results.
pub(crate) fn results(py: Python<'_>, message: impl ToString) -> PyErr {
    of(&RESULTS_ERROR, py, "ResultsError", message)
}

fn of(cell: &PyOnceLock<Py<PyType>>, py: Python<'_>, name: &str, message: impl ToString) -> PyErr {
    match class(cell, py, name).and_then(|class| class.call1((message.to_string(),))) {
        Ok(error) => PyErr::from_value(error),
        Err(error) => error,
    }
}

/// `EvaluationInterrupted` with what was done before; its cause is the interrupt itself.
pub(crate) fn interrupted<'py>(py: Python<'py>, results: Bound<'py, PyAny>, cause: PyErr) -> PyErr {
    match class(&INTERRUPTED, py, "EvaluationInterrupted").and_then(|class| class.call1((results,))) {
        Ok(error) => {
            let error = PyErr::from_value(error);
            error.set_cause(py, Some(cause));
            error
        }
        Err(error) => error,
    }
}

/// `ModelError` that ended a run, with what was done before.
pub(crate) fn model<'py>(py: Python<'py>, message: &str, done: Bound<'py, PyAny>) -> PyErr {
    match class(&MODEL_ERROR, py, "ModelError").and_then(|class| class.call1((message, done))) {
        Ok(error) => PyErr::from_value(error),
        Err(error) => error,
    }
}

/// `ServerError`: a server that says no, with the status and the code of its problem, or that cannot be reached.
pub(crate) fn server(py: Python<'_>, message: &str, problem: Option<(u16, &str)>) -> PyErr {
    let (status, code) = problem.unzip();
    match class(&SERVER_ERROR, py, "ServerError").and_then(|class| class.call1((message, status, code))) {
        Ok(error) => PyErr::from_value(error),
        Err(error) => error,
    }
}

/// `KeyError` about an id that nothing has, with the nearest that something has.
pub(crate) fn no_such(what: &str, id: &str, near: Option<&str>) -> PyErr {
    let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    PyKeyError::new_err(format!("no {what} has the id `{id}`{hint}"))
}

/// `TypeError` about the truth of an object: Python takes each for true, one that tells of a failure too. What to write instead, and what that says.
pub(crate) fn no_truth(class: &str, instead: &str, says: bool) -> PyErr {
    let says = if says { "True" } else { "False" };
    PyTypeError::new_err(format!(
        "a `{class}` is neither true nor false: write `{instead}`, which is `{says}` here"
    ))
}

/// `KeyError` about a feature that is not there, with the nearest that is.
pub(crate) fn no_feature<'a>(name: &str, known: impl Iterator<Item = &'a String>) -> PyErr {
    let known: Vec<&str> = known.map(String::as_str).collect();
    PyKeyError::new_err(format!("there is no feature `{name}`; {}", meant(name, &known)))
}

/// What a run came to could not be put where it should go: an `OSError`, with the system's number where it
/// has one.
pub(crate) fn sink(error: &(impl std::error::Error + 'static)) -> PyErr {
    os(error)
}

/// `RunDirError`, or an `OSError` where the system said no.
pub(crate) fn run_dir(py: Python<'_>, error: &RunDirError) -> PyErr {
    match error {
        RunDirError::Io { .. } => os(error),
        _ => of(&RUN_DIR_ERROR, py, "RunDirError", error),
    }
}

/// The kind of `OSError` that fits the number of the cause.
fn os(error: &(dyn std::error::Error + 'static)) -> PyErr {
    let causes = std::iter::successors(Some(error), |error| error.source());
    let number =
        causes.filter_map(|cause| cause.downcast_ref::<io::Error>()).find_map(io::Error::raw_os_error);
    match number {
        Some(number) => PyOSError::new_err((number, error.to_string())),
        None => PyOSError::new_err(error.to_string()),
    }
}

/// What the system says of a file: the kind of `OSError` that Python raises of it too.
pub(crate) fn file(py: Python<'_>, error: &io::Error, path: &Path) -> PyErr {
    let told = |number: i32| -> PyResult<PyErr> {
        let text = py.import("os")?.call_method1("strerror", (number,))?.unbind();
        // As `open` tells it: the name as text.
        Ok(PyOSError::new_err((number, text, path.as_os_str().to_owned())))
    };
    if let Some(number) = error.raw_os_error() {
        return told(number).unwrap_or_else(|error| error);
    }
    let (told, path) = (error.to_string(), path.display().to_string());
    let told = if told.contains(&path) { told } else { format!("{told}: `{path}`") };
    if error.kind() == io::ErrorKind::NotFound {
        // Whoever catches it finds number and name where Python has them too.
        const NO_SUCH_FILE: i32 = 2;
        return PyOSError::new_err((NO_SUCH_FILE, told, path));
    }
    io::Error::new(error.kind(), told).into()
}

/// `RecordError` that ended a run, with what was done before.
pub(crate) fn broken<'py>(py: Python<'py>, message: &str, done: Bound<'py, PyAny>) -> PyErr {
    match class(&RECORD_ERROR, py, "RecordError").and_then(|class| class.call1((message, done))) {
        Ok(error) => PyErr::from_value(error),
        Err(error) => error,
    }
}

/// A plain `ValueError`.
pub(crate) fn value(message: impl ToString) -> PyErr {
    PyValueError::new_err(message.to_string())
}
