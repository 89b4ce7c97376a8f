//! The index: PSI = Σ (pᵢ − qᵢ)·ln(pᵢ/qᵢ) over bins, with the baseline's proportions p and the current ones q. It is the sum
//! of both Kullback–Leibler divergences (Jeffreys' divergence), so it is symmetric, never negative, and zero only where
//! nothing differs. Bins that are empty on both sides take no part.
//! B. Yurdakul, "Statistical properties of population stability index" (2018).

use super::{Counts, Part, ZeroBins};
use crate::Absent;

/// The index of two sets of counts, bin by bin.
#[derive(Debug, Clone, PartialEq)]
pub struct Index {
    /// The sum of all terms.
    pub psi: f64,
    /// Every part that has rows on at least one side: the part, its proportions in the baseline and now, and its term.
    pub terms: Vec<(Part, f64, f64, f64)>,
}

/// The population stability index of counts in the same bins.
///
/// ```
/// use scouter_drift::psi::{Counts, ZeroBins, psi};
///
/// let baseline = Counts::of_bins([30, 40, 30]);
/// let current = Counts::of_bins([20, 40, 40]);
/// let index = psi(&baseline, &current, ZeroBins::Jeffreys)?;
/// assert!((index.psi - 0.06931471805599454).abs() < 1e-15);
/// # Ok::<(), scouter_drift::Absent>(())
/// ```
///
/// # Errors
/// There are no rows on a side, or the counts are of different bins.
pub fn psi(baseline: &Counts, current: &Counts, zero_bins: ZeroBins) -> Result<Index, Absent> {
    let (parts, before, after) = baseline.beside(current)?;
    let (p, q) = zero_bins.proportions(&before, &after);
    let terms: Vec<_> = parts
        .into_iter()
        .zip(p.into_iter().zip(q))
        .map(|(part, (p, q))| (part, p, q, (p - q) * (p / q).ln()))
        .collect();
    Ok(Index { psi: terms.iter().map(|term| term.3).sum(), terms })
}
