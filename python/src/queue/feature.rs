//! `QueueFeature` and `Features`.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyFloat, PyInt, PyString};
use scouter_tasks::value::Value;

use crate::convert::{from_python, holds, one_of, to_python};
use crate::data::{Data, data_methods};
use crate::errors;
use crate::evaluate::enums::by_name;

/// What kind of thing is handed over.
#[pyclass(module = "scouter.queue", name = "EntityType", eq, hash, frozen, from_py_object)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum PyEntityType {
    /// Features of a prediction.
    Feature,
    /// Metrics of an application's own.
    Metric,
    /// Something to evaluate.
    GenAI,
}

by_name!(PyEntityType { Feature, Metric, GenAI });

/// The value of one feature.
///
/// Args:
///     name: Its name in the profile.
///     value: A number, a text, a bool, a datetime or a date, or `None` where it is missing.
#[pyclass(module = "scouter.queue", name = "QueueFeature", frozen, skip_from_py_object)]
#[derive(Debug)]
pub(crate) struct PyFeature {
    name: String,
    value: Py<PyAny>,
}

#[pymethods]
impl PyFeature {
    #[new]
    fn new(name: String, value: Py<PyAny>) -> Self {
        Self { name, value }
    }

    /// A whole number.
    #[staticmethod]
    fn int(name: String, value: Py<PyInt>) -> Self {
        Self { name, value: value.into_any() }
    }

    /// A number.
    #[staticmethod]
    fn float(py: Python<'_>, name: String, value: f64) -> Self {
        Self { name, value: PyFloat::new(py, value).into_any().unbind() }
    }

    /// A text.
    #[staticmethod]
    fn string(name: String, value: Py<PyString>) -> Self {
        Self { name, value: value.into_any() }
    }

    /// A category: a text too.
    #[staticmethod]
    fn categorical(name: String, value: Py<PyString>) -> Self {
        Self::string(name, value)
    }

    /// Its name in the profile.
    #[getter]
    fn name(&self) -> &str {
        &self.name
    }

    /// Its value.
    #[getter]
    fn value(&self, py: Python<'_>) -> Py<PyAny> {
        self.value.clone_ref(py)
    }
}

impl Data for PyFeature {
    const NAME: &'static str = "QueueFeature";

    fn to_value(&self, py: Python<'_>) -> PyResult<Value> {
        let value = from_python(self.value.bind(py)).map_err(errors::value)?;
        Ok(Value::map([("name", Value::from(self.name.clone())), ("value", value)]))
    }

    fn from_value(py: Python<'_>, value: &Value) -> PyResult<Self> {
        match (value.get("name"), value.get("value")) {
            (Some(Value::Text(name)), Some(value)) => {
                Ok(Self { name: name.to_string(), value: to_python(py, value)?.unbind() })
            }
            _ => Err(errors::value("not a `QueueFeature`: it has no `name` or no `value`")),
        }
    }
}

data_methods!(PyFeature);

/// The features of one prediction.
///
/// Args:
///     features: A dict of values by name, or a list of `Feature`.
///
/// Raises:
///     ValueError: Where a list names a feature twice.
#[pyclass(module = "scouter.queue", name = "Features", frozen, skip_from_py_object)]
#[derive(Debug)]
pub(crate) struct PyFeatures {
    /// By name.
    pub(super) values: Py<PyDict>,
}

one_of! {
    /// Values by name, as they are given.
    enum Given<'py> {
        Dict(Bound<'py, PyDict>),
        List(Vec<PyRef<'py, PyFeature>>),
    }
    else holds
}

/// Puts a value into a dict that has none of that name yet.
pub(super) fn put<'py>(dict: &Bound<'py, PyDict>, name: &str, value: impl IntoPyObject<'py>) -> PyResult<()> {
    if dict.contains(name)? {
        return Err(errors::value(format!("`{name}` stands there twice")));
    }
    dict.set_item(name, value)
}

#[pymethods]
impl PyFeatures {
    #[new]
    fn new(py: Python<'_>, features: Given<'_>) -> PyResult<Self> {
        let values = match features {
            Given::Dict(dict) => dict.copy()?,
            Given::List(features) => {
                let dict = PyDict::new(py);
                for feature in features {
                    put(&dict, &feature.name, feature.value.bind(py))?;
                }
                dict
            }
        };
        Ok(Self { values: values.unbind() })
    }

    /// The features.
    #[getter]
    fn features(&self, py: Python<'_>) -> PyResult<Vec<PyFeature>> {
        let feature = |(name, value): (Bound<'_, PyAny>, Bound<'_, PyAny>)| {
            Ok(PyFeature { name: name.extract()?, value: value.unbind() })
        };
        self.values.bind(py).iter().map(feature).collect()
    }

    /// What kind of thing it is.
    #[getter]
    fn entity_type(&self) -> PyEntityType {
        PyEntityType::Feature
    }

    fn __len__(&self, py: Python<'_>) -> usize {
        self.values.bind(py).len()
    }
}

impl Data for PyFeatures {
    const NAME: &'static str = "Features";

    fn to_value(&self, py: Python<'_>) -> PyResult<Value> {
        let values = from_python(self.values.bind(py)).map_err(errors::value)?;
        Ok(Value::map([("features", values)]))
    }

    fn from_value(py: Python<'_>, value: &Value) -> PyResult<Self> {
        let values = value.get("features").map(|values| to_python(py, values)).transpose()?;
        match values.map(Bound::cast_into::<PyDict>) {
            Some(Ok(values)) => Ok(Self { values: values.unbind() }),
            _ => Err(errors::value("not `Features`: it has no object `features`")),
        }
    }
}

data_methods!(PyFeatures);
