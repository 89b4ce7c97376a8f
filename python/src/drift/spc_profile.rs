//! `SpcDriftProfile` and its parts.

use chrono::SecondsFormat;
use pyo3::prelude::*;
use scouter_tasks::profile::{SpcFeature, SpcProfile, SpcState};

use super::forms::feature_profile;
use super::spc_alert::PySpcAlertConfig;
use super::spc_config::{AnySize, PySpcConfig};
use crate::data::wraps;

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

feature_profile! {
    /// How the features of some data were, as control charts to put later rows on.
    PySpcProfile(SpcProfile, SpcState) as "SpcDriftProfile" in "spc_drift_profile.json":
    PySpcConfig, PySpcFeature(SpcFeature), told as SpcProfile;
    /// The profile of the rows of both, those of this one first: of parts of a file, or of what several machines have read. Both are made with
    /// `create_drift_profile(…, mergeable=True)`, and the outcome can be put together with others. Each part is cut into subgroups by
    /// itself, and what is left over at its end, less than a subgroup of a column, is in none. Centre and limits are those of all
    /// subgroups, to rounding. The log names a column that one of them lacks, and it says so where both are the same profile.
    ///
    /// Args:
    ///     other: The profile of the rows that follow. Its configuration must make the same charts; all else is as in that of the first.
    ///
    /// Raises:
    ///     ValueError: Where one of them was not made for that, where their configurations make other charts, and where a column holds
    ///         different things.
    merge
}

#[pymethods]
impl PySpcProfile {
    /// Changes what is given of the configuration. Charts stay as they are: a new `sample_size` counts for the next
    /// profile.
    #[pyo3(signature = (space=None, name=None, version=None, sample_size=None, alert_config=None))]
    fn update_config_args(
        &self,
        py: Python<'_>,
        space: Option<String>,
        name: Option<String>,
        version: Option<String>,
        sample_size: Option<AnySize>,
        alert_config: Option<Py<PySpcAlertConfig>>,
    ) -> PyResult<()> {
        let given = (space, name, version, sample_size, alert_config);
        self.config.call_method1(py, "update_config_args", given).map(drop)
    }
}
