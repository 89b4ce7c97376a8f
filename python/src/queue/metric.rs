//! `Metric` and `Metrics`.

use indexmap::IndexMap;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use serde::{Deserialize, Serialize};

use super::feature::{PyEntityType, put};
use crate::convert::{holds, one_of};
use crate::data::wraps;

/// A number that an application measured itself.
///
/// Args:
///     name: Its name in the profile.
///     value: The number.
#[pyclass(module = "scouter.queue", name = "Metric", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyMetric(Measured);

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Measured {
    name: String,
    value: f64,
}

wraps!(PyMetric(Measured) as "Metric");

#[pymethods]
impl PyMetric {
    #[new]
    fn new(name: String, value: f64) -> Self {
        Self(Measured { name, value })
    }

    /// Its name in the profile.
    #[getter]
    fn name(&self) -> &str {
        &self.0.name
    }

    /// The number.
    #[getter]
    fn value(&self) -> f64 {
        self.0.value
    }
}

/// Numbers that an application measured itself, at one time.
///
/// Args:
///     metrics: A dict of numbers by name, or a list of `Metric`.
///
/// Raises:
///     ValueError: Where a list names a metric twice.
#[pyclass(module = "scouter.queue", name = "Metrics", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyMetrics(All);

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct All {
    metrics: IndexMap<String, f64>,
}

wraps!(PyMetrics(All) as "Metrics");

one_of! {
    /// Numbers by name, as they are given.
    enum Given<'py> {
        Dict(IndexMap<String, f64>),
        List(Vec<PyRef<'py, PyMetric>>),
    }
    else holds
}

#[pymethods]
impl PyMetrics {
    #[new]
    fn new(py: Python<'_>, metrics: Given<'_>) -> PyResult<Self> {
        let metrics = match metrics {
            Given::Dict(metrics) => metrics,
            Given::List(metrics) => {
                let dict = PyDict::new(py);
                for metric in metrics {
                    put(&dict, &metric.0.name, metric.0.value)?;
                }
                dict.extract()?
            }
        };
        Ok(Self(All { metrics }))
    }

    /// The metrics.
    #[getter]
    fn metrics(&self) -> Vec<PyMetric> {
        let metrics = self.0.metrics.iter();
        metrics.map(|(name, value)| PyMetric(Measured { name: name.clone(), value: *value })).collect()
    }

    /// What kind of thing it is.
    #[getter]
    fn entity_type(&self) -> PyEntityType {
        PyEntityType::Metric
    }

    fn __len__(&self) -> usize {
        self.0.metrics.len()
    }
}

impl PyMetrics {
    /// The numbers as a dict.
    pub(super) fn dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        (&self.0.metrics).into_pyobject(py)
    }
}
