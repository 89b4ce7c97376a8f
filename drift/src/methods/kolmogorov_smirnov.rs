//! The two-sample test of Kolmogorov and Smirnov: D = max|F(x) − G(x)|.
//!
//! For small samples the p-value is exact: the share of all orders of both samples that stray at least as far, counted path by
//! path (with ties it is an upper bound). Else it is the limit, 2·Σ(−1)^(k−1)·exp(−2k²λ²) with λ = D·√(nm/(n + m)); for small λ the
//! same by Jacobi's identity. N. Smirnov (1939); J. Hodges, "The significance probability of the Smirnov two-sample test" (1958).

use std::f64::consts::PI;

use super::steps::steps;
use crate::{Absent, sample::Sorted};

/// Up to this product of both sizes, paths are counted.
const EXACT: usize = 250_000;

/// D and its p-value.
///
/// ```
/// use scouter_drift::{methods::kolmogorov_smirnov, sample::Sorted};
///
/// let before = Sorted::of(&[1.0, 2.0, 3.0, 4.0][..]);
/// let after = Sorted::of(&[3.5, 4.5, 5.5, 6.5][..]);
/// let (d, p) = kolmogorov_smirnov(&before, &after)?;
/// assert_eq!(d, 0.75);
/// assert!((p - 8.0 / 35.0).abs() < 1e-12);
/// # Ok::<(), scouter_drift::Absent>(())
/// ```
///
/// # Errors
/// A side has no finite value.
pub fn kolmogorov_smirnov(baseline: &Sorted, current: &Sorted) -> Result<(f64, f64), Absent> {
    baseline.not_empty()?;
    current.not_empty()?;
    let (n, m) = (baseline.values().len(), current.values().len());
    let mut d: f64 = 0.0;
    steps(baseline.values(), current.values(), |_, difference| d = d.max(difference.abs()));
    let p = if n.saturating_mul(m) <= EXACT {
        exact(d, n.min(m), n.max(m))
    } else {
        let (n, m) = (n as f64, m as f64);
        limit((n * m / (n + m)).sqrt() * d)
    };
    Ok((d, p))
}

/// The share of paths from (0, 0) to (n, m) that are somewhere at least `d` off the diagonal; `n` is the smaller.
fn exact(d: f64, n: usize, m: usize) -> f64 {
    let (rows, columns) = (n as f64, m as f64);
    // Halfway below the next possible distance, so that rounding decides nothing.
    let within = (0.5 + (d * rows * columns - 1e-7).floor()) / (rows * columns);
    let mut stay: Vec<f64> = (0..=m).map(|j| f64::from(u8::from(j as f64 / columns <= within))).collect();
    for i in 1..=n {
        let x = i as f64 / rows;
        // Scaled at each step by what the number of paths grows by, so that shares stand in place of counts.
        let weight = i as f64 / (i + m) as f64;
        stay[0] = if x <= within { weight * stay[0] } else { 0.0 };
        for j in 1..=m {
            let near = (x - j as f64 / columns).abs() <= within;
            stay[j] = if near { weight * stay[j] + stay[j - 1] } else { 0.0 };
        }
    }
    (1.0 - stay[m]).clamp(0.0, 1.0)
}

/// The limit of the p-value, as a function of λ.
pub(super) fn limit(lambda: f64) -> f64 {
    if lambda <= 0.0 {
        return 1.0;
    }
    let series = if lambda < 1.0 {
        let term = |k: i32| (-(f64::from(2 * k - 1) * PI / lambda).powi(2) / 8.0).exp();
        1.0 - (2.0 * PI).sqrt() / lambda * (1..=10).map(term).sum::<f64>()
    } else {
        let term =
            |k: i32| f64::from(1 - 2 * (k % 2 - 1).abs()) * (-2.0 * (f64::from(k) * lambda).powi(2)).exp();
        2.0 * (1..=10).map(term).sum::<f64>()
    };
    series.clamp(0.0, 1.0)
}
