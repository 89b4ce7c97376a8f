//! `CustomMetricDriftConfig`.

use pyo3::prelude::*;
use scouter_tasks::profile::{CustomConfig, Identity};

use super::custom_alert::PyCustomAlertConfig;
use super::enums::PyDriftType;
use super::identity::{Given, has_identity};
use crate::data::documents;

/// What becomes of a profile of metrics.
///
/// Args:
///     space: What the name belongs to, such as a team. To be given before a profile is registered, as the name is; `"__missing__"` until then. Both
///         have 1 to 128 letters (a to z, A to Z), digits, `_`, `-` and `.`, and begin with neither of the last two.
///     name: The model or service.
///     version: Its version, a semantic one such as 1.2.3. `"0.1.0"` by default.
///     sample_size: How many values a client sends at a time.
///     alert_config: When is looked, and who is told.
#[pyclass(module = "scouter.drift", name = "CustomMetricDriftConfig", skip_from_py_object)]
#[derive(Debug)]
pub(crate) struct PyCustomConfig {
    identity: Identity,
    /// How many values a client sends at a time.
    #[pyo3(get, set)]
    sample_size: usize,
    /// When is looked, and who is told.
    #[pyo3(get, set)]
    pub(super) alert_config: Py<PyCustomAlertConfig>,
}

#[pymethods]
impl PyCustomConfig {
    #[new]
    #[pyo3(signature = (space=None, name=None, version=None, sample_size=25, alert_config=None))]
    fn new(
        py: Python<'_>,
        space: Option<String>,
        name: Option<String>,
        version: Option<String>,
        sample_size: usize,
        alert_config: Option<Py<PyCustomAlertConfig>>,
    ) -> PyResult<Self> {
        let mut config = Self::of(py, CustomConfig { sample_size, ..CustomConfig::default() })?;
        config.update_config_args(space, name, version, alert_config)?;
        Ok(config)
    }

    /// Always `DriftType.Custom`.
    #[getter]
    fn drift_type(&self) -> PyDriftType {
        PyDriftType::Custom
    }

    /// Changes what is given.
    #[pyo3(signature = (space=None, name=None, version=None, alert_config=None))]
    pub(super) fn update_config_args(
        &mut self,
        space: Option<String>,
        name: Option<String>,
        version: Option<String>,
        alert_config: Option<Py<PyCustomAlertConfig>>,
    ) -> PyResult<()> {
        Given { space, name, version }.onto(&mut self.identity)?;
        if let Some(alert_config) = alert_config {
            self.alert_config = alert_config;
        }
        Ok(())
    }
}

impl PyCustomConfig {
    pub(super) fn spec(&self, py: Python<'_>) -> CustomConfig {
        CustomConfig {
            identity: self.identity.clone(),
            sample_size: self.sample_size,
            alert_config: self.alert_config.borrow(py).spec(py),
        }
    }

    pub(super) fn of(py: Python<'_>, config: CustomConfig) -> PyResult<Self> {
        Ok(Self {
            identity: config.identity,
            sample_size: config.sample_size,
            alert_config: Py::new(py, PyCustomAlertConfig::of(py, config.alert_config)?)?,
        })
    }
}

has_identity!(PyCustomConfig);
documents!(PyCustomConfig(CustomConfig) as "CustomMetricDriftConfig" in "custom_drift_config.json");
