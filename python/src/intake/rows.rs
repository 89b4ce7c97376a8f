//! Dicts and models, a row each; and dicts of columns.

use indexmap::IndexMap;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use super::cell::{Growing, cell};
use super::source::Wanted;
use super::table::{Held, Table, objects, pause, wrong_cell};
use crate::errors;

/// Whether an object is a row: a dict, a pydantic model or a dataclass.
pub(super) fn is_row(object: &Bound<'_, PyAny>) -> PyResult<bool> {
    let class = object.get_type();
    Ok(object.cast::<PyDict>().is_ok()
        || class.hasattr("model_dump")?
        || class.hasattr("__dataclass_fields__")?)
}

/// The table of rows. What a row lacks is missing in it.
pub(super) fn table<'py>(
    py: Python<'py>,
    rows: impl IntoIterator<Item = PyResult<Bound<'py, PyAny>>>,
    wanted: &Wanted,
    before: u64,
) -> PyResult<Table<'py>> {
    let mut columns: IndexMap<String, Growing> = IndexMap::new();
    let mut there = Vec::new();
    let mut count = 0;
    for (row, object) in rows.into_iter().enumerate() {
        if row % (1 << 14) == 0 {
            pause(py)?;
        }
        let place = before + row as u64;
        for (name, value) in fields(&object?, place)? {
            if !wanted.has(&name) {
                if row == 0 {
                    there.push(name);
                }
                continue;
            }
            let column = columns.entry(name.clone()).or_default();
            column.fill(row);
            cell(&value)
                .and_then(|cell| column.push(cell))
                .map_err(|what| wrong_cell(py, &name, place, &what))?;
        }
        count = row + 1;
    }
    let mut table = Table::after(before);
    table.is_open = true;
    table.there = there;
    for (name, mut column) in columns {
        column.fill(count);
        table.push(py, name, Held::Made(column.grown()))?;
    }
    Ok(table)
}

fn fields<'py>(object: &Bound<'py, PyAny>, row: u64) -> PyResult<Vec<(String, Bound<'py, PyAny>)>> {
    let py = object.py();
    let dict = match object.cast::<PyDict>() {
        Ok(dict) => dict.clone(),
        Err(_) if object.get_type().hasattr("model_dump")? => {
            object.call_method0("model_dump")?.cast_into::<PyDict>().map_err(PyErr::from)?
        }
        Err(_) if object.get_type().hasattr("__dataclass_fields__")? => {
            py.import("dataclasses")?.call_method1("asdict", (object,))?.cast_into::<PyDict>()?
        }
        Err(_) => {
            let class = object.get_type().fully_qualified_name()?;
            return Err(errors::data(py, format!("row {row} is a `{class}`: rows are dicts or models")));
        }
    };
    let name = |key: &Bound<'py, PyAny>| -> PyResult<String> { Ok(key.str()?.to_str()?.to_owned()) };
    dict.iter().map(|(key, value)| Ok((name(&key)?, value))).collect()
}

/// The table of a dict of columns; a single value is a column of one row.
pub(super) fn columns<'py>(dict: &Bound<'py, PyDict>, wanted: &Wanted) -> PyResult<Table<'py>> {
    let py = dict.py();
    let mut table = Table::default();
    for (key, value) in dict.iter() {
        let name = key.str()?.to_str()?.to_owned();
        if !wanted.has(&name) {
            continue;
        }
        let array = if value.hasattr("__array__")? {
            let array = py.import("numpy")?.call_method1("asarray", (&value,))?;
            (array.getattr("ndim")?.extract::<usize>()? > 0).then_some(array)
        } else {
            None
        };
        if let Some(array) = array {
            table.push_array(name, &array)?;
        } else if value.cast::<PyString>().is_err() && value.hasattr("__iter__")? {
            let column = objects(py, &name, &value)?;
            table.push(py, name, Held::Made(column))?;
        } else {
            let column = objects(py, &name, pyo3::types::PyTuple::new(py, [value])?.as_any())?;
            table.push(py, name, Held::Made(column))?;
        }
    }
    Ok(table)
}
