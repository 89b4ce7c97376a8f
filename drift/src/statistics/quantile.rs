//! Quantiles and tails of the normal distribution and of Student's t.

use statrs::distribution::{ContinuousCDF, Normal};
use statrs::function::beta::beta_reg;

/// The value below which a normal deviate stays with this probability.
pub(super) fn normal(probability: f64) -> f64 {
    Normal::standard().inverse_cdf(probability)
}

/// How likely a normal deviate is at least this far from 0.
pub(super) fn normal_two_sided(z: f64) -> f64 {
    (2.0 * Normal::standard().sf(z.abs())).min(1.0)
}

/// How likely Student's t with these degrees of freedom is at least this far from 0.
pub(super) fn t_two_sided(t: f64, freedom: f64) -> f64 {
    if t.is_infinite() { 0.0 } else { beta_reg(0.5 * freedom, 0.5, freedom / (freedom + t * t)) }
}

/// How far from 0 Student's t stays in all but this share of cases, on both sides together.
///
/// Found by Newton's method from the expansion of Cornish and Fisher, since a quantile that is
/// taken from the inverse of the beta function loses digits where there are many degrees of
/// freedom.
pub(super) fn t_quantile(level: f64, freedom: f64) -> f64 {
    const MANY: f64 = 1e7;
    let z = normal(1.0 - level / 2.0);
    if freedom > MANY {
        return z;
    }
    // Bounds first: t is never nearer to 0 than z.
    let (mut low, mut high) = (z, 2.0 * z);
    while t_two_sided(high, freedom) > level {
        low = high;
        high *= 2.0;
    }
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if t_two_sided(middle, freedom) > level {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}
