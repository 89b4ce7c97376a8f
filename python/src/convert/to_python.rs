//! Values into Python objects.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyList, PyType};
use scouter_tasks::value::Value;

static DECIMAL: PyOnceLock<Py<PyType>> = PyOnceLock::new();

/// The object of a value: `int` for whole numbers of any size, `decimal.Decimal` for other exact
/// ones.
pub(crate) fn to_python<'py>(py: Python<'py>, value: &Value) -> PyResult<Bound<'py, PyAny>> {
    Ok(match value {
        Value::Null => py.None().into_bound(py),
        Value::Bool(value) => value.into_pyobject(py)?.to_owned().into_any(),
        Value::Int(int) => int.into_pyobject(py)?.into_any(),
        Value::Float(float) => float.into_pyobject(py)?.into_any(),
        Value::Decimal(decimal) => match decimal.to_bigint() {
            Some(int) => int.into_pyobject(py)?.into_any(),
            None => DECIMAL.import(py, "decimal", "Decimal")?.call1((decimal.to_string(),))?,
        },
        Value::Text(text) => text.as_str().into_pyobject(py)?.into_any(),
        Value::List(items) => {
            let list = PyList::empty(py);
            for item in items.iter() {
                list.append(to_python(py, item)?)?;
            }
            list.into_any()
        }
        Value::Map(map) => {
            let dict = PyDict::new(py);
            for (key, item) in map.iter() {
                dict.set_item(key.as_str(), to_python(py, item)?)?;
            }
            dict.into_any()
        }
    })
}
