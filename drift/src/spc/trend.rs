//! A trend: so many points in a row, each greater than the one before, or each less. Seven is customary.

use super::{Alert, AlertKind, Rule};

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
    let mut run = Trend::new(points);
    scores.iter().enumerate().filter_map(move |(at, score)| run.take(at, *score))
}

/// How many points up to now rise, and how many fall.
#[derive(Debug, Clone)]
pub(super) struct Trend {
    points: usize,
    last: f64,
    rising: usize,
    falling: usize,
}

impl Trend {
    pub(super) fn new(points: usize) -> Self {
        Self { points, last: f64::NAN, rising: 1, falling: 1 }
    }

    pub(super) fn points(&self) -> usize {
        self.points
    }

    pub(super) fn take(&mut self, at: usize, score: f64) -> Option<Alert> {
        // Without a branch, which would be guessed wrong every other time.
        self.rising = 1 + self.rising * usize::from(score > self.last);
        self.falling = 1 + self.falling * usize::from(score < self.last);
        self.last = score;
        let points = self.points;
        (points >= 2 && self.rising.max(self.falling) >= points).then(|| Alert {
            rule: Rule::Trend { points },
            kind: AlertKind::Trend,
            zone: None,
            points: (at + 1 - points..=at).collect(),
        })
    }
}

pub(super) fn ends_trend(scores: &[f64], at: usize, points: usize) -> bool {
    if points < 2 || at + 1 < points {
        return false;
    }
    let run = &scores[at + 1 - points..=at];
    run.is_sorted_by(|a, b| a < b) || run.is_sorted_by(|a, b| a > b)
}
