//! A trend: so many points in a row, each greater than the one before, or each less. Seven is customary.

use super::{Alert, digits::DigitRule, runs::runs};

/// An alert for every point that ends a run of at least `points` rising or falling points. Fewer than two points are no
/// trend.
///
/// ```
/// use scouter_drift::spc::trend;
///
/// let found: Vec<_> = trend(&[0.1, 0.0, 0.2, 0.3, 0.5, 0.6, 0.8, 0.9], 7).map(|alert| alert.points).collect();
/// assert_eq!(found, [[1, 2, 3, 4, 5, 6, 7]]);
/// ```
pub fn trend(scores: &[f64], points: usize) -> impl Iterator<Item = Alert> {
    runs(DigitRule::default().tests(&[]), points, scores)
}

pub(super) fn ends_trend(scores: &[f64], at: usize, points: usize) -> bool {
    if points < 2 || at + 1 < points {
        return false;
    }
    let run = &scores[at + 1 - points..=at];
    run.is_sorted_by(|a, b| a < b) || run.is_sorted_by(|a, b| a > b)
}
