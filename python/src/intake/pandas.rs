//! Data frames of pandas, column by column: each as pandas keeps it, without a copy where that is an array of numbers.

use numpy::Ix1;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::array::{Missing, Typed};
use super::cell::{Cell, cell};
use super::source::{Wanted, of_stream};
use super::table::{Held, Table, of_column, unique};
use crate::errors;

/// Whether the object is a data frame of pandas, or of a library that extends it.
pub(super) fn is_frame(object: &Bound<'_, PyAny>) -> PyResult<bool> {
    Ok(object.hasattr("iloc")? && object.hasattr("columns")?)
}

/// The columns of a data frame.
pub(super) fn table<'py>(frame: &Bound<'py, PyAny>, wanted: &Wanted) -> PyResult<Table<'py>> {
    let py = frame.py();
    let mut names = Vec::new();
    for name in frame.getattr("columns")?.try_iter()? {
        names.push(name?.str()?.to_str()?.to_owned());
    }
    unique(py, names.iter().map(String::as_str).filter(|name| wanted.has(name)))?;
    let places = frame.getattr("iloc")?;
    let every = pyo3::types::PySlice::full(py);
    let mut table = Table::default();
    for (at, name) in names.into_iter().enumerate().filter(|(_, name)| wanted.has(name)) {
        let series = places.get_item((&every, at))?;
        column(&mut table, name.clone(), &series).map_err(|error| {
            if error.is_instance_of::<pyo3::exceptions::PyTypeError>(py) {
                of_column(py, &name, error)
            } else {
                error
            }
        })?;
    }
    Ok(table)
}

fn column<'py>(table: &mut Table<'py>, name: String, series: &Bound<'py, PyAny>) -> PyResult<()> {
    let py = series.py();
    let dtype = series.getattr("dtype")?;
    let class = dtype.get_type().name()?.to_str()?.to_owned();
    let array = series.getattr("array")?;
    if dtype.get_type().module()?.to_str()?.starts_with("numpy") {
        return table.push_array(name, &series.call_method0("to_numpy")?);
    }
    if class == "CategoricalDtype" {
        return categories(table, name, &array);
    }
    if class == "DatetimeTZDtype" {
        let utc = series.getattr("dt")?.call_method1("tz_convert", ("UTC",))?;
        let naive = utc.getattr("dt")?.call_method1("tz_localize", (py.None(),))?;
        return table.push_array(name, &naive.call_method0("to_numpy")?);
    }
    if array.hasattr("_mask")? && array.hasattr("_data")? {
        // The two arrays that nullable numbers are.
        let missing: Missing<'py> = array.getattr("_mask")?.extract()?;
        let typed = Typed::<Ix1>::read(&array.getattr("_data")?)?;
        if let Some(typed) = typed
            && missing.as_slice().is_ok()
        {
            return table.push(py, name, Held::Array(typed, Some(missing)));
        }
    }
    let storage = dtype.getattr("storage").and_then(|storage| storage.extract::<String>());
    if class == "ArrowDtype" || storage.is_ok_and(|storage| storage.starts_with("pyarrow")) {
        let chunks = array.call_method0("__arrow_array__")?;
        let columns = PyDict::new(py);
        columns.set_item(&name, chunks)?;
        let arrow = py.import("pyarrow")?.call_method1("table", (columns,))?;
        for (name, held) in of_stream(&arrow, &Wanted::default())? {
            table.push(py, name, held)?;
        }
        return Ok(());
    }
    table.push_array(name, &series.call_method0("to_numpy")?)
}

fn categories<'py>(table: &mut Table<'py>, name: String, array: &Bound<'py, PyAny>) -> PyResult<()> {
    let py = array.py();
    let mut categories = Vec::new();
    for category in array.getattr("categories")?.try_iter()? {
        categories.push(match cell(&category?) {
            Ok(Cell::Text(text)) => text,
            // As numbers are written that become categories.
            Ok(Cell::Number(number)) => number.to_string(),
            Ok(Cell::Time(_) | Cell::Missing) => {
                let message = format!("column `{name}`: its categories are neither texts nor numbers");
                return Err(errors::data(py, message));
            }
            Err(what) => return Err(errors::data(py, format!("column `{name}`: a category is {what}"))),
        });
    }
    let codes = array.getattr("codes")?;
    match Typed::<Ix1>::read(&codes)? {
        Some(codes) => table.push(py, name, Held::Codes(codes, categories)),
        None => Err(errors::data(py, format!("column `{name}`: its codes are no numbers"))),
    }
}
