//! Arguments that are easily given in another form than is meant: refused with what to write instead.

use pyo3::exceptions::PyTypeError;
use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyIterator, PyMapping, PyString};

use super::record::PyRecord;
use super::task::is_task;
use crate::data::literal;

/// A list of texts, such as ids or names. One text alone would be taken for the list of its characters.
#[derive(Clone, Debug, Default)]
pub(crate) struct Texts(pub(crate) Vec<String>);

impl<'a, 'py> FromPyObject<'a, 'py> for Texts {
    type Error = PyErr;

    const INPUT_TYPE: PyStaticExpr = Vec::<String>::INPUT_TYPE;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(text) = object.extract::<String>() {
            let text = literal(&text.into());
            return Err(PyTypeError::new_err(format!("a list is expected, not one text: write `[{text}]`")));
        }
        if is_task(&object) {
            return Err(PyTypeError::new_err("a list of ids is expected, not a task: write `[task.id]`"));
        }
        object.extract().map(Self).map_err(|_| {
            let tasks = object
                .try_iter()
                .is_ok_and(|mut items| items.any(|item| item.is_ok_and(|item| is_task(&item))));
            let hint = if tasks { ": write the id of the task, `task.id`" } else { "" };
            PyTypeError::new_err(format!(
                "a list of texts is expected, and this is a `{}`{hint}",
                class(&object)
            ))
        })
    }
}

/// The id of a record.
#[derive(Debug)]
pub(super) struct RecordId(pub(super) String);

impl<'a, 'py> FromPyObject<'a, 'py> for RecordId {
    type Error = PyErr;

    const INPUT_TYPE: PyStaticExpr = String::INPUT_TYPE;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        object.extract().map(Self).map_err(|_| {
            PyTypeError::new_err(format!(
                "the id of a record is text, not a `{}`: write `id=str(…)`, and look results up by that text",
                class(&object)
            ))
        })
    }
}

/// The name of an object's class.
pub(super) fn class(object: &Bound<'_, PyAny>) -> String {
    object.get_type().fully_qualified_name().map_or_else(|_| "?".to_owned(), |name| name.to_string())
}

/// Goes through an argument that should be records or tasks.
pub(super) fn items<'py>(
    argument: &Bound<'py, PyAny>,
    name: &str,
    wanted: &str,
) -> PyResult<Bound<'py, PyIterator>> {
    let wrong = |what: &str, hint: &str| Err(PyTypeError::new_err(format!("`{name}` is {what}: {hint}")));
    if argument.cast::<PyRecord>().is_ok() || is_task(argument) {
        return wrong(&format!("one `{}`", class(argument)), "put it in a list");
    }
    if argument.cast::<PyString>().is_ok() {
        let hint = format!("give {wanted}; those of a file are read by `{}`", reader(name));
        return wrong("text", &hint);
    }
    if argument.cast::<PyMapping>().is_ok() {
        return wrong(&format!("a `{}`", class(argument)), &format!("give {wanted}, such as its values"));
    }
    if argument.hasattr("__arrow_c_stream__").unwrap_or(false) && name == "records" {
        let hint = "make the dataset by `GenAIEvalDataset.from_table`";
        return wrong(&format!("a `{}`", class(argument)), hint);
    }
    match argument.try_iter() {
        Ok(items) => Ok(items),
        Err(error) if !error.is_instance_of::<PyTypeError>(argument.py()) => Err(error),
        Err(_) => wrong(&format!("a `{}`", class(argument)), &format!("give {wanted}")),
    }
}

fn reader(name: &str) -> &'static str {
    if name == "records" { "GenAIEvalDataset.from_path" } else { "TasksFile.from_path" }
}

/// What to write instead of something that is no record.
pub(super) fn no_record(at: usize, object: &Bound<'_, PyAny>) -> PyErr {
    let context = object.cast::<PyDict>().is_ok() || object.hasattr("model_dump").unwrap_or(false);
    let hint = if context { ": write `GenAIEvalRecord(context=…)` around it" } else { "" };
    PyTypeError::new_err(format!("record {at} is not a GenAIEvalRecord, but a `{}`{hint}", class(object)))
}
