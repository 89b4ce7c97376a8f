//! The total variation distance: ½·Σ|p − q|, the share of rows that would have to move to another bin. Its size means the same
//! whatever the number of rows, so it is judged by a threshold: a tenth of all rows is customary. Of few rows a distance beyond it
//! can be chance, which the p-value, by permutation, tells.

use super::{deal, divergence::Proportions};
use crate::{Absent, psi::Counts};

/// The distance for counts in the same bins, from 0 to 1, and its p-value, not below 0.001.
///
/// ```
/// use scouter_drift::{methods::total_variation, psi::Counts};
///
/// let (distance, p) =
///     total_variation(&Counts::of_bins([20, 30, 24, 26]), &Counts::of_bins([16, 28, 32, 24]))?;
/// assert!((distance - 0.08).abs() < 1e-12 && p > 0.5);
/// # Ok::<(), scouter_drift::Absent>(())
/// ```
///
/// # Errors
/// A side is empty, or the counts are of different bins.
pub fn total_variation(baseline: &Counts, current: &Counts) -> Result<(f64, f64), Absent> {
    let sides = Proportions::of(baseline, current)?;
    let distance = 0.5 * sides.pairs().map(|(p, q)| (p - q).abs()).sum::<f64>();
    let (_, before, after) = baseline.beside(current)?;
    let (n, m) = (baseline.rows() as f64, current.rows() as f64);
    let cells: Vec<f64> = before.iter().zip(&after).map(|(b, a)| (b + a) as f64).collect();
    let of_first = |first: &[u64]| {
        first.iter().zip(&cells).map(|(b, all)| (*b as f64 / n - (all - *b as f64) / m).abs()).sum::<f64>()
    };
    Ok((distance, deal::p_value(&before, &after, of_first)))
}
