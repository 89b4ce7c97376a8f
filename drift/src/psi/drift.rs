//! The comparison of later counts with a baseline.

use serde::{Deserialize, Serialize};

use super::{Counts, Part, PsiBaseline, Threshold, psi, threshold::normal_p_value};
use crate::{Absent, methods::homogeneity};

/// What one part adds to the index.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Term {
    /// Which bin.
    pub part: Part,
    /// Its proportion in the baseline, after the policy for empty bins.
    pub baseline: f64,
    /// Its proportion now, after the policy for empty bins.
    pub current: f64,
    /// What it adds to the index.
    pub term: f64,
}

/// How far a feature is from its baseline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PsiDrift {
    /// The index.
    pub psi: f64,
    /// What every bin adds to it, of those that have rows on at least one side.
    pub terms: Vec<Term>,
    /// How likely sides that are at least as far apart are without drift.
    pub p_value: f64,
    /// Beyond which index there is drift, where every bin has many rows.
    pub threshold: f64,
    /// Whether there is drift: by the p-value, or by the index where the threshold is a number.
    pub drifted: bool,
}

impl PsiBaseline {
    /// Compares counts in this baseline's bins with it.
    ///
    /// # Errors
    /// There are no rows, or the counts are of other bins.
    pub fn compare(&self, current: &Counts, threshold: Threshold) -> Result<PsiDrift, Absent> {
        let index = psi(&self.counts, current, self.zero_bins)?;
        let sizes = self.sizes(current);
        let bins = index.terms.len();
        let limit = threshold.value(bins, sizes);
        let p_value = match threshold {
            Threshold::Normal { .. } => normal_p_value(index.psi, bins, sizes),
            Threshold::Fixed { .. } | Threshold::ChiSquare { .. } => homogeneity(&self.counts, current)?,
        };
        Ok(PsiDrift {
            psi: index.psi,
            p_value,
            threshold: limit,
            drifted: match threshold {
                Threshold::Fixed { threshold } => index.psi > threshold,
                Threshold::Normal { alpha } | Threshold::ChiSquare { alpha } => p_value < alpha.get(),
            },
            terms: index
                .terms
                .into_iter()
                .map(|(part, baseline, current, term)| Term { part, baseline, current, term })
                .collect(),
        })
    }
}
