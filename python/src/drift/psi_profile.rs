//! `PsiDriftProfile` and its parts.

use chrono::SecondsFormat;
use pyo3::prelude::*;
use scouter_drift::psi::{BinForm, Bins};
use scouter_tasks::profile::{PsiFeature, PsiProfile, PsiState};

use super::binning::AnyBinning;
use super::enums::PyBinType;
use super::forms::feature_profile;
use super::psi_alert::PyPsiAlertConfig;
use super::psi_config::PyPsiConfig;
use super::psi_map::PyPsiMap;
use crate::data::wraps;
use crate::errors;

/// A bin of a feature.
#[pyclass(module = "scouter.drift", name = "Bin", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyBin(BinForm);

#[pymethods]
impl PyBin {
    /// Its position.
    #[getter]
    fn id(&self) -> usize {
        self.0.id
    }

    /// Numbers in it are greater; −∞ where there is no limit. Of a category, its position.
    #[getter]
    fn lower_limit(&self) -> f64 {
        let unlimited = if self.0.category.is_some() { self.0.id as f64 } else { f64::NEG_INFINITY };
        self.0.lower_limit.unwrap_or(unlimited)
    }

    /// Numbers in it are not greater; `None` where there is no limit, and of a category.
    #[getter]
    fn upper_limit(&self) -> Option<f64> {
        self.0.upper_limit
    }

    /// The share of the baseline's rows, missing ones included, that is in it.
    #[getter]
    fn proportion(&self) -> f64 {
        self.0.proportion
    }

    /// The baseline's rows in it.
    #[getter]
    fn count(&self) -> u64 {
        self.0.count
    }

    /// The category, where it holds one.
    #[getter]
    fn category(&self) -> Option<&str> {
        self.0.category.as_deref()
    }
}

wraps!(PyBin(BinForm) as "Bin");

/// A feature as it was: its bins and how many rows fell into each.
#[pyclass(module = "scouter.drift", name = "PsiFeatureDriftProfile", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyPsiFeature(PsiFeature);

#[pymethods]
impl PyPsiFeature {
    /// Its name.
    #[getter]
    fn id(&self) -> &str {
        &self.0.id
    }

    /// The bins, in their order.
    #[getter]
    fn bins(&self) -> Vec<PyBin> {
        self.0.baseline.bin_forms().into_iter().map(PyBin).collect()
    }

    /// When it was looked at, as ISO 8601 text in UTC.
    #[getter]
    fn timestamp(&self) -> String {
        self.0.timestamp.to_rfc3339_opts(SecondsFormat::Micros, true)
    }

    /// What the bins hold.
    #[getter]
    fn bin_type(&self) -> PyBinType {
        match self.0.baseline.bins {
            Bins::Numeric(_) | Bins::Moments(_) => PyBinType::Numeric,
            Bins::Category(_) => PyBinType::Category,
        }
    }

    /// All rows of the baseline.
    #[getter]
    fn rows(&self) -> u64 {
        self.0.baseline.counts.rows()
    }

    /// Rows of the baseline without a value. They are a bin of their own.
    #[getter]
    fn missing(&self) -> u64 {
        self.0.baseline.counts.missing
    }

    /// Rows of the baseline whose category was too rare for a bin of its own.
    #[getter]
    fn other(&self) -> u64 {
        self.0.baseline.counts.other
    }

    /// Bins that were wanted and that there are none of, since values repeat so often that edges coincided.
    #[getter]
    fn merged_bins(&self) -> usize {
        self.0.baseline.merged_bins()
    }
}

wraps!(PyPsiFeature(PsiFeature) as "PsiFeatureDriftProfile");

feature_profile! {
    /// How the features of some data were, to compare later data with.
    PyPsiProfile(PsiProfile, PsiState) as "PsiDriftProfile" in "psi_drift_profile.json":
    PyPsiConfig, PyPsiFeature(PsiFeature), told as PsiProfile;
    /// The profile of the rows of both, as if they had been read one after the other: of parts of a file, or of what several machines have
    /// read. Both are made with `create_drift_profile(…, mergeable=True)`, and the outcome can be put together with others. A column that
    /// one of them lacks has no value in its rows: the log names it, and it says so where both are the same profile. Categories
    /// are counted exactly; the bins and counts of numbers are exact up to 16,384 values of a column in all parts together, and come from a
    /// sketch beyond, as those of an iterator do. `recount` makes the counts exact.
    ///
    /// Args:
    ///     other: The profile of other rows. Its configuration must make the same bins; all else is as in that of the first.
    ///
    /// Raises:
    ///     ValueError: Where one of them was not made for that, where their configurations make other bins, and where a column holds
    ///         different things.
    merge
}

#[pymethods]
impl PyPsiProfile {
    /// The profile with the same bins, and exact counts: those of the same rows, read once more. The outcome is final: it is not put
    /// together with others.
    ///
    /// Args:
    ///     maps: What `compute_drift` with this profile made of each part.
    ///
    /// Raises:
    ///     ValueError: Where there are no maps, where one is of another profile or lacks a feature, and where they have counted other rows:
    ///         categories that the profile does not know, more rows or fewer, or others of a category, without a value, or of up to 16,384
    ///         numbers in a bin, of which the profile's counts are exact.
    fn recount(&self, py: Python<'_>, maps: Vec<PyRef<'_, PyPsiMap>>) -> PyResult<Self> {
        let counted = self.spec(py).recount(maps.iter().map(|map| &map.0));
        Self::of(py, counted.map_err(errors::value)?)
    }

    /// Changes what is given of the configuration. Bins stay as they are: a new `binning_strategy` counts for the next
    /// profile.
    #[pyo3(signature = (space=None, name=None, version=None, alert_config=None, categorical_features=None, binning_strategy=None))]
    #[expect(
        clippy::too_many_arguments,
        reason = "they are the arguments of a Python function, given by name"
    )]
    fn update_config_args(
        &self,
        py: Python<'_>,
        space: Option<String>,
        name: Option<String>,
        version: Option<String>,
        alert_config: Option<Py<PyPsiAlertConfig>>,
        categorical_features: Option<Vec<String>>,
        binning_strategy: Option<AnyBinning>,
    ) -> PyResult<()> {
        let given = (space, name, version, alert_config, categorical_features, binning_strategy);
        self.config.call_method1(py, "update_config_args", given).map(drop)
    }
}
