//! Objects of other packages as plain ones, by what they offer, so that none of these packages is
//! needed: pydantic models, dataclasses, NumPy arrays and scalars, pandas columns and missing
//! values.

use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyType};

/// A dict, a list or a scalar in place of the object; `None` where it offers none.
pub(crate) fn plain<'py>(object: &Bound<'py, PyAny>) -> Result<Option<Bound<'py, PyAny>>, String> {
    let py = object.py();
    if object.cast::<PyType>().is_ok() {
        return Ok(None);
    }
    let class = object.get_type();
    if class.hasattr("model_dump").unwrap_or(false) {
        return object.call_method0("model_dump").map(Some).map_err(|error| raised("model_dump", py, &error));
    }
    if class.hasattr("tolist").unwrap_or(false) {
        return listed(object).map(Some).map_err(|error| raised("tolist", py, &error));
    }
    if class.hasattr("__dataclass_fields__").unwrap_or(false) {
        return fields(object).map(Some).map_err(|error| raised("dataclasses.fields", py, &error));
    }
    Ok(None)
}

/// Whether the object is the missing value of pandas, or its missing moment.
pub(crate) fn is_missing(object: &Bound<'_, PyAny>) -> bool {
    object.get_type().name().is_ok_and(|name| name == "NAType" || name == "NaTType")
}

/// What `tolist` gives. Moments in nanoseconds would come out as bare numbers.
fn listed<'py>(object: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let kind = object.getattr("dtype").and_then(|dtype| dtype.getattr("kind")?.extract::<String>());
    if kind.is_ok_and(|kind| kind == "M") {
        return object.call_method1("astype", ("datetime64[us]",))?.call_method0("tolist");
    }
    object.call_method0("tolist")
}

/// The fields of a dataclass and what they hold; what that is, is looked at later.
fn fields<'py>(object: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let dict = PyDict::new(object.py());
    for field in object.py().import("dataclasses")?.call_method1("fields", (object,))?.try_iter()? {
        let name = field?.getattr("name")?;
        dict.set_item(&name, object.getattr(name.extract::<&str>()?)?)?;
    }
    Ok(dict.into_any())
}

fn raised(method: &str, py: Python<'_>, error: &PyErr) -> String {
    if error.is_instance_of::<PyKeyboardInterrupt>(py) {
        // Ctrl-C is not about this object: whoever listens for signals next shall hear it. Where
        // it can't be told again, the error below says it.
        let _ = py.import("_thread").and_then(|thread| thread.call_method0("interrupt_main"));
    }
    format!("its `{method}` raised {error}")
}
