//! Can a classifier tell rows of the baseline from rows of today? Half of the rows of both sides teach a logistic regression, the other half is
//! scored by it; the area under the ROC curve of these scores is ½ where nothing has changed, and 1 where every row betrays its time.
//!
//! Since scored rows took no part in teaching, the p-value is that of Mann and Whitney for any two samples, whatever the classifier is worth.
//! Scores of all rows by cross-validation would not be independent: their p-values alarm twice as often as they say. I. Kim, A. Ramdas, A.
//! Singh and L. Wasserman, "Classification accuracy as a proxy for two-sample testing", Annals of Statistics 49 (2021).
//!
//! Up to nine columns are joined by their squares and products, so that changes of spread and of correlation are seen as well as those of
//! means.

use serde::{Deserialize, Serialize};

use super::{
    Points, auc,
    logistic::{Labelled, dot, weights},
};
use crate::{Absent, random::Random, sample::Sorted};

/// Up to so many columns, squares and products take part.
const FEW: usize = 9;

/// How the classifier is taught.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct DomainClassifier {
    /// How strongly weights are held near zero, above 0. More is steadier, less is sharper.
    pub ridge: f64,
    /// More rows than this are thinned out evenly on each side.
    pub most_rows: usize,
    /// Where the random numbers begin that decide which half a row belongs to. The same seed gives the same result.
    pub seed: u64,
}

impl Default for DomainClassifier {
    fn default() -> Self {
        Self { ridge: 0.01, most_rows: 4000, seed: 0 }
    }
}

/// The area under the ROC curve, and the p-value of an area of at least this size.
///
/// ```
/// use scouter_drift::methods::{DomainClassifier, Points, domain_classifier};
///
/// let before: Vec<f64> = (0..200).map(|i| f64::from(i % 20)).collect();
/// let after: Vec<f64> = before.iter().map(|v| v + 15.0).collect();
/// let (before, after) = (Points::of_columns(&[&before[..]])?, Points::of_columns(&[&after[..]])?);
/// let (area, p) = domain_classifier(&before, &after, DomainClassifier::default())?;
/// assert!(area > 0.95 && p < 1e-9);
/// # Ok::<(), scouter_drift::Absent>(())
/// ```
///
/// # Errors
/// A side has fewer than four rows, the rows have different numbers of values, or all rows are equal.
pub fn domain_classifier(
    baseline: &Points,
    current: &Points,
    how: DomainClassifier,
) -> Result<(f64, f64), Absent> {
    baseline.same_width(current)?;
    for side in [baseline, current] {
        if side.rows() < 4 {
            return Err(Absent::TooFew { needed: 4, found: side.rows() as u64 });
        }
    }
    let mut random = Random::of(how.seed);
    let mut halves = |points: &Points| {
        let mut rows: Vec<Vec<f64>> =
            points.thinned(how.most_rows).into_iter().map(<[f64]>::to_vec).collect();
        random.shuffle(&mut rows);
        let scored = rows.split_off(rows.len() / 2);
        (rows, scored)
    };
    let (mut teaching, mut scored) = halves(baseline);
    let (teaching_too, scored_too) = halves(current);
    let (taught, of_baseline) = (teaching.len(), scored.len());
    teaching.extend(teaching_too);
    scored.extend(scored_too);
    scale(&mut teaching, &mut scored)?;
    if teaching[0].len() <= FEW {
        for row in teaching.iter_mut().chain(&mut scored) {
            multiply(row);
        }
        scale(&mut teaching, &mut scored)?;
    }
    let rows: Vec<f64> = teaching.concat();
    let second: Vec<bool> = (0..teaching.len()).map(|i| i >= taught).collect();
    let data = Labelled { width: teaching[0].len(), rows: &rows, second: &second };
    let weights = weights(&data, how.ridge);
    let found: Vec<f64> = scored.iter().map(|row| dot(row, &weights)).collect();
    auc(&Sorted::of(&found[..of_baseline]), &Sorted::of(&found[of_baseline..]))
}

/// Scales all columns to a mean of zero and a deviation of one in the rows that teach.
fn scale(teaching: &mut [Vec<f64>], scored: &mut [Vec<f64>]) -> Result<(), Absent> {
    let n = teaching.len() as f64;
    let mut varies = false;
    for i in 0..teaching[0].len() {
        let mean = teaching.iter().map(|row| row[i] / n).sum::<f64>();
        let deviation = teaching.iter().map(|row| (row[i] - mean).powi(2) / n).sum::<f64>().sqrt();
        // Rounding can leave equal values a deviation.
        let differ = teaching.iter().any(|row| row[i].to_bits() != teaching[0][i].to_bits());
        let unit = if differ && deviation > 0.0 && deviation.is_finite() { 1.0 / deviation } else { 0.0 };
        varies |= unit > 0.0;
        for row in teaching.iter_mut().chain(scored.iter_mut()) {
            row[i] = (row[i] - mean) * unit;
        }
    }
    if varies { Ok(()) } else { Err(Absent::Constant) }
}

/// Joins the squares and products of all columns.
fn multiply(row: &mut Vec<f64>) {
    let width = row.len();
    for i in 0..width {
        for j in 0..=i {
            row.push(row[i] * row[j]);
        }
    }
}
