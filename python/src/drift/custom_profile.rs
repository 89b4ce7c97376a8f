//! `CustomDriftProfile`.

use std::collections::HashSet;

use indexmap::IndexMap;
use pyo3::prelude::*;
use scouter_drift::custom::AlertCondition;
use scouter_tasks::profile::{Content, CustomProfile};

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
    config: Py<PyCustomConfig>,
    scouter_version: String,
    /// They alone hold the conditions.
    metrics: Vec<Py<PyCustomMetric>>,
}

#[pymethods]
impl PyCustomProfile {
    #[new]
    fn new(
        py: Python<'_>,
        config: &Bound<'_, PyCustomConfig>,
        metrics: Vec<Py<PyCustomMetric>>,
    ) -> PyResult<Self> {
        let profile = CustomProfile {
            scouter_version: env!("CARGO_PKG_VERSION").to_owned(),
            config: config.borrow().spec(py),
            custom_metrics: metrics.iter().map(|metric| metric.borrow(py).spec(py)).collect(),
        };
        Self::of(py, profile)
    }

    /// What becomes of it. Its `alert_conditions` are those of the metrics.
    #[getter]
    fn config(&self, py: Python<'_>) -> Py<PyCustomConfig> {
        self.config.borrow(py).alert_config.borrow_mut(py).conditions = Some(self.conditions(py));
        self.config.clone_ref(py)
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
        alert_config: Option<Bound<'_, PyCustomAlertConfig>>,
    ) -> PyResult<()> {
        let mut profile = self.spec(py);
        let alert_config = alert_config.map(|config| config.borrow().spec(py));
        if let Some(alert_config) = &alert_config {
            profile.config.alert_config = alert_config.clone();
            adopt(&mut profile)?;
            for (own, metric) in self.metrics.iter().zip(profile.custom_metrics) {
                own.borrow_mut(py).alert_condition.0 = metric.alert_condition;
            }
        }
        let alert_config = alert_config.map(|config| Py::new(py, PyCustomAlertConfig::of(py, config)?));
        self.config.borrow_mut(py).update_config_args(space, name, version, alert_config.transpose()?)
    }
}

/// Gives metrics the conditions that the configuration has for them.
fn adopt(profile: &mut CustomProfile) -> PyResult<()> {
    let mut given = profile.config.alert_config.alert_conditions.take().unwrap_or_default();
    for metric in &mut profile.custom_metrics {
        if let Some(condition) = given.swap_remove(&metric.name) {
            metric.alert_condition = condition;
        }
    }
    match given.keys().next() {
        Some(name) => {
            Err(errors::value(format!("`alert_conditions` has `{name}`, which is none of the metrics")))
        }
        None => Ok(()),
    }
}

impl PyCustomProfile {
    fn conditions(&self, py: Python<'_>) -> IndexMap<String, AlertCondition> {
        let metrics = self.metrics.iter().map(|metric| metric.borrow(py));
        metrics.map(|metric| (metric.name.clone(), metric.alert_condition.0)).collect()
    }

    pub(crate) fn spec(&self, py: Python<'_>) -> CustomProfile {
        let mut config = self.config.borrow(py).spec(py);
        config.alert_config.alert_conditions = Some(self.conditions(py));
        CustomProfile {
            scouter_version: self.scouter_version.clone(),
            config,
            custom_metrics: self.metrics.iter().map(|metric| metric.borrow(py).spec(py)).collect(),
        }
    }

    pub(crate) fn of(py: Python<'_>, mut profile: CustomProfile) -> PyResult<Self> {
        if profile.custom_metrics.is_empty() {
            return Err(errors::value("`metrics` is empty: give at least one"));
        }
        adopt(&mut profile)?;
        let mut names = HashSet::new();
        if let Some(twice) = profile.custom_metrics.iter().find(|metric| !names.insert(&metric.name)) {
            return Err(errors::value(format!("metric `{}` is there more than once", twice.name)));
        }
        let metric = |metric| Py::new(py, PyCustomMetric::of(py, metric)?);
        Ok(Self {
            config: Py::new(py, PyCustomConfig::of(py, profile.config)?)?,
            scouter_version: profile.scouter_version,
            metrics: profile.custom_metrics.into_iter().map(metric).collect::<PyResult<_>>()?,
        })
    }
}

has_config!(PyCustomProfile);
documents!(PyCustomProfile(CustomProfile) as "CustomDriftProfile" in "custom_drift_profile.json", compared by Content::content);
told!(PyCustomProfile as CustomProfile);
