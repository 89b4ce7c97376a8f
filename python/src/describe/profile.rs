//! `DataProfile` and `FeatureProfile`.

use chrono::SecondsFormat;
use indexmap::IndexMap;
use pyo3::prelude::*;
use scouter_drift::profile::Statistic;
use scouter_engine::{Clock, SystemClock};
use scouter_tasks::profile::{DataProfile, FeatureProfile};

use super::correlate::found;
use super::numeric::{PyDatetimeStats, PyNumericStats};
use super::text::PyStringStats;
use crate::data::{documents, keeps, wraps};
use crate::errors;
use crate::merged::{warn_of_alone, warn_of_twice};
use crate::spread::Spread;
use crate::told::told;

/// What a column looks like. Which of its statistics are there says what it holds.
#[pyclass(module = "scouter.profile", name = "FeatureProfile", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyFeatureProfile(FeatureProfile);

fn values(correlations: Option<&IndexMap<String, Statistic>>) -> Option<IndexMap<String, f64>> {
    let known = |(name, statistic): (&String, &Statistic)| Some((name.clone(), statistic.value()?));
    correlations.map(|all| all.iter().filter_map(known).collect())
}

fn reasons(correlations: Option<&IndexMap<String, Statistic>>) -> IndexMap<String, String> {
    let why = |(name, statistic): (&String, &Statistic)| match statistic {
        Statistic::Value(_) => None,
        Statistic::Absent { absent } => Some((name.clone(), absent.to_string())),
    };
    correlations.into_iter().flatten().filter_map(why).collect()
}

#[pymethods]
impl PyFeatureProfile {
    /// Its name.
    #[getter]
    fn id(&self) -> &str {
        &self.0.id
    }

    /// When it was looked at, as ISO 8601 text in UTC.
    #[getter]
    fn timestamp(&self) -> String {
        self.0.timestamp.to_rfc3339_opts(SecondsFormat::Micros, true)
    }

    /// Of numbers and booleans.
    #[getter]
    fn numeric_stats(&self) -> Option<PyNumericStats> {
        self.0.numeric_stats.clone().map(PyNumericStats)
    }

    /// Of texts and categories.
    #[getter]
    fn string_stats(&self) -> Option<PyStringStats> {
        self.0.string_stats.clone().map(PyStringStats)
    }

    /// Of moments.
    #[getter]
    fn datetime_stats(&self) -> Option<PyDatetimeStats> {
        self.0.datetime_stats.clone().map(PyDatetimeStats)
    }

    /// Pearson's correlation with other columns of numbers, or Cramér's V with other columns of texts, where there is one;
    /// `None` where it was not asked for.
    #[getter]
    fn correlations(&self) -> Option<IndexMap<String, f64>> {
        values(self.0.correlations.as_ref())
    }

    /// Spearman's correlation with other columns of numbers, where there is one; `None` where it was not asked for.
    #[getter]
    fn spearman(&self) -> Option<IndexMap<String, f64>> {
        values(self.0.spearman.as_ref())
    }

    /// Columns with which there is none of `correlations`, and why.
    #[getter]
    fn absent_correlations(&self) -> IndexMap<String, String> {
        reasons(self.0.correlations.as_ref())
    }

    /// Columns with which there is none of `spearman`, and why.
    #[getter]
    fn absent_spearman(&self) -> IndexMap<String, String> {
        reasons(self.0.spearman.as_ref())
    }
}

wraps!(PyFeatureProfile(FeatureProfile) as "FeatureProfile");

/// What data look like.
///
/// `profile["x"]` is a column.
#[pyclass(module = "scouter.profile", name = "DataProfile", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyDataProfile(pub(super) DataProfile);

#[pymethods]
impl PyDataProfile {
    /// The columns.
    #[getter]
    fn features(&self) -> IndexMap<String, PyFeatureProfile> {
        self.0.features.iter().map(|(name, one)| (name.clone(), PyFeatureProfile(one.clone()))).collect()
    }

    /// How many rows there are.
    #[getter]
    fn rows(&self) -> u64 {
        self.0.rows
    }

    /// The profile of the rows of both, as if they had been read one after the other: of parts of a file, or of what several machines have
    /// read. Both are made with `create_data_profile(…, mergeable=True)`, and the outcome can be put together with others. A column
    /// that one of them lacks has no value in its rows; where each of them has a column that the other lacks, as one that was renamed, the log
    /// names both, and it says so where both are the same profile. Correlations are those of the whole where both were made with
    /// `compute_correlations=True`.
    ///
    /// Args:
    ///     other: The profile of other rows.
    ///
    /// Raises:
    ///     ValueError: Where one of them was not made for that, where their `bin_size` differs, where one of them alone has correlations or
    ///         both have too many columns for them, and where a column holds different things.
    fn merge(&self, py: Python<'_>, other: &Self) -> PyResult<Self> {
        let (ours, theirs) = (&self.0, &other.0);
        let merged = py.detach(|| ours.merge(theirs, SystemClock.now().into()));
        let mut merged = merged.map_err(errors::value)?;
        if let Some(known) = merged.state.as_ref().and_then(|state| state.correlations.as_ref()) {
            let found = found(py, &Spread::new(py)?, known)?;
            merged.relate(found);
        }
        if let Some(alone) = ours.apart(theirs) {
            warn_of_alone(py, alone);
        }
        // Others that were made of the same rows have another date.
        if std::ptr::eq(self, other) || (!ours.features.is_empty() && ours == theirs) {
            warn_of_twice(py);
        }
        Ok(Self(merged))
    }

    fn __getitem__(&self, name: &str) -> PyResult<PyFeatureProfile> {
        let found = self.0.features.get(name).cloned().map(PyFeatureProfile);
        found.ok_or_else(|| errors::no_feature(name, self.0.features.keys()))
    }
}

/// What data look like: nobody reads what is kept beside that.
fn without_state(profile: DataProfile) -> DataProfile {
    DataProfile { state: None, ..profile }
}

keeps!(PyDataProfile(DataProfile));
documents!(PyDataProfile(DataProfile) as "DataProfile" in "data_profile.json", shown by without_state);
told!(PyDataProfile as Data);
