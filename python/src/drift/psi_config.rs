//! `PsiDriftConfig`.

use std::path::PathBuf;

use pyo3::prelude::*;
use scouter_drift::psi::{Share, ZeroBins};
use scouter_tasks::profile::{FeatureMap, Identity, PsiConfig, TextLengths};

use super::binning::AnyBinning;
use super::enums::PyDriftType;
use super::identity::{Given, PyFeatureMap, has_identity};
use super::lengths::{AnyLengths, has_text_lengths};
use super::psi_alert::PyPsiAlertConfig;
use crate::convert::one_of;
use crate::data::documents;
use crate::errors;

/// How a profile of the population stability index is made.
///
/// Args:
///     space: What the name belongs to, such as a team. To be given before a profile is registered, as the name is; `"__missing__"` until then. Both
///         have 1 to 128 letters (a to z, A to Z), digits, `_`, `-` and `.`, and begin with neither of the last two.
///     name: The model or service.
///     version: Its version, a semantic one such as 1.2.3. `"0.1.0"` by default.
///     alert_config: When is looked, what counts as drift, and who is told.
///     config_path: A file that `save_to_json` of a configuration wrote, from which everything is taken that is
///         not given here.
///     categorical_features: Columns of numbers that are categories. Columns of text always are.
///     binning_strategy: How numbers are cut into bins; ten quantiles by default.
///     zero_bins: What is done about bins that are empty on one side: `"jeffreys"` gives every bin half a row
///         where any is empty, `("add", 1e-10)` adds to every proportion, `("fill", 1e-4)` puts a proportion in
///         the place of zero, `("floor", 0.01)` lets no proportion be less.
///     max_categories: How many categories of a feature have a bin of their own; the rarer ones share one.
///     text_lengths: Columns of text that are watched by their lengths rather than as categories, with what is counted:
///         `{"answer": "words"}`, or `"characters"`.
#[pyclass(module = "scouter.drift", name = "PsiDriftConfig", skip_from_py_object)]
#[derive(Debug)]
pub(crate) struct PyPsiConfig {
    identity: Identity,
    /// When is looked, what counts as drift, and who is told.
    #[pyo3(get, set)]
    alert_config: Py<PyPsiAlertConfig>,
    /// Columns of numbers that are categories.
    #[pyo3(get, set)]
    categorical_features: Vec<String>,
    binning: AnyBinning,
    zero_bins: ZeroBins,
    max_categories: usize,
    feature_map: Option<FeatureMap>,
    text_lengths: TextLengths,
}

one_of! {
    /// A policy for empty bins, as an argument and a field.
    #[derive(IntoPyObject)]
    enum Policy {
        Name(String),
        With((String, f64)),
    }
}

impl Policy {
    fn read(self) -> PyResult<ZeroBins> {
        let (name, number) = match self {
            Self::Name(name) => (name, None),
            Self::With((name, number)) => (name, Some(number)),
        };
        let share = number.and_then(|number| Share::new(number).ok());
        Ok(match (name.as_str(), share) {
            ("jeffreys", None) if number.is_none() => ZeroBins::Jeffreys,
            ("add", Some(epsilon)) => ZeroBins::Add { epsilon },
            ("fill", Some(proportion)) => ZeroBins::Fill { proportion },
            ("floor", Some(proportion)) => ZeroBins::Floor { proportion },
            _ => {
                let known = "`\"jeffreys\"`, or `(\"add\", x)`, `(\"fill\", x)` or `(\"floor\", x)` with x between 0 and 1";
                return Err(errors::value(format!("`zero_bins` must be {known}")));
            }
        })
    }
}

pub(super) fn categories(most: usize) -> PyResult<usize> {
    if most > 0 { Ok(most) } else { Err(errors::value("`max_categories` must be 1 or more")) }
}

#[pymethods]
impl PyPsiConfig {
    #[new]
    #[pyo3(signature = (
        space=None, name=None, version=None, alert_config=None, config_path=None, categorical_features=None,
        binning_strategy=None, *, zero_bins=None, max_categories=None, text_lengths=None,
    ))]
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of a Python class, given by name")]
    fn new(
        py: Python<'_>,
        space: Option<String>,
        name: Option<String>,
        version: Option<String>,
        alert_config: Option<Py<PyPsiAlertConfig>>,
        config_path: Option<PathBuf>,
        categorical_features: Option<Vec<String>>,
        binning_strategy: Option<AnyBinning>,
        zero_bins: Option<Policy>,
        max_categories: Option<usize>,
        text_lengths: Option<AnyLengths>,
    ) -> PyResult<Self> {
        let mut config = match config_path {
            Some(path) => crate::data::load(py, &path)?,
            None => Self::of(py, PsiConfig::default())?,
        };
        config.update_config_args(
            space,
            name,
            version,
            alert_config,
            categorical_features,
            binning_strategy,
            zero_bins,
            max_categories,
            text_lengths,
        )?;
        Ok(config)
    }

    /// Always `DriftType.Psi`.
    #[getter]
    fn drift_type(&self) -> PyDriftType {
        PyDriftType::Psi
    }

    /// How numbers are cut into bins.
    #[getter]
    fn binning_strategy(&self, py: Python<'_>) -> AnyBinning {
        self.binning.clone_ref(py)
    }

    #[setter]
    fn set_binning_strategy(&mut self, binning_strategy: AnyBinning) {
        self.binning = binning_strategy;
    }

    /// What is done about bins that are empty on one side: a name, or a name and a number.
    #[getter]
    fn zero_bins(&self) -> Policy {
        match self.zero_bins {
            ZeroBins::Jeffreys => Policy::Name("jeffreys".to_owned()),
            ZeroBins::Add { epsilon } => Policy::With(("add".to_owned(), epsilon.get())),
            ZeroBins::Fill { proportion } => Policy::With(("fill".to_owned(), proportion.get())),
            ZeroBins::Floor { proportion } => Policy::With(("floor".to_owned(), proportion.get())),
        }
    }

    /// How many categories of a feature have a bin of their own.
    #[getter]
    fn max_categories(&self) -> usize {
        self.max_categories
    }

    /// The bins of categories by their texts; `None` before there is a profile.
    #[getter]
    fn feature_map(&self) -> Option<PyFeatureMap> {
        self.feature_map.clone().map(PyFeatureMap)
    }

    /// Changes what is given.
    #[pyo3(signature = (
        space=None, name=None, version=None, alert_config=None, categorical_features=None, binning_strategy=None, *,
        zero_bins=None, max_categories=None, text_lengths=None,
    ))]
    #[expect(
        clippy::too_many_arguments,
        reason = "they are the arguments of a Python function, given by name"
    )]
    fn update_config_args(
        &mut self,
        space: Option<String>,
        name: Option<String>,
        version: Option<String>,
        alert_config: Option<Py<PyPsiAlertConfig>>,
        categorical_features: Option<Vec<String>>,
        binning_strategy: Option<AnyBinning>,
        zero_bins: Option<Policy>,
        max_categories: Option<usize>,
        text_lengths: Option<AnyLengths>,
    ) -> PyResult<()> {
        let zero_bins = zero_bins.map(Policy::read).transpose()?.unwrap_or(self.zero_bins);
        let text_lengths = text_lengths.map(AnyLengths::read).transpose()?;
        self.max_categories = max_categories.map_or(Ok(self.max_categories), categories)?;
        self.zero_bins = zero_bins;
        if let Some(text_lengths) = text_lengths {
            self.text_lengths = text_lengths;
        }
        Given { space, name, version }.onto(&mut self.identity)?;
        if let Some(alert_config) = alert_config {
            self.alert_config = alert_config;
        }
        if let Some(features) = categorical_features {
            self.categorical_features = features;
        }
        if let Some(binning) = binning_strategy {
            self.binning = binning;
        }
        Ok(())
    }
}

impl PyPsiConfig {
    pub(super) fn spec(&self, py: Python<'_>) -> PsiConfig {
        PsiConfig {
            identity: self.identity.clone(),
            alert_config: self.alert_config.borrow(py).spec(py),
            categorical_features: self.categorical_features.clone(),
            binning_strategy: self.binning.spec(py),
            zero_bins: self.zero_bins,
            max_categories: self.max_categories,
            feature_map: self.feature_map.clone(),
            text_lengths: self.text_lengths.clone(),
        }
    }

    pub(super) fn of(py: Python<'_>, config: PsiConfig) -> PyResult<Self> {
        Ok(Self {
            identity: config.identity,
            alert_config: Py::new(py, PyPsiAlertConfig::of(py, config.alert_config)?)?,
            categorical_features: config.categorical_features,
            binning: AnyBinning::of(py, config.binning_strategy)?,
            zero_bins: config.zero_bins,
            max_categories: config.max_categories,
            feature_map: config.feature_map,
            text_lengths: config.text_lengths,
        })
    }
}

has_identity!(PyPsiConfig);
has_text_lengths!(PyPsiConfig);
documents!(PyPsiConfig(PsiConfig) as "PsiDriftConfig" in "psi_drift_config.json");
