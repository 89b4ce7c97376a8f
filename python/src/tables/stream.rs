//! Arrow streams from and to other libraries, by the PyCapsule interface: no copy, and no need of pyarrow.
//! <https://arrow.apache.org/docs/format/CDataInterface/PyCapsuleInterface.html>

use arrow_array::ffi_stream::{FFI_ArrowArrayStream, RecordBatchStreamReader};
use arrow_array::{RecordBatch, RecordBatchIterator, RecordBatchReader};
use arrow_pyarrow::FromPyArrow;
use arrow_schema::{ArrowError, SchemaRef};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

use crate::errors;

/// The batches of anything that has `__arrow_c_stream__`. They share the memory of what they come from.
pub(crate) fn import(table: &Bound<'_, PyAny>) -> PyResult<(SchemaRef, Vec<RecordBatch>)> {
    let py = table.py();
    if !table.hasattr("__arrow_c_stream__")? {
        let class = table.get_type().fully_qualified_name()?;
        return Err(PyTypeError::new_err(format!(
            "`table` must be an Arrow table or what gives one (`__arrow_c_stream__`), such as a data frame of \
             polars or of pandas 2.2 and later, not `{class}`"
        )));
    }
    let reader = RecordBatchStreamReader::from_pyarrow_bound(table)?;
    let schema = reader.schema();
    let batches = py.detach(|| reader.collect::<Result<Vec<_>, ArrowError>>());
    let batches =
        batches.map_err(|error| errors::record(py, format!("the table could not be read: {error}")))?;
    Ok((schema, batches))
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
