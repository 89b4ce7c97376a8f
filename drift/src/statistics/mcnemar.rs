//! Whether a rate changed, where each record was judged twice: McNemar's exact test.
//!
//! Of n pairs only those that came out differently tell anything: b passed only now (gained), c
//! passed only before (lost). Were both runs equally good, each such pair would go either way with
//! probability ½, so b is binomial with n = b + c:
//!
//! ```text
//! p = min(1, 2·P(X ≤ min(b, c))),  X ~ Binomial(b + c, ½)
//! ```
//!
//! Exact for any number of pairs, and worked out in logarithms, so that a p of 10⁻³⁰⁰ is as right as
//! one of 0.3. The logarithm of a binomial probability is that of C. Loader, *Fast and accurate
//! computation of binomial probabilities* (2000), which does not lose digits as n grows.
//!
//! Source: Q. McNemar, *Note on the sampling error of the difference between correlated proportions
//! or percentages*, Psychometrika 12 (1947); the exact form is the sign test.

use std::f64::consts::{LN_2, TAU};

use statrs::function::gamma::ln_gamma;

/// The two-sided p value of a change with so many pairs gained and lost.
///
/// ```
/// use scouter_drift::statistics::mcnemar::mcnemar_exact;
///
/// // One lost and six gained: 2·(1 + 7)/2⁷.
/// assert!((mcnemar_exact(6, 1) - 0.125).abs() < 1e-12);
/// assert_eq!(mcnemar_exact(0, 0), 1.0);
/// assert!(mcnemar_exact(360, 76) < 1e-40);
/// ```
pub fn mcnemar_exact(gained: u64, lost: u64) -> f64 {
    ln_mcnemar_exact(gained, lost).exp()
}

/// The natural logarithm of that p value, which does not run out of range.
pub fn ln_mcnemar_exact(gained: u64, lost: u64) -> f64 {
    let (n, fewer) = (gained + lost, gained.min(lost));
    if gained == lost {
        return 0.0;
    }
    // The tail as a multiple of its largest term: each term further out is k/(n−k+1) of the last.
    let (mut term, mut tail) = (1.0, 1.0);
    let mut k = fewer;
    while k > 0 && term > tail * f64::EPSILON * 1e-3 {
        term *= k as f64 / (n - k + 1) as f64;
        tail += term;
        k -= 1;
    }
    (LN_2 + ln_half_binomial(fewer, n) + tail.ln()).min(0.0)
}

/// ln P(X = k) of a binomial with probability ½.
fn ln_half_binomial(k: u64, n: u64) -> f64 {
    let (x, trials) = (k as f64, n as f64);
    if k == 0 || k == n {
        return -trials * LN_2;
    }
    let half = 0.5 * trials;
    let parts = stirling_error(trials) - stirling_error(x) - stirling_error(trials - x);
    let rest = deviance(x, half) + deviance(trials - x, half);
    parts - rest + 0.5 * (trials / (TAU * x * (trials - x))).ln()
}

/// ln n! less Stirling's formula for it.
fn stirling_error(n: f64) -> f64 {
    if n < 16.0 {
        return ln_gamma(n + 1.0) - (n + 0.5) * n.ln() + n - 0.5 * TAU.ln();
    }
    let n2 = n * n;
    (1.0 / 12.0 - (1.0 / 360.0 - (1.0 / 1260.0 - (1.0 / 1680.0 - 1.0 / 1188.0 / n2) / n2) / n2) / n2) / n
}

/// x·ln(x/m) + m − x without the digits that cancel out where x is near m.
fn deviance(x: f64, mean: f64) -> f64 {
    let away = x - mean;
    if away.abs() >= 0.1 * (x + mean) {
        return x * (x / mean).ln() + mean - x;
    }
    let v = away / (x + mean);
    let mut sum = away * v;
    let (mut power, v2) = (2.0 * x * v, v * v);
    for j in 1..1000 {
        power *= v2;
        let next = sum + power / f64::from(2 * j + 1);
        if (next - sum).abs() <= f64::MIN_POSITIVE || next.to_bits() == sum.to_bits() {
            return next;
        }
        sum = next;
    }
    sum
}
