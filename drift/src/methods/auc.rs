//! The area under the ROC curve: how likely a value of the current side is greater than one of the baseline, ties by half. It is the statistic
//! of Mann and Whitney by another name:
//!
//! ```text
//! AUC = U/(nm)        U = Σ ranks of the current side − m(m + 1)/2
//! z = (U − nm/2 − ½)/σ        σ² = nm/12·(n + m + 1 − Σ(t³ − t)/((n + m)(n + m − 1)))        t: values that are equal
//! ```
//!
//! The p-value is that of the normal limit, for current values that are greater. H. Mann and D. Whitney (1947); J. Hanley and B. `McNeil`, "The
//! meaning and use of the area under a receiver operating characteristic (ROC) curve" (1982).

use statrs::distribution::{ContinuousCDF, Normal};

use crate::{Absent, sample::Sorted};

/// The area and the p-value of current values that are greater than those of the baseline.
///
/// ```
/// use scouter_drift::{methods::auc, sample::Sorted};
///
/// let before = Sorted::of(&[1.0, 2.0, 3.0, 4.0][..]);
/// let after = Sorted::of(&[3.0, 5.0, 6.0, 7.0][..]);
/// let (area, p) = auc(&before, &after)?;
/// assert!((area - 14.5 / 16.0).abs() < 1e-12 && p < 0.05);
/// # Ok::<(), scouter_drift::Absent>(())
/// ```
///
/// # Errors
/// A side has no finite value.
pub fn auc(baseline: &Sorted, current: &Sorted) -> Result<(f64, f64), Absent> {
    baseline.not_empty()?;
    current.not_empty()?;
    let (mut before, mut after) = (baseline.values(), current.values());
    let (n, m) = (before.len() as f64, after.len() as f64);
    // Pairs in which the current value is greater, and half of those that are equal.
    let (mut u, mut below, mut ties) = (0.0, 0.0, 0.0);
    while let Some(value) = after.first().copied() {
        let less = before.partition_point(|v| *v < value);
        ties += tied(&before[..less]);
        before = &before[less..];
        below += less as f64;
        let equal = before.partition_point(|v| *v <= value);
        let own = after.partition_point(|v| *v <= value);
        u += own as f64 * (below + equal as f64 / 2.0);
        ties += cube((equal + own) as f64);
        (before, after, below) = (&before[equal..], &after[own..], below + equal as f64);
    }
    ties += tied(before);
    let all = n + m;
    let variance = n * m / 12.0 * (all + 1.0 - ties / (all * (all - 1.0)));
    let p = if variance > 0.0 {
        Normal::standard().sf((u - n * m / 2.0 - 0.5) / variance.sqrt())
    } else {
        // All values are equal.
        1.0
    };
    Ok((u / (n * m), p))
}

fn cube(t: f64) -> f64 {
    t * t * t - t
}

/// Σ(t³ − t) over runs of equal values of one side.
fn tied(before: &[f64]) -> f64 {
    before.chunk_by(|a, b| a >= b).map(|run| cube(run.len() as f64)).sum()
}
