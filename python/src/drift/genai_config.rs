//! `GenAIEvalConfig`.

use pyo3::prelude::*;
use scouter_tasks::profile::{GenAIConfig, Identity, SampleRatio};

use super::custom_alert::PyGenAIAlertConfig;
use super::enums::PyDriftType;
use super::identity::{Given, has_identity};
use crate::data::documents;
use crate::errors;

/// What becomes of a profile of evaluations.
///
/// Args:
///     space: What the name belongs to, such as a team. `"__missing__"` by default.
///     name: The model or service. `"__missing__"` by default.
///     version: Its version. `"0.1.0"` by default.
///     sample_ratio: The share of records that are evaluated, from 0 to 1: all of them by default, about one in ten with `0.1`.
///     alert_config: When is looked at the pass rate, and who is told.
///
/// Raises:
///     ValueError: Where `sample_ratio` is not from 0 to 1.
#[pyclass(module = "scouter.evaluate", name = "GenAIEvalConfig", skip_from_py_object)]
#[derive(Debug)]
pub(crate) struct PyGenAIConfig {
    pub(super) identity: Identity,
    sample_ratio: SampleRatio,
    /// When is looked, and who is told.
    #[pyo3(get, set)]
    alert_config: Py<PyGenAIAlertConfig>,
}

#[pymethods]
impl PyGenAIConfig {
    #[new]
    #[pyo3(signature = (space=None, name=None, version=None, sample_ratio=1.0, alert_config=None))]
    fn new(
        py: Python<'_>,
        space: Option<String>,
        name: Option<String>,
        version: Option<String>,
        sample_ratio: f64,
        alert_config: Option<Py<PyGenAIAlertConfig>>,
    ) -> PyResult<Self> {
        let mut config = Self::of(py, GenAIConfig::default())?;
        config.set_sample_ratio(sample_ratio)?;
        config.update_config_args(space, name, version, alert_config)?;
        Ok(config)
    }

    /// The share of records that are evaluated, from 0 to 1.
    #[getter]
    fn sample_ratio(&self) -> f64 {
        self.sample_ratio.get()
    }

    #[setter]
    fn set_sample_ratio(&mut self, sample_ratio: f64) -> PyResult<()> {
        self.sample_ratio = SampleRatio::new(sample_ratio).map_err(errors::value)?;
        Ok(())
    }

    /// Always `DriftType.GenAI`.
    #[getter]
    fn drift_type(&self) -> PyDriftType {
        PyDriftType::GenAI
    }

    /// Changes what is given.
    #[pyo3(signature = (space=None, name=None, version=None, alert_config=None))]
    pub(super) fn update_config_args(
        &mut self,
        space: Option<String>,
        name: Option<String>,
        version: Option<String>,
        alert_config: Option<Py<PyGenAIAlertConfig>>,
    ) -> PyResult<()> {
        Given { space, name, version }.onto(&mut self.identity)?;
        if let Some(alert_config) = alert_config {
            self.alert_config = alert_config;
        }
        Ok(())
    }
}

impl PyGenAIConfig {
    pub(super) fn spec(&self, py: Python<'_>) -> GenAIConfig {
        GenAIConfig {
            identity: self.identity.clone(),
            sample_ratio: self.sample_ratio,
            alert_config: self.alert_config.borrow(py).spec(py),
        }
    }

    pub(super) fn of(py: Python<'_>, config: GenAIConfig) -> PyResult<Self> {
        Ok(Self {
            identity: config.identity,
            sample_ratio: config.sample_ratio,
            alert_config: Py::new(py, PyGenAIAlertConfig::of(py, config.alert_config)?)?,
        })
    }
}

has_identity!(PyGenAIConfig);
documents!(PyGenAIConfig(GenAIConfig) as "GenAIEvalConfig" in "genai_eval_config.json");
