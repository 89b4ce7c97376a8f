//! The Wasserstein distance (earth mover's): ∫|F(x) − G(x)| dx, in the unit of the data: how far values must be moved on average.
//! It says how much has changed rather than whether anything has, so it is judged by a threshold, a tenth of the baseline's
//! standard deviation by custom. L. Vaserstein (1969).

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
    let (a, b) = (baseline.values(), current.values());
    let (n, m) = (a.len() as f64, b.len() as f64);
    let (mut i, mut j) = (0, 0);
    let mut last = a[0].min(b[0]);
    let mut area = 0.0;
    while i < a.len() || j < b.len() {
        let next = match (a.get(i), b.get(j)) {
            (Some(x), Some(y)) => x.min(*y),
            (Some(x), None) => *x,
            (None, y) => y.copied().unwrap_or(last),
        };
        area += (i as f64 / n - j as f64 / m).abs() * (next - last);
        last = next;
        while a.get(i).is_some_and(|x| *x <= next) {
            i += 1;
        }
        while b.get(j).is_some_and(|y| *y <= next) {
            j += 1;
        }
    }
    Ok(area)
}
