//! Runs of points, found for sixty-four points at a time: a point is a bit, and where runs reach a length is told by shifting.

use super::{Alert, AlertKind, Rule, Zone, digits::ZoneRule};
use crate::wide::wide;

/// How many points are looked at together.
const BLOCK: usize = u64::BITS as usize;

/// The alerts of the tests of zones, and of so many points in a row that rise or fall, in the order of the points at which they are seen.
/// Fewer than two points are no trend.
pub(super) fn runs(
    tests: [(Zone, ZoneRule); 4],
    trend: usize,
    scores: &[f64],
) -> impl Iterator<Item = Alert> {
    let mut zones = tests.map(|(zone, rule)| (zone, rule, Beyond::new(zone.begin())));
    let mut steps = Steps::new();
    (0..scores.len()).step_by(BLOCK).flat_map(move |start| {
        let block = &scores[start..scores.len().min(start + BLOCK)];
        let steps = steps.take(block, trend);
        let ends = zones.each_mut().map(|(_, rule, beyond)| beyond.take(block, *rule));
        let mut left = ends.iter().fold(steps, |all, (in_a_row, in_turn)| all | in_a_row | in_turn);
        let mut alerts = Vec::new();
        while left != 0 {
            let bit = 1 << left.trailing_zeros();
            let at = start + left.trailing_zeros() as usize;
            left ^= bit;
            for ((zone, rule, _), (in_a_row, in_turn)) in zones.iter().zip(ends) {
                if in_a_row & bit != 0 {
                    alerts.push(in_zone(*zone, AlertKind::Consecutive, rule.consecutive, at));
                }
                if in_turn & bit != 0 {
                    alerts.push(in_zone(*zone, AlertKind::Alternating, rule.alternating, at));
                }
            }
            if steps & bit != 0 {
                let rule = Rule::Trend { points: trend };
                alerts.push(Alert {
                    rule,
                    kind: AlertKind::Trend,
                    zone: None,
                    points: (at + 1 - trend..=at).collect(),
                });
            }
        }
        alerts
    })
}

fn in_zone(zone: Zone, kind: AlertKind, points: usize, at: usize) -> Alert {
    Alert {
        rule: match kind {
            AlertKind::Alternating => Rule::Alternating { points },
            _ => Rule::Consecutive { points },
        },
        kind: if zone == Zone::Zone4 { AlertKind::OutOfBounds } else { kind },
        zone: Some(zone),
        points: (at + 1 - points..=at).collect(),
    }
}

/// A run of set bits that goes on from block to block.
#[derive(Default)]
struct Run {
    /// How many bits up to the end of the last block are set.
    carried: usize,
}

impl Run {
    /// The bits of the next block at which so many or more in a row are set. Only the last block of a chart may be shorter than others.
    fn ends(&mut self, block: u64, length: usize) -> u64 {
        let first = block.trailing_ones() as usize;
        // Runs from earlier blocks end with the first bits, the others are within this one.
        let ends = if length == 0 {
            0
        } else {
            shrunk(block, length) | span(length.saturating_sub(1 + self.carried), first)
        };
        self.carried =
            if first == BLOCK { self.carried.saturating_add(BLOCK) } else { block.leading_ones() as usize };
        ends
    }
}

/// Each bit that is set with the `length − 1` before it. A length of zero counts as one.
fn shrunk(block: u64, length: usize) -> u64 {
    if length > BLOCK {
        return 0;
    }
    let (mut ends, mut known) = (block, 1);
    while known < length {
        let step = known.min(length - known);
        ends &= ends << step;
        known += step;
    }
    ends
}

/// The bits from one to before another.
fn span(from: usize, to: usize) -> u64 {
    let below = |bit: usize| if bit >= BLOCK { u64::MAX } else { (1 << bit) - 1 };
    if from < to { below(to) & !below(from) } else { 0 }
}

/// Points beyond a distance from the centre.
struct Beyond {
    distance: f64,
    above: Run,
    below: Run,
    changes: Run,
    /// Whether the last point was above, and whether it was below.
    last: (bool, bool),
}

impl Beyond {
    fn new(distance: f64) -> Self {
        Self {
            distance,
            above: Run::default(),
            below: Run::default(),
            changes: Run::default(),
            last: (false, false),
        }
    }

    /// The points of the next block at which a rule says that too many in a row are on one side, and those at which too many are on changing
    /// sides. Where one point is enough for either, it is in a row.
    fn take(&mut self, scores: &[f64], ZoneRule { consecutive, alternating }: ZoneRule) -> (u64, u64) {
        if consecutive == 0 && alternating == 0 {
            return (0, 0);
        }
        let distance = self.distance;
        let (above, below) = wide(
            #[inline(always)]
            || (bits(scores, |score| score > distance), bits(scores, |score| score < -distance)),
        );
        let after = |side: u64, last: bool| side << 1 | u64::from(last);
        let changes = above & after(below, self.last.1) | below & after(above, self.last.0);
        self.last = (above >> (BLOCK - 1) == 1, below >> (BLOCK - 1) == 1);
        let in_a_row = self.above.ends(above, consecutive) | self.below.ends(below, consecutive);
        // The first point of those that change sides has changed from nothing.
        let in_turn = self.changes.ends(changes, alternating.saturating_sub(1));
        match (consecutive, alternating) {
            (1, 1) => (in_a_row, 0),
            (_, 1) => (in_a_row, above | below),
            _ => (in_a_row, in_turn),
        }
    }
}

/// Points that rise, and points that fall.
struct Steps {
    last: f64,
    rises: Run,
    falls: Run,
}

impl Steps {
    fn new() -> Self {
        Self { last: f64::NAN, rises: Run::default(), falls: Run::default() }
    }

    /// The points of the next block at which so many in a row rise, or fall; fewer than two points do neither.
    fn take(&mut self, scores: &[f64], points: usize) -> u64 {
        let (Some(first), Some(last)) = (scores.first(), scores.last()) else { return 0 };
        let (before, after) = (&scores[..scores.len() - 1], &scores[1..]);
        let (rises, falls) = wide(
            #[inline(always)]
            || (pairs(before, after, |one, next| next > one), pairs(before, after, |one, next| next < one)),
        );
        let (rises, falls) =
            (rises << 1 | u64::from(*first > self.last), falls << 1 | u64::from(*first < self.last));
        self.last = *last;
        let steps = points.saturating_sub(1);
        self.rises.ends(rises, steps) | self.falls.ends(falls, steps)
    }
}

#[inline(always)]
fn bits(scores: &[f64], is: impl Fn(f64) -> bool) -> u64 {
    scores.iter().enumerate().fold(0, |bits, (at, score)| bits | u64::from(is(*score)) << at)
}

#[inline(always)]
fn pairs(before: &[f64], after: &[f64], is: impl Fn(f64, f64) -> bool) -> u64 {
    let pairs = before.iter().zip(after);
    pairs.enumerate().fold(0, |bits, (at, (one, next))| bits | u64::from(is(*one, *next)) << at)
}
