//! The Wasserstein distance (earth mover's): ∫|F(x) − G(x)| dx, in the unit of the data: how far values must be moved on average.
//! It says how much has changed rather than whether anything has, so it is judged by a threshold, a tenth of the baseline's
//! standard deviation by custom. L. Vaserstein (1969).

use super::steps::steps;
use crate::{Absent, sample::Sorted};

/// The distance of two samples.
///
/// ```
/// use scouter_drift::{methods::wasserstein, sample::Sorted};
///
/// let before = Sorted::of(&[0.0, 1.0, 3.0][..]);
/// let after = Sorted::of(&[5.0, 6.0, 8.0][..]);
/// assert_eq!(wasserstein(&before, &after), Ok(5.0));
/// ```
///
/// # Errors
/// A side has no finite value.
pub fn wasserstein(baseline: &Sorted, current: &Sorted) -> Result<f64, Absent> {
    baseline.not_empty()?;
    current.not_empty()?;
    let (mut area, mut last, mut apart) = (0.0, 0.0, 0.0_f64);
    steps(baseline.values(), current.values(), |value, difference| {
        area += apart.abs() * (value - last);
        (last, apart) = (value, difference);
    });
    Ok(area)
}
