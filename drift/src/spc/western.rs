//! The rules of the Western Electric handbook (1956), each on one side of the centre:
//!
//! 1. a point beyond three standard deviations;
//! 2. two of three points in a row beyond two;
//! 3. four of five points in a row beyond one;
//! 4. eight points in a row on the same side.
//!
//! The last point is one of those that break the rule. Together they alarm falsely every 91.75 points (Champ and Woodall,
//! Technometrics 29, 1987).

use super::{Alert, AlertKind, Rule, Side, Zone};

const RULES: [(usize, usize, Zone); 4] =
    [(1, 1, Zone::Zone4), (2, 3, Zone::Zone3), (4, 5, Zone::Zone2), (8, 8, Zone::Zone1)];

/// The alerts of the four rules, in the order of the points at which they are seen.
///
/// ```
/// use scouter_drift::spc::western_electric;
///
/// let points: Vec<_> = western_electric(&[2.1, 0.5, 2.2]).map(|alert| alert.points).collect();
/// assert_eq!(points, [[0, 2]]);
/// ```
pub fn western_electric(scores: &[f64]) -> impl Iterator<Item = Alert> {
    (0..scores.len()).flat_map(move |at| {
        (1..).zip(RULES).filter_map(move |(number, (needed, window, zone))| {
            let points = on_one_side(scores, at, window, zone);
            (points.len() >= needed).then(|| Alert {
                rule: Rule::WesternElectric { number },
                kind: if zone == Zone::Zone4 { AlertKind::OutOfBounds } else { AlertKind::Consecutive },
                zone: Some(zone),
                points,
            })
        })
    })
}

/// The points of the window that ends at a point, beyond the beginning of a zone on the same side as that point; none where it
/// is not beyond it itself.
pub(super) fn on_one_side(scores: &[f64], at: usize, window: usize, zone: Zone) -> Vec<usize> {
    let side: Option<Side> = zone.beyond(scores[at]);
    let first = (at + 1).saturating_sub(window);
    match side {
        Some(_) => (first..=at).filter(|i| zone.beyond(scores[*i]) == side).collect(),
        None => Vec::new(),
    }
}
