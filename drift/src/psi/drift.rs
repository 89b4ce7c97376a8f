//! The comparison of later counts with a baseline.

use serde::{Deserialize, Serialize};

use super::{Counts, Part, PsiBaseline, Threshold, psi};
use crate::Absent;

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
    /// How likely an index of at least this size is without drift.
    pub p_value: f64,
    /// Beyond which index there is drift.
    pub threshold: f64,
    /// Whether the index is beyond the threshold.
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
        Ok(PsiDrift {
            psi: index.psi,
            p_value: threshold.p_value(index.psi, bins, sizes),
            threshold: limit,
            drifted: index.psi > limit,
            terms: index
                .terms
                .into_iter()
                .map(|(part, baseline, current, term)| Term { part, baseline, current, term })
                .collect(),
        })
    }
}
