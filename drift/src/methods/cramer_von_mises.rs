//! The two-sample test of Cramér and von Mises, which weighs the distance of the distribution functions everywhere:
//!
//! ```text
//! U = n·Σ(rᵢ − i)² + m·Σ(sⱼ − j)²        rᵢ, sⱼ: ranks in both samples together, ties by their mean
//! T = U/(nm(n + m)) − (4nm − 1)/(6(n + m))
//! ```
//!
//! The p-value is that of the limit distribution, at T scaled to the mean and the variance of the limit. T. Anderson, "On the
//! distribution of the two-sample Cramér–von Mises criterion" (1962); the limit: Anderson and Darling (1952), as a sum over
//! Bessel functions K₁/₄, Csörgő and Faraway (1996).

use std::f64::consts::PI;

use statrs::function::gamma::ln_gamma;

use crate::{Absent, sample::Sorted};

/// T and its p-value.
///
/// ```
/// use scouter_drift::{methods::cramer_von_mises, sample::Sorted};
///
/// let before = Sorted::of(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0][..]);
/// let (t, p) = cramer_von_mises(&before, &before)?;
/// assert!(t < 0.03 && p > 0.99);
/// # Ok::<(), scouter_drift::Absent>(())
/// ```
///
/// # Errors
/// A side has no finite value, or both have but one: then nothing varies.
pub fn cramer_von_mises(baseline: &Sorted, current: &Sorted) -> Result<(f64, f64), Absent> {
    baseline.not_empty()?;
    current.not_empty()?;
    let (before, after) = (baseline.values(), current.values());
    let (n, m) = (before.len() as f64, after.len() as f64);
    let total = n + m;
    if total < 3.0 {
        return Err(Absent::TooFew { needed: 2, found: 1 });
    }
    let u = n * strays(before, after) + m * strays(after, before);
    let t = u / (n * m * total) - (4.0 * n * m - 1.0) / (6.0 * total);
    let mean = (1.0 + 1.0 / total) / 6.0;
    let variance = (total + 1.0) * (4.0 * n * m * total - 3.0 * (n * n + m * m) - 2.0 * n * m)
        / (45.0 * total * total * 4.0 * n * m);
    let scaled = 1.0 / 6.0 + (t - mean) / (45.0 * variance).sqrt();
    let chance = match scaled {
        least if least < 0.003 => 1.0,
        // Less than any difference from 1, and the sum takes the longer to converge the further out it is.
        far if far > 100.0 => 0.0,
        scaled => (1.0 - limit(scaled)).clamp(0.0, 1.0),
    };
    Ok((t, chance))
}

/// Σ(rᵢ − i)² of one sample's values, ranked among both.
fn strays(own: &[f64], other: &[f64]) -> f64 {
    let (mut sum, mut i, mut below) = (0.0, 0, 0);
    while i < own.len() {
        let v = own[i];
        let equal = own[i..].partition_point(|x| *x <= v);
        while other.get(below).is_some_and(|x| *x < v) {
            below += 1;
        }
        let tied = other[below..].partition_point(|x| *x <= v);
        let rank = (i + below) as f64 + (equal + tied + 1) as f64 / 2.0;
        for place in i + 1..=i + equal {
            sum += (rank - place as f64).powi(2);
        }
        i += equal;
    }
    sum
}

/// The limit distribution's function.
fn limit(x: f64) -> f64 {
    let mut sum = 0.0;
    for k in 0..200 {
        let k = f64::from(k);
        let y = 4.0 * k + 1.0;
        let q = y * y / (16.0 * x);
        let term = (ln_gamma(k + 0.5) - ln_gamma(k + 1.0)).exp() / (PI.powf(1.5) * x.sqrt())
            * y.sqrt()
            * scaled_bessel(q);
        sum += term;
        if term < 1e-12 * sum {
            break;
        }
    }
    sum
}

/// e^−q·K₁/₄(q) = ∫₀^∞ exp(−q(cosh t + 1))·cosh(t/4) dt, by the trapezoidal rule, which is exact to rounding for such integrands.
fn scaled_bessel(q: f64) -> f64 {
    const STEP: f64 = 0.03125;
    let f = |t: f64| (-q * (t.cosh() + 1.0)).exp() * (t / 4.0).cosh();
    let mut sum = 0.5 * f(0.0);
    for i in 1..2000 {
        let value = f(f64::from(i) * STEP);
        sum += value;
        if value < 1e-18 * sum || value <= 0.0 {
            break;
        }
    }
    sum * STEP
}
