//! Whether a rate changed, where records come in clusters: the sign-flip test of whole clusters.
//!
//! Records of one document, user or case go the same way more often than by chance, and a test that
//! takes them for independent cries wolf. So clusters are what is flipped: with dₖ = gained − lost in
//! cluster k, were both runs equally good, dₖ would be as likely as −dₖ, whatever hangs together
//! *within* the cluster:
//!
//! ```text
//! p = P( |Σ sₖ·dₖ| ≥ |Σ dₖ| ),  sₖ = ±1 with probability ½ each
//! ```
//!
//! The distribution is worked out exactly, by adding up one cluster after another. Where every
//! cluster is one record, this is McNemar's exact test. Where there are so many clusters that it
//! would take long, the normal approximation of the same statistic is used, which is the modified
//! test of Obuchowski:
//!
//! ```text
//! z² = (Σ dₖ)² / Σ dₖ²,  χ² with 1 degree of freedom
//! ```
//!
//! Sources: R. A. Fisher, *The design of experiments* (1935), for flipping signs; A. M. Winkler and
//! others, *Permutation inference for the general linear model*, NeuroImage 92 (2014), for flipping
//! whole blocks; N. A. Obuchowski, *On the comparison of correlated proportions for clustered data*,
//! Statistics in Medicine 17 (1998); Z. Yang, X. Sun, J. W. Hardin, *A note on the tests for
//! clustered matched-pair binary data*, Biometrical Journal 52 (2010), for the form without n.

use super::mcnemar::mcnemar_exact;
use super::quantile::normal_two_sided;

/// The most additions that an exact answer may take: some hundredths of a second.
const MOST_WORK: u64 = 20_000_000;

/// The two-sided p value of a change, given gained − lost of every cluster; 1 where there is none.
///
/// ```
/// use scouter_drift::statistics::sign_flip::sign_flip;
///
/// // Three clusters of one mind: of the 8 ways to flip them 2 are as far from 0.
/// assert_eq!(sign_flip(&[3, 1, 2]), 0.25);
/// // Each record on its own: one lost, six gained, as McNemar's test has it.
/// assert!((sign_flip(&[1, 1, 1, -1, 1, 1, 1]) - 0.125).abs() < 1e-12);
/// ```
pub fn sign_flip(differences: &[i64]) -> f64 {
    let mut sizes: Vec<u64> = differences.iter().map(|d| d.unsigned_abs()).filter(|size| *size > 0).collect();
    let total = differences.iter().sum::<i64>().unsigned_abs();
    if total == 0 {
        return 1.0;
    }
    if sizes.iter().all(|size| *size == sizes[0]) {
        // All of one size: only how many went which way counts.
        let all = sizes.len() as u64;
        let more = u64::midpoint(all, total / sizes[0]);
        return mcnemar_exact(more, all - more);
    }
    let reach: u64 = sizes.iter().sum();
    if reach.saturating_mul(sizes.len() as u64) > MOST_WORK {
        let squares: f64 = sizes.iter().map(|size| (*size as f64).powi(2)).sum();
        return normal_two_sided(total as f64 / squares.sqrt());
    }
    sizes.sort_unstable();
    exact(&sizes, total, reach)
}

/// How likely flipping these sizes gives a sum at least so far from 0.
fn exact(sizes: &[u64], total: u64, reach: u64) -> f64 {
    // What is added up is the sum of the sizes that are flipped to plus: from 0 to `reach`.
    let place = |sum: u64| usize::try_from(sum).unwrap_or(usize::MAX);
    let mut likely = vec![0.0; place(reach) + 1];
    likely[0] = 1.0;
    let mut filled = 0;
    for size in sizes {
        let size = place(*size);
        filled += size;
        for sum in (0..=filled).rev() {
            let plus = if sum >= size { likely[sum - size] } else { 0.0 };
            likely[sum] = 0.5 * (likely[sum] + plus);
        }
    }
    // Plus less minus is at least `total` where the pluses make up (reach + total)/2; as many lie
    // on the other side.
    let tail: f64 = likely[place(u64::midpoint(reach, total))..].iter().rev().sum();
    (2.0 * tail).min(1.0)
}
