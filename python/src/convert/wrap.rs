//! Values as arguments and as fields of Python classes.

use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;
use pyo3::type_hint_identifier;
use scouter_tasks::value::Value;

use super::{from_python, to_python};

/// Any JSON-like value.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct PyJson(pub(crate) Value);

impl<'a, 'py> FromPyObject<'a, 'py> for PyJson {
    type Error = PyErr;

    const INPUT_TYPE: PyStaticExpr = type_hint_identifier!("typing", "Any");

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        from_python(&object).map(Self).map_err(crate::errors::value)
    }
}

impl<'py> IntoPyObject<'py> for PyJson {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    const OUTPUT_TYPE: PyStaticExpr = type_hint_identifier!("typing", "Any");

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        to_python(py, &self.0)
    }
}

impl<'py> IntoPyObject<'py> for &PyJson {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    const OUTPUT_TYPE: PyStaticExpr = type_hint_identifier!("typing", "Any");

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        to_python(py, &self.0)
    }
}
