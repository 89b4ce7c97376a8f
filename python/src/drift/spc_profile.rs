//! `SpcDriftProfile` and its parts.

use chrono::SecondsFormat;
use indexmap::IndexMap;
use pyo3::prelude::*;
use scouter_drift::Absent;
use scouter_tasks::profile::{SpcFeature, SpcProfile};

use super::identity::reasons;
use super::spc_alert::PySpcAlertConfig;
use super::spc_config::PySpcConfig;
use crate::data::{documents, wraps};

/// A feature as it was: the centre and the limits of its control chart.
#[pyclass(module = "scouter.drift", name = "SpcFeatureDriftProfile", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PySpcFeature(SpcFeature);

#[pymethods]
impl PySpcFeature {
    /// Its name.
    #[getter]
    fn id(&self) -> &str {
        &self.0.id
    }

    /// The grand mean.
    #[getter]
    fn center(&self) -> f64 {
        self.0.baseline.center
    }

    /// One standard deviation above the centre.
    #[getter]
    fn one_ucl(&self) -> f64 {
        self.0.baseline.one_ucl
    }

    /// One standard deviation below the centre.
    #[getter]
    fn one_lcl(&self) -> f64 {
        self.0.baseline.one_lcl
    }

    /// Two standard deviations above the centre.
    #[getter]
    fn two_ucl(&self) -> f64 {
        self.0.baseline.two_ucl
    }

    /// Two standard deviations below the centre.
    #[getter]
    fn two_lcl(&self) -> f64 {
        self.0.baseline.two_lcl
    }

    /// Three standard deviations above the centre.
    #[getter]
    fn three_ucl(&self) -> f64 {
        self.0.baseline.three_ucl
    }

    /// Three standard deviations below the centre.
    #[getter]
    fn three_lcl(&self) -> f64 {
        self.0.baseline.three_lcl
    }

    /// When it was looked at, as ISO 8601 text in UTC.
    #[getter]
    fn timestamp(&self) -> String {
        self.0.timestamp.to_rfc3339_opts(SecondsFormat::Micros, true)
    }

    /// The mean standard deviation of subgroups, the centre of the S chart.
    #[getter]
    fn mean_deviation(&self) -> f64 {
        self.0.baseline.mean_deviation
    }

    /// The upper limit of the S chart.
    #[getter]
    fn deviation_ucl(&self) -> f64 {
        self.0.baseline.deviation_ucl
    }

    /// The lower limit of the S chart.
    #[getter]
    fn deviation_lcl(&self) -> f64 {
        self.0.baseline.deviation_lcl
    }

    /// Subgroups that it was taken from.
    #[getter]
    fn subgroups(&self) -> u64 {
        self.0.baseline.subgroups
    }
}

wraps!(PySpcFeature(SpcFeature) as "SpcFeatureDriftProfile");

/// How the features of some data were, as control charts to put later rows on.
#[pyclass(module = "scouter.drift", name = "SpcDriftProfile", skip_from_py_object)]
#[derive(Debug)]
pub(crate) struct PySpcProfile {
    /// How it was made.
    #[pyo3(get)]
    config: Py<PySpcConfig>,
    scouter_version: String,
    features: IndexMap<String, SpcFeature>,
    absent: IndexMap<String, Absent>,
}

#[pymethods]
impl PySpcProfile {
    /// What records refer to it by; the same as of its configuration.
    #[getter]
    fn uid(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        self.config.getattr(py, "uid")
    }

    #[setter]
    fn set_uid(&self, py: Python<'_>, uid: &str) -> PyResult<()> {
        self.config.setattr(py, "uid", uid)
    }

    /// The version of the package that made it.
    #[getter]
    fn scouter_version(&self) -> &str {
        &self.scouter_version
    }

    /// The features.
    #[getter]
    fn features(&self) -> IndexMap<String, PySpcFeature> {
        self.features.iter().map(|(name, feature)| (name.clone(), PySpcFeature(feature.clone()))).collect()
    }

    /// Columns of which there is no chart, and why.
    #[getter]
    fn absent(&self) -> IndexMap<String, String> {
        reasons(&self.absent)
    }

    /// Changes what is given of the configuration. Charts stay as they are: a new `sample_size` counts for the next
    /// profile.
    #[pyo3(signature = (space=None, name=None, version=None, sample_size=None, alert_config=None))]
    fn update_config_args(
        &self,
        py: Python<'_>,
        space: Option<String>,
        name: Option<String>,
        version: Option<String>,
        sample_size: Option<usize>,
        alert_config: Option<Py<PySpcAlertConfig>>,
    ) -> PyResult<()> {
        let given = (space, name, version, sample_size, alert_config);
        self.config.call_method1(py, "update_config_args", given).map(drop)
    }
}

impl PySpcProfile {
    pub(super) fn spec(&self, py: Python<'_>) -> SpcProfile {
        SpcProfile {
            scouter_version: self.scouter_version.clone(),
            config: self.config.borrow(py).spec(py),
            features: self.features.clone(),
            absent: self.absent.clone(),
        }
    }

    pub(super) fn of(py: Python<'_>, profile: SpcProfile) -> PyResult<Self> {
        Ok(Self {
            config: Py::new(py, PySpcConfig::of(py, profile.config)?)?,
            scouter_version: profile.scouter_version,
            features: profile.features,
            absent: profile.absent,
        })
    }
}

documents!(PySpcProfile(SpcProfile) as "SpcDriftProfile" in "spc_drift_profile.json");
