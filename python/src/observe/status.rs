//! A status of HTTP as somebody says it.

use pyo3::exceptions::PyOverflowError;
use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;

/// Any whole number. Whether it is a status is found out where it is counted, so that one that is none is told as that.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StatusCode(pub(crate) i64);

impl<'a, 'py> FromPyObject<'a, 'py> for StatusCode {
    type Error = PyErr;

    const INPUT_TYPE: PyStaticExpr = i64::INPUT_TYPE;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        match object.extract::<i64>() {
            Err(error) if error.is_instance_of::<PyOverflowError>(object.py()) => {
                Ok(Self(if object.lt(0)? { i64::MIN } else { i64::MAX }))
            }
            other => other.map(Self),
        }
    }
}
