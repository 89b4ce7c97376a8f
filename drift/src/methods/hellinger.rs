//! The Hellinger distance: √(½·Σ(√p − √q)²), from 0 to 1. E. Hellinger (1909). Near zero its square is Σ(p − q)²/m/8, from which
//! its distribution without drift follows.

use super::divergence::Proportions;
use crate::{Absent, psi::Counts};

/// The distance and its p-value for counts in the same bins. The p-value is the limit for many rows in every bin.
///
/// ```
/// use scouter_drift::{methods::hellinger, psi::Counts};
///
/// let (distance, _) = hellinger(&Counts::of_bins([20, 30, 24, 26]), &Counts::of_bins([16, 28, 32, 24]))?;
/// assert!((distance - 0.06602255470119099).abs() < 1e-12);
/// # Ok::<(), scouter_drift::Absent>(())
/// ```
///
/// # Errors
/// A side is empty, or the counts are of different bins.
pub fn hellinger(baseline: &Counts, current: &Counts) -> Result<(f64, f64), Absent> {
    let sides = Proportions::of(baseline, current)?;
    let square = 0.5 * sides.pairs().map(|(p, q)| (p.sqrt() - q.sqrt()).powi(2)).sum::<f64>();
    Ok((square.sqrt(), sides.p_value(square)))
}
