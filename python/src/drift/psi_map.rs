//! `PsiDriftMap` and its parts.

use pyo3::prelude::*;
use scouter_drift::psi::{Part, Term};
use scouter_tasks::profile::{PsiFeatureDrift, PsiMap};

use super::forms::{drift_map, numbers_of_features};
use crate::data::wraps;

/// A bin by its position, or one of those that have none.
#[derive(IntoPyObject)]
enum BinName {
    At(usize),
    Named(&'static str),
}

/// What one bin adds to the index of a feature.
#[pyclass(module = "scouter.drift", name = "PsiTerm", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyPsiTerm(Term);

#[pymethods]
impl PyPsiTerm {
    /// The bin, by its position; or `"other"` (categories too rare for a bin), `"unseen"` (categories that the baseline
    /// does not know) or `"missing"`.
    #[getter]
    fn bin(&self) -> BinName {
        match self.0.part {
            Part::Bin(at) => BinName::At(at),
            Part::Other => BinName::Named("other"),
            Part::Unseen => BinName::Named("unseen"),
            Part::Missing => BinName::Named("missing"),
        }
    }

    /// Its share of the baseline, after the policy for empty bins.
    #[getter]
    fn baseline(&self) -> f64 {
        self.0.baseline
    }

    /// Its share now, after the policy for empty bins.
    #[getter]
    fn current(&self) -> f64 {
        self.0.current
    }

    /// What it adds to the index.
    #[getter]
    fn term(&self) -> f64 {
        self.0.term
    }
}

wraps!(PyPsiTerm(Term) as "PsiTerm");

/// How far a feature is from its baseline.
#[pyclass(module = "scouter.drift", name = "PsiFeatureDrift", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyPsiFeatureDrift(PsiFeatureDrift);

#[pymethods]
impl PyPsiFeatureDrift {
    /// The index.
    #[getter]
    fn psi(&self) -> f64 {
        self.0.drift.psi
    }

    /// How likely sides that are at least as far apart are where nothing drifts, by Pearson's test of the same counts.
    #[getter]
    fn p_value(&self) -> f64 {
        self.0.drift.p_value
    }

    /// The p-value after the correction for many features; `None` of features that are not watched.
    #[getter]
    fn adjusted_p_value(&self) -> Option<f64> {
        self.0.adjusted_p_value
    }

    /// The index beyond which there would be drift if this were the only feature and every bin had many rows.
    #[getter]
    fn threshold(&self) -> f64 {
        self.0.drift.threshold
    }

    /// Whether there would be drift if this were the only feature: by the p-value, or, where the threshold is a number, by the index.
    #[getter]
    fn beyond_threshold(&self) -> bool {
        self.0.drift.drifted
    }

    /// Whether it counts as drift: by the corrected p-value, or, where the threshold is a number, by the index. Never of
    /// features that are not watched, nor of those with too few rows.
    #[getter]
    fn drifted(&self) -> bool {
        self.0.drifted_after_correction
    }

    /// Why nothing is said of drift, neither that there is any nor that there is none: fewer rows than `min_values` of the alerts, or a
    /// baseline of fewer and fewer than 30; `None` where there are enough. The index stands, and the feature is among `lost` of its map, where it is watched.
    #[getter]
    fn too_few(&self) -> Option<String> {
        self.0.too_few.as_ref().map(ToString::to_string)
    }

    /// Rows of the baseline.
    #[getter]
    fn baseline_rows(&self) -> u64 {
        self.0.baseline_rows
    }

    /// Rows that were compared with it.
    #[getter]
    fn current_rows(&self) -> u64 {
        self.0.counts.rows()
    }

    /// Rows now without a value.
    #[getter]
    fn missing(&self) -> u64 {
        self.0.counts.missing
    }

    /// Rows now whose category the baseline does not know.
    #[getter]
    fn unseen(&self) -> u64 {
        self.0.counts.unseen
    }

    /// Bins that were wanted and that there are none of, since the baseline's values repeat too often.
    #[getter]
    fn merged_bins(&self) -> usize {
        self.0.merged_bins
    }

    /// What every bin adds to the index, of those that have rows on at least one side.
    #[getter]
    fn terms(&self) -> Vec<PyPsiTerm> {
        self.0.drift.terms.iter().copied().map(PyPsiTerm).collect()
    }

    fn __float__(&self) -> f64 {
        self.0.drift.psi
    }
}

wraps!(PyPsiFeatureDrift(PsiFeatureDrift) as "PsiFeatureDrift");

drift_map! {
    /// How far features are from their baselines.
    ///
    /// `drift_map["x"]` is what is known of a feature.
    PyPsiMap(PsiMap) as "PsiDriftMap" in "psi_drift_map.json": PyPsiFeatureDrift at features, told as Psi
}

numbers_of_features!(PyPsiMap: PyPsiFeatureDrift, psi);
