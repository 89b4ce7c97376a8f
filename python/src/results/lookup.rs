//! Task results by the ids of their tasks, which are not told apart by case.

use std::fmt::Display;
use std::sync::Arc;

use indexmap::IndexMap;
use pyo3::exceptions::{PyIndexError, PyKeyError, PyOverflowError, PyTypeError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::type_object::PyTypeInfo;
use pyo3::types::{PyDict, PyList, PyString, PyType};
use pyo3::{type_hint_identifier, type_hint_subscript};
use scouter_engine::nearest;
use scouter_tasks::result::{Judged, Results, Tally};

use super::task_result::PyTaskResult;
use crate::convert::{class, given};
use crate::errors;

static BY_ID: PyOnceLock<Py<PyType>> = PyOnceLock::new();

/// A dict that is looked up by the ids of tasks.
pub(super) fn by_id<'py>(entries: &Bound<'py, PyDict>) -> PyResult<Bound<'py, PyDict>> {
    let class = BY_ID.import(entries.py(), "scouter._ids", "ById")?;
    Ok(class.call1((entries,))?.cast_into()?)
}

/// Sentences by the ids of the tasks that they are about.
pub(super) fn told<'t>(sentences: impl Iterator<Item = (&'t str, String)>) -> IndexMap<String, String> {
    sentences.map(|(task, told)| (task.to_owned(), told)).collect()
}

/// What there is to say of tasks beside how they came out, by their ids.
pub(super) fn hints<'py>(
    py: Python<'py>,
    tally: &Tally,
    window: Option<&Results>,
) -> PyResult<Bound<'py, PyDict>> {
    let hints = PyDict::new(py);
    for (task, hint) in tally.hints(window) {
        hints.set_item(task, hint)?;
    }
    for task in window.into_iter().flat_map(|window| window.tasks().iter()) {
        if let Some(hint) = &task.hint {
            hints.set_item(&task.id, hint)?;
        }
    }
    by_id(&hints)
}

/// The same in sentences that name the task.
pub(super) fn remarks(tally: &Tally, window: Option<&Results>) -> Vec<String> {
    let over_all = window.map(|window| Tally::of(window.tasks(), window.rows()));
    [tally].into_iter().chain(&over_all).flat_map(|tally| tally.remarks(window)).collect()
}

/// The nearest of these ids, where one is near.
#[pyfunction]
pub(crate) fn nearest_id(id: &str, ids: Vec<String>) -> Option<String> {
    nearest(id, ids.iter().map(String::as_str)).map(str::to_owned)
}

/// What every task came to for one record, in the order of the tasks.
pub(super) fn every_task(results: &Arc<Results>, row: usize) -> Vec<PyTaskResult> {
    let result = |task| PyTaskResult { results: results.clone(), row, task };
    (0..results.rows()[row].outcomes.len()).map(result).collect()
}

/// What is not as it should be of one record.
pub(super) fn failures(results: &Arc<Results>, row: usize) -> impl Iterator<Item = PyTaskResult> {
    let all = 0..results.rows()[row].outcomes.len();
    let judged = move |task| Judged { tasks: results.tasks(), task, row: &results.rows()[row] };
    let broken = all.filter(move |task| judged(*task).is_failure());
    broken.map(move |task| PyTaskResult { results: results.clone(), row, task })
}

/// The same, to go through.
pub(super) fn iterate<'py>(
    py: Python<'py>,
    results: &Arc<Results>,
    row: usize,
) -> PyResult<TaskResultIterator<'py>> {
    let tasks = every_task(results, row).into_iter().map(|task| Bound::new(py, task));
    let tasks = PyList::new(py, tasks.collect::<PyResult<Vec<_>>>()?)?;
    Ok(TaskResultIterator(tasks.try_iter()?.into_any()))
}

given!(
    /// To go through results of tasks.
    TaskResultIterator =
        type_hint_subscript!(type_hint_identifier!("collections.abc", "Iterator"), PyTaskResult::TYPE_HINT)
);

/// What a task came to for one record, by its id or its place.
pub(super) fn one_task(results: &Arc<Results>, row: usize, key: &Bound<'_, PyAny>) -> PyResult<PyTaskResult> {
    let at = |task| PyTaskResult { results: results.clone(), row, task };
    if let Ok(id) = key.extract::<String>() {
        let found = results.find_task(&id).map(at);
        return found.ok_or_else(|| errors::no_such("task", &id, results.nearest_task(&id)));
    }
    let place = place(key, "task", results.tasks().len())?;
    Ok(at(place))
}

/// Whether there is a task of this id.
pub(super) fn has_task(results: &Results, id: &Bound<'_, PyAny>) -> bool {
    id.extract::<String>().is_ok_and(|id| results.find_task(&id).is_some())
}

/// A place from the start or, with a minus, from the end.
pub(super) fn place(key: &Bound<'_, PyAny>, what: &str, len: usize) -> PyResult<usize> {
    if key.is_instance_of::<PyString>() {
        let message = format!("no {what} has this id: it holds a lone surrogate, which is not Unicode");
        return Err(PyKeyError::new_err(message));
    }
    let none =
        |place: &dyn Display| PyIndexError::new_err(format!("there is no {what} {place}: there are {len}"));
    let place = key.extract::<isize>().map_err(|error| {
        if error.is_instance_of::<PyOverflowError>(key.py()) {
            return none(key);
        }
        PyTypeError::new_err(format!("a {what} is found by its id or its place, not by a `{}`", class(key)))
    })?;
    let at = if place < 0 { len.checked_add_signed(place) } else { usize::try_from(place).ok() };
    at.filter(|at| *at < len).ok_or_else(|| none(&place))
}
