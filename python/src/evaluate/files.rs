//! `TasksFile`.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple};
use pythonize::pythonize;
use scouter_tasks::counted::counted;
use scouter_tasks::suite::{FileError, Kinds, read_file, schema};

use super::hints::{AnyTask, TaskIterator, TaskOrTasks};
use super::task::object;
use crate::errors;

/// The tasks of a file: YAML, JSON or TOML, with a list `tasks` at its top.
#[pyclass(module = "scouter.evaluate", name = "TasksFile", frozen)]
#[derive(Debug)]
pub(crate) struct PyTasksFile {
    tasks: Py<PyList>,
    next: AtomicUsize,
}

#[pymethods]
impl PyTasksFile {
    #[new]
    #[pyo3(signature = (*_args: "object", **_kwargs: "object"))]
    fn new(_args: &Bound<'_, PyTuple>, _kwargs: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        Err(PyTypeError::new_err("a file is read by `TasksFile.from_path(path)`"))
    }

    /// Reads a file. Its name says how it is written: `.yaml`, `.yml`, `.json` or `.toml`.
    ///
    /// Raises:
    ///     OSError: Where the file cannot be read, such as `FileNotFoundError`.
    ///     ConfigError: Where the file does not parse (with line and column) or its tasks are not
    ///         what they should be: with every problem.
    #[staticmethod]
    fn from_path(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        let tasks = py.detach(|| read_file(&path, &Kinds::default())).map_err(|error| match error {
            FileError::Io { path, source } => errors::file(py, &source, &path),
            FileError::Config(error) => errors::config(py, &error),
        })?;
        let objects = tasks.iter().map(|task| object(py, task.as_ref())).collect::<PyResult<Vec<_>>>()?;
        Ok(Self { tasks: PyList::new(py, objects)?.unbind(), next: AtomicUsize::new(0) })
    }

    fn __len__(&self, py: Python<'_>) -> usize {
        self.tasks.bind(py).len()
    }

    fn __getitem__<'py>(&self, index: &Bound<'py, PyAny>) -> PyResult<TaskOrTasks<'py>> {
        self.tasks.bind(index.py()).as_any().get_item(index).map(TaskOrTasks)
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<TaskIterator<'py>> {
        Ok(TaskIterator(self.tasks.bind(py).try_iter()?.into_any()))
    }

    fn __next__<'py>(&self, py: Python<'py>) -> Option<AnyTask<'py>> {
        let at = self.next.fetch_add(1, Ordering::Relaxed);
        self.tasks.bind(py).get_item(at).ok().map(AnyTask)
    }

    fn __eq__(&self, py: Python<'_>, other: &Self) -> PyResult<bool> {
        self.tasks.bind(py).eq(&other.tasks)
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (Bound<'py, PyList>,))> {
        Ok((py.get_type::<Self>().getattr("_unpickled")?, (self.tasks.bind(py).clone(),)))
    }

    /// Makes the file of a pickle again.
    #[staticmethod]
    fn _unpickled(tasks: Bound<'_, PyList>) -> Self {
        Self { tasks: tasks.unbind(), next: AtomicUsize::new(0) }
    }

    fn __repr__(&self, py: Python<'_>) -> String {
        format!("TasksFile({})", counted(self.tasks.bind(py).len(), "task"))
    }
}

/// The JSON Schema of task files, for editors and for programs that write such files.
#[pyfunction]
#[pyo3(signature = () -> "dict[str, object]")]
pub(crate) fn task_file_schema(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    Ok(pythonize(py, &schema())?)
}
