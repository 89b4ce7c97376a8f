//! Nelson's eight tests (L. Nelson, "The Shewhart control chart: tests for special causes", Journal of Quality Technology 16,
//! 1984), each over a full window of points:
//!
//! 1. a point beyond three standard deviations;
//! 2. nine points on the same side;
//! 3. six points that rise, or fall;
//! 4. fourteen points that rise and fall in turn;
//! 5. two of three points beyond two standard deviations on one side;
//! 6. four of five points beyond one on one side;
//! 7. fifteen points within one;
//! 8. eight points beyond one, on both sides.

use super::{Alert, AlertKind, Rule, Zone, trend::ends_trend, western::on_one_side};

/// The alerts of the eight tests, in the order of the points at which they are seen.
///
/// ```
/// use scouter_drift::spc::{Rule, nelson};
///
/// let rules: Vec<_> = nelson(&[-3.0, -2.4, -1.6, -0.9, -0.1, 0.6]).map(|alert| alert.rule).collect();
/// assert_eq!(rules[0], Rule::Nelson { number: 3 });
/// ```
pub fn nelson(scores: &[f64]) -> impl Iterator<Item = Alert> {
    (0..scores.len()).flat_map(move |at| {
        (1..=8).filter_map(move |number| {
            let (kind, zone, points) = test(scores, at, number)?;
            Some(Alert { rule: Rule::Nelson { number }, kind, zone, points })
        })
    })
}

fn test(scores: &[f64], at: usize, number: u8) -> Option<(AlertKind, Option<Zone>, Vec<usize>)> {
    let (length, kind, zone) = match number {
        1 => (1, AlertKind::OutOfBounds, Some(Zone::Zone4)),
        2 => (9, AlertKind::Consecutive, Some(Zone::Zone1)),
        3 => (6, AlertKind::Trend, None),
        4 => (14, AlertKind::Alternating, None),
        5 => (3, AlertKind::Consecutive, Some(Zone::Zone3)),
        6 => (5, AlertKind::Consecutive, Some(Zone::Zone2)),
        7 => (15, AlertKind::Consecutive, Some(Zone::Zone1)),
        _ => (8, AlertKind::Alternating, Some(Zone::Zone2)),
    };
    let first = (at + 1).checked_sub(length)?;
    let window = &scores[first..=at];
    let side = |zone| {
        let points = on_one_side(scores, at, length, zone);
        let needed = length - usize::from(matches!(number, 5 | 6));
        (points.len() >= needed).then_some(points)
    };
    let all = |holds: bool| holds.then(|| (first..=at).collect());
    let points = match number {
        1 | 2 | 5 | 6 => side(zone?),
        3 => all(ends_trend(scores, at, length)),
        4 => all(turns(window)),
        7 => all(window.iter().all(|z| z.abs() < 1.0)),
        _ => all(window.iter().all(|z| z.abs() > 1.0)
            && window.iter().any(|z| *z > 0.0)
            && window.iter().any(|z| *z < 0.0)),
    };
    points.map(|points| (kind, zone, points))
}

/// Whether points rise and fall in turn.
fn turns(window: &[f64]) -> bool {
    window.windows(3).all(|three| {
        (three[1] > three[0] && three[1] > three[2]) || (three[1] < three[0] && three[1] < three[2])
    })
}
