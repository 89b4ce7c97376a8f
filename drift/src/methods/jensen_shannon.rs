//! The Jensen–Shannon distance: √(½·Σ p·log₂(p/m) + ½·Σ q·log₂(q/m)), m = (p + q)/2; from 0 to 1, and a metric. J. Lin, "Divergence
//! measures based on the Shannon entropy" (1991); Endres and Schindelin (2003). Near zero the divergence in natural logarithms is
//! Σ(p − q)²/m/8, from which its distribution without drift follows.

use std::f64::consts::LN_2;

use super::divergence::Proportions;
use crate::{Absent, psi::Counts};

/// The distance and its p-value for counts in the same bins. The p-value is the limit for many rows in every bin.
///
/// ```
/// use scouter_drift::{methods::jensen_shannon, psi::Counts};
///
/// let (distance, _) = jensen_shannon(&Counts::of_bins([20, 30, 24, 26]), &Counts::of_bins([16, 28, 32, 24]))?;
/// assert!((distance - 0.07924542247395451).abs() < 1e-12);
/// # Ok::<(), scouter_drift::Absent>(())
/// ```
///
/// # Errors
/// A side is empty, or the counts are of different bins.
pub fn jensen_shannon(baseline: &Counts, current: &Counts) -> Result<(f64, f64), Absent> {
    let sides = Proportions::of(baseline, current)?;
    let part = |p: f64, m: f64| if p > 0.0 { p * (p / m).ln() } else { 0.0 };
    let divergence = sides.pairs().map(|(p, q)| {
        let m = p.midpoint(q);
        part(p, m).midpoint(part(q, m))
    });
    // Rounding can leave a sum of zero a little below it.
    let divergence = divergence.sum::<f64>().max(0.0);
    Ok(((divergence / LN_2).sqrt(), sides.p_value(divergence)))
}
