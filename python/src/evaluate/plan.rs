//! What is read of a plan, whoever has it: a dataset or a profile.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::type_object::PyTypeInfo;
use scouter_tasks::suite::{Suite, compile};
use scouter_tasks::task::Task;

use super::arguments::items;
use super::hints::{AnyTask, Tasks};
use super::task::task;
use crate::errors;

/// Tasks, as objects and as they were written.
type Written = (Vec<Py<PyAny>>, Vec<Arc<dyn Task>>);

/// The tasks of an argument.
pub(crate) fn written(tasks: &Tasks<'_>) -> PyResult<Written> {
    let objects = items(&tasks.0, "tasks", "a list of tasks")?.collect::<PyResult<Vec<_>>>()?;
    let specs = objects.iter().map(task).collect::<PyResult<Vec<_>>>()?;
    Ok((objects.into_iter().map(Bound::unbind).collect(), specs))
}

/// The tasks of an argument, as objects and as they run.
pub(super) fn compiled(tasks: &Tasks<'_>) -> PyResult<(Vec<Py<PyAny>>, Suite)> {
    let (objects, specs) = written(tasks)?;
    let suite = compile(&specs).map_err(|error| errors::config(tasks.0.py(), &error))?;
    Ok((objects, suite))
}

/// The objects of tasks of a class.
pub(crate) fn of_class<T: PyTypeInfo>(py: Python<'_>, tasks: &[Py<PyAny>]) -> Vec<Py<T>> {
    tasks.iter().filter_map(|task| Some(task.bind(py).cast::<T>().ok()?.clone().unbind())).collect()
}

/// Objects of tasks, for type checkers.
pub(crate) fn shown<'py>(py: Python<'py>, tasks: &[Py<PyAny>]) -> Vec<AnyTask<'py>> {
    tasks.iter().map(|task| AnyTask(task.bind(py).clone())).collect()
}

/// The objects of tasks of which this holds.
pub(super) fn having(
    py: Python<'_>,
    tasks: &[Py<PyAny>],
    holds: impl Fn(&dyn Task) -> bool,
) -> Vec<Py<PyAny>> {
    let of = |object: &&Py<PyAny>| task(object.bind(py)).is_ok_and(|task| holds(task.as_ref()));
    tasks.iter().filter(of).map(|task| task.clone_ref(py)).collect()
}

/// The ids of the tasks, stage by stage, those that look at all records last.
pub(crate) fn stages(suite: &Suite) -> Vec<Vec<String>> {
    let window = suite.window.as_deref().map(|window| &window.suite);
    let plans = [Some(suite), window].into_iter().flatten().map(|suite| &suite.plan);
    let stages = plans.flat_map(|plan| plan.stages.iter().map(move |stage| (plan, stage)));
    stages.map(|(plan, stage)| stage.iter().map(|at| plan.nodes[at.index()].id.clone()).collect()).collect()
}
