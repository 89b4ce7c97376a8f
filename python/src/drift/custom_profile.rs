//! `CustomDriftProfile`.

use indexmap::IndexMap;
use pyo3::prelude::*;
use scouter_tasks::profile::CustomProfile;

use super::custom_alert::PyCustomAlertConfig;
use super::custom_config::PyCustomConfig;
use super::forms::has_config;
use super::metric::PyCustomMetric;
use crate::data::documents;
use crate::errors;
use crate::told::told;

/// Metrics with their baselines.
///
/// Args:
///     config: What becomes of the profile.
///     metrics: The metrics, each under a name of its own.
#[pyclass(module = "scouter.drift", name = "CustomDriftProfile", skip_from_py_object)]
#[derive(Debug)]
pub(crate) struct PyCustomProfile {
    /// What becomes of it.
    #[pyo3(get)]
    config: Py<PyCustomConfig>,
    scouter_version: String,
    metrics: Vec<Py<PyCustomMetric>>,
}

#[pymethods]
impl PyCustomProfile {
    #[new]
    fn new(py: Python<'_>, config: Py<PyCustomConfig>, metrics: Vec<Py<PyCustomMetric>>) -> PyResult<Self> {
        if metrics.is_empty() {
            return Err(errors::value("`metrics` is empty: give at least one"));
        }
        let alerts = config.borrow(py).alert_config.clone_ref(py);
        let mut given = alerts.borrow_mut(py).conditions.take().unwrap_or_default();
        let mut conditions = IndexMap::new();
        for metric in &metrics {
            let mut metric = metric.borrow_mut(py);
            if let Some(condition) = given.swap_remove(&metric.name) {
                metric.alert_condition.0 = condition;
            }
            if conditions.insert(metric.name.clone(), metric.alert_condition.0).is_some() {
                return Err(errors::value(format!("metric `{}` is there more than once", metric.name)));
            }
        }
        if let Some(name) = given.keys().next() {
            return Err(errors::value(format!(
                "`alert_conditions` has `{name}`, which is none of the metrics"
            )));
        }
        alerts.borrow_mut(py).conditions = Some(conditions);
        Ok(Self { config, scouter_version: env!("CARGO_PKG_VERSION").to_owned(), metrics })
    }

    /// The baseline of every metric.
    #[getter]
    fn metrics(&self, py: Python<'_>) -> IndexMap<String, f64> {
        let metrics = self.metrics.iter().map(|metric| metric.borrow(py));
        metrics.map(|metric| (metric.name.clone(), metric.baseline_value())).collect()
    }

    /// The metrics.
    #[getter]
    fn custom_metrics(&self, py: Python<'_>) -> Vec<Py<PyCustomMetric>> {
        self.metrics.iter().map(|metric| metric.clone_ref(py)).collect()
    }

    /// Changes what is given of the configuration.
    #[pyo3(signature = (space=None, name=None, version=None, alert_config=None))]
    fn update_config_args(
        &self,
        py: Python<'_>,
        space: Option<String>,
        name: Option<String>,
        version: Option<String>,
        alert_config: Option<Py<PyCustomAlertConfig>>,
    ) {
        self.config.borrow_mut(py).update_config_args(space, name, version, alert_config);
    }
}

impl PyCustomProfile {
    pub(crate) fn spec(&self, py: Python<'_>) -> CustomProfile {
        CustomProfile {
            scouter_version: self.scouter_version.clone(),
            config: self.config.borrow(py).spec(py),
            custom_metrics: self.metrics.iter().map(|metric| metric.borrow(py).spec(py)).collect(),
        }
    }

    pub(crate) fn of(py: Python<'_>, profile: CustomProfile) -> PyResult<Self> {
        let metric = |metric| Py::new(py, PyCustomMetric::of(py, metric)?);
        let metrics = profile.custom_metrics.into_iter().map(metric).collect::<PyResult<_>>()?;
        let config = Py::new(py, PyCustomConfig::of(py, profile.config)?)?;
        let read = Self::new(py, config, metrics)?;
        Ok(Self { scouter_version: profile.scouter_version, ..read })
    }
}

has_config!(PyCustomProfile);
documents!(PyCustomProfile(CustomProfile) as "CustomDriftProfile" in "custom_drift_profile.json");
told!(PyCustomProfile as CustomProfile);
