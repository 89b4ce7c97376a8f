//! Arguments that are easily given in another form than is meant: refused with what to write instead.

use pyo3::exceptions::PyTypeError;
use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyIterator, PyMapping, PyString};
use scouter_tasks::value::Value;

use super::record::PyRecord;
use super::span::PyTraceSpan;
use super::task::is_task;
use crate::convert::{PyJson, class, from_python};
use crate::data::literal;
use crate::errors;

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

/// What is expected of a value. It may be left out, and `None` is a value like any other.
#[derive(Clone, Debug)]
pub(crate) struct Expected<'py>(Option<Bound<'py, PyAny>>);

impl Expected<'_> {
    pub(crate) const LEFT_OUT: Self = Self(None);

    /// Whether there is something to compare with.
    pub(crate) fn is_some(&self) -> bool {
        self.0.as_ref().is_some_and(|value| !value.is_none())
    }

    /// The value for the task of this id; `None` where it was left out.
    pub(crate) fn read(&self, id: &str) -> PyResult<Option<Value>> {
        let read = |value: &Bound<'_, PyAny>| {
            from_python(value).map_err(|why| errors::field(value.py(), id, "expected_value", why))
        };
        self.0.as_ref().map(read).transpose()
    }
}

impl<'a, 'py> FromPyObject<'a, 'py> for Expected<'py> {
    type Error = PyErr;

    const INPUT_TYPE: PyStaticExpr = PyJson::INPUT_TYPE;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        Ok(Self(Some(object.to_owned())))
    }
}

/// Why something cannot be taken as a text, with what to write where it is none.
fn no_text(object: &Bound<'_, PyAny>, what: &str, hint: &str) -> PyErr {
    if object.is_instance_of::<PyString>() {
        return errors::value(format!("{what} holds a lone surrogate, which is not Unicode"));
    }
    PyTypeError::new_err(format!("{what} is text, not a `{}`: {hint}", class(object)))
}

/// The path of an assertion, which comes fourth where arguments are given by their places.
#[derive(Debug)]
pub(super) struct FourthPath(pub(super) String);

impl<'a, 'py> FromPyObject<'a, 'py> for FourthPath {
    type Error = PyErr;

    const INPUT_TYPE: PyStaticExpr = String::INPUT_TYPE;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        object.extract().map(Self).map_err(|_| {
            let hint = "without their names the arguments are id, expected_value, operator, context_path, in this order";
            no_text(&object, "`context_path`", hint)
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
            no_text(&object, "the id of a record", "write `id=str(…)`, and look results up by that text")
        })
    }
}

/// The spans of a trace.
#[derive(Clone, Debug)]
pub(crate) struct TraceSpans(pub(super) Vec<PyTraceSpan>);

impl<'a, 'py> FromPyObject<'a, 'py> for TraceSpans {
    type Error = PyErr;

    const INPUT_TYPE: PyStaticExpr = Vec::<PyTraceSpan>::INPUT_TYPE;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        object.extract().map(Self).map_err(|_| {
            let one = object.cast::<PyDict>().is_ok() || object.cast::<PyTraceSpan>().is_ok();
            let mut items = object.try_iter().into_iter().flatten().flatten().enumerate();
            let wrong = items.find(|(_, item)| item.cast::<PyTraceSpan>().is_err()).filter(|_| !one);
            PyTypeError::new_err(match wrong {
                None => format!("a list of TraceSpans is expected, and this is a `{}`", class(&object)),
                Some((at, item)) => {
                    let dict = item.cast::<PyDict>().is_ok();
                    let hint = if dict { ": write `TraceSpan.model_validate(span)` for each" } else { "" };
                    format!("span {at} is not a TraceSpan, but a `{}`{hint}", class(&item))
                }
            })
        })
    }
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
