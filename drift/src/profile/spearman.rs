//! Spearman's correlation: Pearson's of the ranks, equal values having the mean of theirs. C. Spearman (1904). Ranks are of the whole,
//! so parts do not merge.

use super::CoMoments;
use crate::Absent;

/// The correlation of the ranks of two columns, over rows in which both values are finite.
///
/// ```
/// use scouter_drift::profile::spearman;
///
/// let correlation = spearman(&[1.0, 2.0, 3.0, 4.0], &[1.0, 8.0, 27.0, 64.0])?;
/// assert!((correlation - 1.0).abs() < 1e-12);
/// # Ok::<(), scouter_drift::Absent>(())
/// ```
///
/// # Errors
/// Fewer than two rows have both values, or a column is constant in them.
pub fn spearman(x: &[f64], y: &[f64]) -> Result<f64, Absent> {
    let both = x.iter().zip(y).filter(|(x, y)| x.is_finite() && y.is_finite());
    let (x, y): (Vec<f64>, Vec<f64>) = both.unzip();
    let mut pair = CoMoments::default();
    pair.add(&ranks(&x), &ranks(&y));
    pair.correlation()
}

/// The rank of every value, from 1; equal values have the mean of theirs.
pub fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_unstable_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    let mut passed = 0;
    for ties in order.chunk_by(|a, b| values[*a] >= values[*b]) {
        let rank = passed as f64 + (ties.len() + 1) as f64 / 2.0;
        for i in ties {
            ranks[*i] = rank;
        }
        passed += ties.len();
    }
    ranks
}
