//! The total variation distance: ½·Σ|p − q|, the share of rows that would have to move to another bin. Its size means the same
//! whatever the number of rows, so it is judged by a threshold: a tenth of all rows is customary.

use super::divergence::Proportions;
use crate::{Absent, psi::Counts};

/// The distance for counts in the same bins, from 0 to 1.
///
/// ```
/// use scouter_drift::{methods::total_variation, psi::Counts};
///
/// let distance = total_variation(&Counts::of_bins([20, 30, 24, 26]), &Counts::of_bins([16, 28, 32, 24]))?;
/// assert!((distance - 0.08).abs() < 1e-12);
/// # Ok::<(), scouter_drift::Absent>(())
/// ```
///
/// # Errors
/// A side is empty, or the counts are of different bins.
pub fn total_variation(baseline: &Counts, current: &Counts) -> Result<f64, Absent> {
    let sides = Proportions::of(baseline, current)?;
    Ok(0.5 * sides.pairs().map(|(p, q)| (p - q).abs()).sum::<f64>())
}
