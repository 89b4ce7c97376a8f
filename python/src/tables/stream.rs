//! Arrow streams from and to other libraries, by the PyCapsule interface: no copy, and no need of pyarrow.
//! <https://arrow.apache.org/docs/format/CDataInterface/PyCapsuleInterface.html>

use arrow_array::ffi_stream::{FFI_ArrowArrayStream, RecordBatchStreamReader};
use arrow_array::{RecordBatch, RecordBatchIterator, RecordBatchReader};
use arrow_pyarrow::FromPyArrow;
use arrow_schema::{ArrowError, SchemaRef};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict};

use crate::convert::class;

/// The batches of anything that has `__arrow_c_stream__`. They share the memory of what they come from.
///
/// # Errors
/// `TypeError` where it gives no stream, and what `broken` makes of a stream that cannot be read.
pub(crate) fn import(
    table: &Bound<'_, PyAny>,
    broken: impl FnOnce(Python<'_>, String) -> PyErr,
) -> PyResult<(SchemaRef, Vec<RecordBatch>)> {
    let py = table.py();
    // A single column gives a stream too, of something else than rows.
    if !table.hasattr("__arrow_c_stream__")? || table.hasattr("to_frame")? {
        return Err(PyTypeError::new_err(format!(
            "`table` must be an Arrow table or what gives one (`__arrow_c_stream__`), such as a data frame of \
             polars or of pandas 2.2 and later, not `{}`",
            class(table)
        )));
    }
    let reader = reader(table)?;
    let schema = reader.schema();
    let batches = py.detach(|| reader.collect::<Result<Vec<_>, ArrowError>>());
    let batches = batches.map_err(|error| broken(py, format!("the table could not be read: {error}")))?;
    Ok((schema, batches))
}

/// The stream of anything that has `__arrow_c_stream__`.
pub(crate) fn reader(table: &Bound<'_, PyAny>) -> PyResult<RecordBatchStreamReader> {
    let typed = with_types(table)?;
    RecordBatchStreamReader::from_pyarrow_bound(typed.as_ref().unwrap_or(table))
}

/// A data frame of polars with columns of booleans, all of them missing, in place of columns without a type; `None` where there are none
/// of these. For columns without a type polars gives away a buffer, of which the format has none, so that they cannot be read.
fn with_types<'py>(table: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
    let py = table.py();
    if !table.get_type().module()?.to_str()?.starts_with("polars") || !table.hasattr("schema")? {
        return Ok(None);
    }
    let polars = py.import("polars")?;
    let typed = PyDict::new(py);
    for column in table.getattr("schema")?.call_method0("items")?.try_iter()? {
        let (name, kind): (Bound<'py, PyAny>, Bound<'py, PyAny>) = column?.extract()?;
        if let Some(kind) = with_type(polars.as_any(), &kind)? {
            typed.set_item(name, kind)?;
        }
    }
    if typed.is_empty() { Ok(None) } else { table.call_method1("cast", (typed,)).map(Some) }
}

/// The type of polars that stands for one that is none, or has one in it; `None` for all others.
fn with_type<'py>(
    polars: &Bound<'py, PyAny>,
    kind: &Bound<'py, PyAny>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    if kind.eq(polars.getattr("Null")?)? {
        return polars.getattr("Boolean").map(Some);
    }
    if kind.eq(polars.getattr("List")?)? {
        let inner = with_type(polars, &kind.getattr("inner")?)?;
        return inner.map(|inner| polars.call_method1("List", (inner,))).transpose();
    }
    if kind.eq(polars.getattr("Struct")?)? {
        let fields = PyDict::new(kind.py());
        let mut any = false;
        for field in kind.getattr("fields")?.try_iter()? {
            let field = field?;
            let inner = field.getattr("dtype")?;
            let typed = with_type(polars, &inner)?;
            any |= typed.is_some();
            fields.set_item(field.getattr("name")?, typed.unwrap_or(inner))?;
        }
        return if any { polars.call_method1("Struct", (fields,)).map(Some) } else { Ok(None) };
    }
    Ok(None)
}

/// A capsule that gives these batches to whoever asks for it.
pub(crate) fn export(
    py: Python<'_>,
    schema: SchemaRef,
    batches: impl Iterator<Item = Result<RecordBatch, ArrowError>> + Send + 'static,
) -> PyResult<Bound<'_, PyCapsule>> {
    let reader: Box<dyn RecordBatchReader + Send> = Box::new(RecordBatchIterator::new(batches, schema));
    PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(reader), c"arrow_array_stream")
}
