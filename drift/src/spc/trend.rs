//! A trend: so many points in a row, each greater than the one before, or each less. Seven is customary.

use super::{Alert, AlertKind, Rule};

/// An alert for every point that ends a run of at least `points` rising or falling points. Fewer than two points are no
/// trend.
///
/// ```
/// use scouter_drift::spc::trend;
///
/// let alerts = trend(&[0.1, 0.0, 0.2, 0.3, 0.5, 0.6, 0.8, 0.9], 7);
/// assert_eq!(alerts[0].points, [1, 2, 3, 4, 5, 6, 7]);
/// ```
pub fn trend(scores: &[f64], points: usize) -> Vec<Alert> {
    let mut alerts = Vec::new();
    if points < 2 {
        return alerts;
    }
    let (mut rising, mut falling) = (1, 1);
    for (at, pair) in (1..).zip(scores.windows(2)) {
        // Without a branch, which would be guessed wrong every other time.
        rising = 1 + rising * usize::from(pair[1] > pair[0]);
        falling = 1 + falling * usize::from(pair[1] < pair[0]);
        if rising.max(falling) >= points {
            alerts.push(Alert {
                rule: Rule::Trend { points },
                kind: AlertKind::Trend,
                zone: None,
                points: (at + 1 - points..=at).collect(),
            });
        }
    }
    alerts
}

pub(super) fn ends_trend(scores: &[f64], at: usize, points: usize) -> bool {
    if points < 2 || at + 1 < points {
        return false;
    }
    let run = &scores[at + 1 - points..=at];
    run.is_sorted_by(|a, b| a < b) || run.is_sorted_by(|a, b| a > b)
}
