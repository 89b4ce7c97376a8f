//! Whether a mean changed, and by how much, where each record was measured twice.
//!
//! With the differences d₁ … dₙ, their mean d̄ and s² = Σ(dᵢ − d̄)²/(n − 1):
//!
//! ```text
//! SE = s/√n,   t = d̄/SE with n − 1 degrees of freedom,   interval = d̄ ± t₁₋α⁄₂·SE
//! ```
//!
//! Records in K clusters hang together, so that their residuals are summed before they are squared:
//!
//! ```text
//! SE = √( K/(K − 1) · Σₖ (Σᵢ∈ₖ (dᵢ − d̄))² ) / n,   with K − 1 degrees of freedom
//! ```
//!
//! which is the same as above where every cluster is one record. It takes means to be about normal:
//! from some 30 clusters on that is so for most data; very skewed ones want [`super::bootstrap`].
//!
//! Where all differences are equal, t says nothing. Then the exact sign-flip test is told, in which
//! K equal differences have the p value 2¹⁻ᴷ (1 where they are 0).
//!
//! Sources: Student, *The probable error of a mean*, Biometrika 6 (1908); K.-Y. Liang, S. L. Zeger,
//! *Longitudinal data analysis using generalized linear models*, Biometrika 73 (1986), for clusters;
//! E. Miller, *Adding error bars to evals*, arXiv:2411.00640 (2024), for their use here.

use super::quantile::{t_quantile, t_two_sided};
use super::{Alpha, Interval};

/// What the paired t test says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PairedT {
    /// How many differences there are.
    pub n: usize,
    /// How many clusters; as many as differences where there are none.
    pub clusters: usize,
    /// The mean difference.
    pub mean: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// The two-sided p value.
    pub p: f64,
    /// The interval of the mean difference.
    pub interval: Interval,
}

/// The paired t test of differences; `None` where there are fewer than two.
///
/// ```
/// use scouter_drift::statistics::{Alpha, paired_t::paired_t};
///
/// let test = paired_t(&[1.0, 2.0, 3.0, 4.0], Alpha::USUAL).unwrap();
/// assert_eq!((test.n, test.mean), (4, 2.5));
/// assert_eq!(format!("{:.4} {:.4}", test.standard_error, test.p), "0.6455 0.0305");
/// assert_eq!(format!("{:.3} to {:.3}", test.interval.low, test.interval.high), "0.446 to 4.554");
/// ```
pub fn paired_t(differences: &[f64], alpha: Alpha) -> Option<PairedT> {
    paired_t_clustered(differences, |at| at, differences.len(), alpha)
}

/// The paired t test of differences in clusters: `cluster` tells which a place belongs to, from 0 to
/// `clusters` − 1. `None` where there are fewer than two clusters that have a difference.
///
/// ```
/// use scouter_drift::statistics::{Alpha, paired_t::paired_t_clustered};
///
/// let differences = [1.0, 1.0, 3.0, 3.0, 2.0, 2.0];
/// let test = paired_t_clustered(&differences, |at| at / 2, 3, Alpha::USUAL).unwrap();
/// // Three clusters of equal records tell as much as three records.
/// assert_eq!(format!("{:.4}", test.standard_error), "0.5774");
/// ```
pub fn paired_t_clustered(
    differences: &[f64],
    cluster: impl Fn(usize) -> usize,
    clusters: usize,
    alpha: Alpha,
) -> Option<PairedT> {
    let n = differences.len();
    let mean = differences.iter().sum::<f64>() / n as f64;
    let mut residuals = vec![None; clusters];
    for (at, difference) in differences.iter().enumerate() {
        *residuals[cluster(at)].get_or_insert(0.0) += difference - mean;
    }
    let clusters = residuals.iter().flatten().count();
    if clusters < 2 {
        return None;
    }
    let k = clusters as f64;
    let squares: f64 = residuals.iter().flatten().map(|sum: &f64| sum * sum).sum();
    let freedom = k - 1.0;
    let standard_error = (k / freedom * squares).sqrt() / n as f64;
    let alike = differences.iter().all(|difference| difference.to_bits() == differences[0].to_bits());
    let p = if alike && mean == 0.0 {
        1.0
    } else if alike {
        2.0_f64.powf(1.0 - k)
    } else if standard_error == 0.0 {
        1.0
    } else {
        t_two_sided(mean / standard_error, freedom)
    };
    let half = if alike { 0.0 } else { t_quantile(alpha.get(), freedom) * standard_error };
    let interval = Interval::around(mean, half);
    Some(PairedT { n, clusters, mean, standard_error, p, interval })
}
