//! `SpcDriftConfig`.

use std::path::PathBuf;

use bigdecimal::num_bigint::BigInt;
use pyo3::prelude::*;
use scouter_drift::spc::Limits;
use scouter_tasks::profile::{FeatureMap, Identity, SpcConfig, TextLengths};

use super::enums::PyDriftType;
use super::identity::{Given, PyFeatureMap, has_identity};
use super::lengths::{AnyLengths, has_text_lengths};
use super::spc_alert::PySpcAlertConfig;
use crate::convert::one_of;
use crate::data::documents;
use crate::errors;

const SUBGROUPS: &str = "subgroup_means";
const INDIVIDUAL: &str = "individual";

/// How control charts are made.
///
/// Args:
///     space: What the name belongs to, such as a team. To be given before a profile is registered, as the name is; `"__missing__"` until then. Both
///         have 1 to 128 letters (a to z, A to Z), digits, `_`, `-` and `.`, and begin with neither of the last two.
///     name: The model or service.
///     version: Its version, a semantic one such as 1.2.3. `"0.1.0"` by default.
///     sample_size: How many consecutive rows are one subgroup, whose mean is a point of the chart: 25 by
///         default. 1 charts single values by their moving ranges. `"auto"` is as many as leave 25 subgroups of the
///         baseline, from 1 to 25; for data in memory.
///     alert_config: When is looked, what is out of control, and who is told.
///     config_path: A file that `save_to_json` of a configuration wrote, from which everything is taken that is
///         not given here.
///     limits: `"subgroup_means"`, the textbook's: centre ± k·σ̂/√n. Or `"individual"`, centre ± k·σ̂: limits for
///         single values, √n times as wide, within which means stay even where the process has moved far.
///     text_lengths: Columns of text that stand on charts by their lengths, with what is counted: `{"answer": "words"}`, or
///         `"characters"`.
#[pyclass(module = "scouter.drift", name = "SpcDriftConfig", skip_from_py_object)]
#[derive(Debug)]
pub(crate) struct PySpcConfig {
    identity: Identity,
    sample_size: Option<usize>,
    limits: Limits,
    /// When is looked, what is out of control, and who is told.
    #[pyo3(get, set)]
    alert_config: Py<PySpcAlertConfig>,
    feature_map: Option<FeatureMap>,
    text_lengths: TextLengths,
}

const AUTO: &str = "auto";

one_of! {
    /// A size of subgroups, as an argument and a field.
    #[derive(IntoPyObject)]
    pub(super) enum AnySize {
        Rows(BigInt),
        Named(String),
    }
}

impl AnySize {
    fn read(self) -> PyResult<Option<usize>> {
        let given = match self {
            Self::Rows(rows) => match usize::try_from(&rows) {
                Ok(rows @ 1..=1_000_000) => return Ok(Some(rows)),
                _ => rows.to_string(),
            },
            Self::Named(name) if name == AUTO => return Ok(None),
            Self::Named(name) => name,
        };
        Err(errors::value(format!(
            "`sample_size` is `{given}`: it must be from 1 to 1,000,000, or `\"{AUTO}\"`"
        )))
    }

    fn of(sample_size: Option<usize>) -> Self {
        sample_size.map_or_else(|| Self::Named(AUTO.to_owned()), |rows| Self::Rows(rows.into()))
    }
}

fn limits(name: &str) -> PyResult<Limits> {
    match name {
        SUBGROUPS => Ok(Limits::SubgroupMeans),
        INDIVIDUAL => Ok(Limits::Individual),
        _ => Err(errors::value(format!("`limits` is `{name}`: it must be `{SUBGROUPS}` or `{INDIVIDUAL}`"))),
    }
}

#[pymethods]
impl PySpcConfig {
    #[new]
    #[pyo3(signature = (space=None, name=None, version=None, sample_size=None, alert_config=None, config_path=None, *, limits=None, text_lengths=None))]
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of a Python class, given by name")]
    fn new(
        py: Python<'_>,
        space: Option<String>,
        name: Option<String>,
        version: Option<String>,
        sample_size: Option<AnySize>,
        alert_config: Option<Py<PySpcAlertConfig>>,
        config_path: Option<PathBuf>,
        limits: Option<&str>,
        text_lengths: Option<AnyLengths>,
    ) -> PyResult<Self> {
        let mut config = match config_path {
            Some(path) => crate::data::load(py, &path)?,
            None => Self::of(py, SpcConfig::default())?,
        };
        config.update_config_args(space, name, version, sample_size, alert_config, limits, text_lengths)?;
        Ok(config)
    }

    /// Always `DriftType.Spc`.
    #[getter]
    fn drift_type(&self) -> PyDriftType {
        PyDriftType::Spc
    }

    /// How many consecutive rows are one subgroup; `"auto"` where that is to fit the rows of the baseline.
    #[getter]
    fn sample_size(&self) -> AnySize {
        AnySize::of(self.sample_size)
    }

    #[setter]
    fn set_sample_size(&mut self, sample_size: AnySize) -> PyResult<()> {
        self.sample_size = sample_size.read()?;
        Ok(())
    }

    /// What the limits are limits of: `"subgroup_means"` or `"individual"`.
    #[getter]
    fn limits(&self) -> &'static str {
        match self.limits {
            Limits::SubgroupMeans => SUBGROUPS,
            Limits::Individual => INDIVIDUAL,
        }
    }

    #[setter]
    fn set_limits(&mut self, limits: &str) -> PyResult<()> {
        self.limits = self::limits(limits)?;
        Ok(())
    }

    /// The numbers that stand for texts; `None` before there is a profile, and where there are no texts.
    #[getter]
    fn feature_map(&self) -> Option<PyFeatureMap> {
        self.feature_map.clone().map(PyFeatureMap)
    }

    /// Changes what is given.
    #[pyo3(signature = (space=None, name=None, version=None, sample_size=None, alert_config=None, *, limits=None, text_lengths=None))]
    #[expect(
        clippy::too_many_arguments,
        reason = "they are the arguments of a Python function, given by name"
    )]
    fn update_config_args(
        &mut self,
        space: Option<String>,
        name: Option<String>,
        version: Option<String>,
        sample_size: Option<AnySize>,
        alert_config: Option<Py<PySpcAlertConfig>>,
        limits: Option<&str>,
        text_lengths: Option<AnyLengths>,
    ) -> PyResult<()> {
        let limits = limits.map_or(Ok(self.limits), self::limits)?;
        self.sample_size = sample_size.map_or(Ok(self.sample_size), AnySize::read)?;
        self.limits = limits;
        if let Some(text_lengths) = text_lengths {
            self.text_lengths = text_lengths.read()?;
        }
        Given { space, name, version }.onto(&mut self.identity)?;
        if let Some(alert_config) = alert_config {
            self.alert_config = alert_config;
        }
        Ok(())
    }
}

impl PySpcConfig {
    pub(super) fn spec(&self, py: Python<'_>) -> SpcConfig {
        SpcConfig {
            identity: self.identity.clone(),
            sample_size: self.sample_size,
            limits: self.limits,
            alert_config: self.alert_config.borrow(py).spec(py),
            feature_map: self.feature_map.clone(),
            text_lengths: self.text_lengths.clone(),
        }
    }

    pub(super) fn of(py: Python<'_>, config: SpcConfig) -> PyResult<Self> {
        Ok(Self {
            identity: config.identity,
            sample_size: AnySize::of(config.sample_size).read()?,
            limits: config.limits,
            alert_config: Py::new(py, PySpcAlertConfig::of(py, config.alert_config)?)?,
            feature_map: config.feature_map,
            text_lengths: config.text_lengths,
        })
    }
}

has_identity!(PySpcConfig);
has_text_lengths!(PySpcConfig);
documents!(PySpcConfig(SpcConfig) as "SpcDriftConfig" in "spc_drift_config.json");
