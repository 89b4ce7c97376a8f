//! By how much several raters agree beyond chance.
//!
//! Fleiss' kappa, where every item has the same number m of ratings, nᵢₖ of them in category k:
//!
//! ```text
//! P̄ = mean over items of (Σₖ nᵢₖ² − m)/(m(m − 1))      pₖ = Σᵢ nᵢₖ/(N·m)      κ = (P̄ − Σ pₖ²)/(1 − Σ pₖ²)
//! ```
//!
//! Krippendorff's alpha, where items may have different numbers mᵢ of ratings (those with fewer than
//! two say nothing) and ratings may be numbers. With the distance δ² of two ratings (0 or 1 of
//! categories, (a − b)² of numbers) and n ratings in all:
//!
//! ```text
//! Dₒ = 1/n · Σᵢ 1/(mᵢ − 1) · Σ over ordered pairs within i of δ²
//! Dₑ = 1/(n(n − 1)) · Σ over all ordered pairs of δ²            α = 1 − Dₒ/Dₑ
//! ```
//!
//! Sources: J. L. Fleiss, *Measuring nominal scale agreement among many raters*, Psychological
//! Bulletin 76 (1971); K. Krippendorff, *Content analysis* (2004), chapter 11.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::Absent;

/// Fleiss' kappa: for each item, how many raters put it into each category.
///
/// ```
/// use scouter_drift::statistics::agreement::fleiss;
///
/// assert_eq!(fleiss(&[[3, 0], [0, 3]]), Ok(1.0));
/// assert!(fleiss(&[[2, 1], [1, 2]])? < 0.0);
/// # Ok::<(), scouter_drift::Absent>(())
/// ```
///
/// # Errors
/// There are no items, items have different numbers of ratings or categories, or fewer than two
/// ratings, or all ratings are of one category.
pub fn fleiss<R: AsRef<[u64]>>(items: &[R]) -> Result<f64, Absent> {
    let first = items.first().ok_or(Absent::NoRows)?.as_ref();
    let (categories, ratings) = (first.len(), first.iter().sum::<u64>());
    if ratings < 2 {
        return Err(Absent::TooFew { needed: 2, found: ratings });
    }
    let mut totals = vec![0_u64; categories];
    let mut agreed = 0.0;
    for item in items.iter().map(AsRef::as_ref) {
        let found = item.iter().sum::<u64>();
        if item.len() != categories {
            return Err(Absent::Mismatch { left: categories as u64, right: item.len() as u64 });
        }
        if found != ratings {
            return Err(Absent::Mismatch { left: ratings, right: found });
        }
        agreed += item.iter().map(|count| *count as f64 * (*count as f64 - 1.0)).sum::<f64>();
        totals.iter_mut().zip(item).for_each(|(total, count)| *total += count);
    }
    if totals.iter().filter(|total| **total > 0).count() < 2 {
        return Err(Absent::Constant);
    }
    let (m, n) = (ratings as f64, items.len() as f64);
    let observed = agreed / (n * m * (m - 1.0));
    let expected: f64 = totals.iter().map(|total| (*total as f64 / (n * m)).powi(2)).sum();
    Ok((observed - expected) / (1.0 - expected))
}

/// How far two ratings are apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// Categories, such as verdicts: equal or not.
    Nominal,
    /// Numbers, such as scores: by the square of their difference.
    Interval,
}

/// Krippendorff's alpha: for each item its ratings, as numbers that stand for categories or are
/// scores. What is not finite is no rating.
///
/// ```
/// use scouter_drift::statistics::agreement::{Scale, krippendorff};
///
/// let ratings = [vec![1.0, 1.0], vec![2.0, 2.0, f64::NAN], vec![3.0], vec![1.0, 2.0]];
/// let alpha = krippendorff(&ratings, Scale::Nominal)?;
/// assert!((alpha - 4.0 / 9.0).abs() < 1e-12);
/// # Ok::<(), scouter_drift::Absent>(())
/// ```
///
/// # Errors
/// No item has two ratings, or all ratings that count are equal.
pub fn krippendorff<R: AsRef<[f64]>>(items: &[R], scale: Scale) -> Result<f64, Absent> {
    let (mut all, mut apart) = (Values::default(), 0.0);
    for item in items {
        let mut values = Values::default();
        item.as_ref().iter().filter(|v| v.is_finite()).for_each(|v| values.take(*v, 1));
        if values.n > 1 {
            apart += values.apart(scale) / (values.n - 1) as f64;
            values.counts.values().for_each(|(v, count)| all.take(*v, *count));
        }
    }
    if all.n < 2 {
        return Err(Absent::TooFew { needed: 2, found: all.n });
    }
    if all.counts.len() < 2 {
        return Err(Absent::Constant);
    }
    Ok(1.0 - apart * (all.n - 1) as f64 / all.apart(scale))
}

/// Ratings by value.
#[derive(Default)]
struct Values {
    n: u64,
    counts: BTreeMap<u64, (f64, u64)>,
}

impl Values {
    fn take(&mut self, v: f64, times: u64) {
        // Both zeros are one value.
        let v = v + 0.0;
        self.counts.entry(v.to_bits()).or_insert((v, 0)).1 += times;
        self.n += times;
    }

    /// The distances of all ordered pairs.
    fn apart(&self, scale: Scale) -> f64 {
        let n = self.n as f64;
        let counts = || self.counts.values().map(|(v, count)| (*v, *count as f64));
        match scale {
            Scale::Nominal => counts().map(|(_, count)| count * (n - count)).sum(),
            // Σ over pairs of (a − b)² is 2n times the sum of squares around the mean.
            Scale::Interval => {
                let mean = counts().map(|(v, count)| v * count).sum::<f64>() / n;
                2.0 * n * counts().map(|(v, count)| (v - mean).powi(2) * count).sum::<f64>()
            }
        }
    }
}
