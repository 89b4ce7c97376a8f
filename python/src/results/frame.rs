//! Results as a data frame.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use scouter_tasks::result::Results;

use super::task_result::PyTaskResult;
use crate::convert::{PyJson, to_python};

const COLUMNS: [&str; 14] = [
    "record_id",
    "record_uid",
    "created_at",
    "task_id",
    "task_type",
    "status",
    "passed",
    "value",
    "condition",
    "stage",
    "context_path",
    "operator",
    "message",
    "expected",
];

/// A row for every task of every record.
pub(super) fn frame<'py>(
    py: Python<'py>,
    results: &Arc<Results>,
    polars: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let columns = PyDict::new(py);
    for name in COLUMNS.iter().chain(&["actual"]) {
        columns.set_item(name, PyList::empty(py))?;
    }
    for row in 0..results.rows().len() {
        for task in 0..results.tasks().len() {
            let result = PyTaskResult { results: results.clone(), row, task };
            push(py, &columns, &result, polars)?;
        }
    }
    let module = if polars { "polars" } else { "pandas" };
    py.import(module)?.getattr("DataFrame")?.call1((columns,))
}

fn push(py: Python<'_>, columns: &Bound<'_, PyDict>, result: &PyTaskResult, polars: bool) -> PyResult<()> {
    let object = Bound::new(py, result.clone())?;
    for name in COLUMNS {
        let value = match name {
            "task_type" => object.getattr("task_type")?.getattr("name")?,
            "operator" => match object.getattr("operator")? {
                operator if operator.is_none() => operator,
                operator => operator.getattr("name")?,
            },
            "expected" if polars => result.expected_value().to_string().into_pyobject(py)?.into_any(),
            other => object.getattr(other)?,
        };
        column(columns, name)?.append(value)?;
    }
    let actual = result.actual_value();
    let actual =
        if polars { PyJson(actual.to_string().into()).into_pyobject(py)? } else { to_python(py, &actual)? };
    column(columns, "actual")?.append(actual)
}

fn column<'py>(columns: &Bound<'py, PyDict>, name: &str) -> PyResult<Bound<'py, PyList>> {
    let column = columns.as_any().get_item(name)?;
    Ok(column.cast_into::<PyList>()?)
}
