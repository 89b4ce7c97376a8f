//! The constant that makes a standard deviation unbiased: c₄(n) = √(2/(n − 1))·Γ(n/2)/Γ((n − 1)/2), through the logarithm of Γ,
//! which stays exact where Γ itself overflows; and those of the range of two values. D. Montgomery, "Introduction to statistical quality control", appendix VI.

use std::f64::consts::FRAC_2_SQRT_PI;

use statrs::function::gamma::ln_gamma;

/// d₂(2) = 2/√π: the mean range of two normal values, in standard deviations.
pub(super) const D2: f64 = FRAC_2_SQRT_PI;
/// d₃(2) = √(2 − 4/π): the standard deviation of that range.
pub(super) const D3: f64 = 0.852_502_466_427_421_7;

/// By how much the standard deviation of `n` normal values is too small on average: E(s) = c₄·σ. Fewer than two values count as
/// two.
///
/// ```
/// use scouter_drift::spc::c4;
///
/// assert!((c4(4) - 0.921317731923561).abs() < 1e-14);
/// ```
pub fn c4(n: usize) -> f64 {
    let n = n.max(2) as f64;
    if n > 1e4 {
        // The difference of two large logarithms loses digits that Stirling's series has:
        // c₄ = 1 − 1/(4n) − 7/(32n²) − 19/(128n³) + O(n⁻⁴).
        return 1.0 - 1.0 / (4.0 * n) - 7.0 / (32.0 * n.powi(2)) - 19.0 / (128.0 * n.powi(3));
    }
    (2.0 / (n - 1.0)).sqrt() * (ln_gamma(n / 2.0) - ln_gamma((n - 1.0) / 2.0)).exp()
}
