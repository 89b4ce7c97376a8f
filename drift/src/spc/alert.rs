//! What a rule says when it does not hold: which rule, which zone, which points.

use serde::{Deserialize, Serialize};

use super::Zone;

/// A rule that can be broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// So many points in a row in a zone or beyond, on one side.
    Consecutive {
        /// How many.
        points: usize,
    },
    /// So many points in a row in a zone or beyond, on changing sides.
    Alternating {
        /// How many.
        points: usize,
    },
    /// So many points in a row that rise, or that fall.
    Trend {
        /// How many.
        points: usize,
    },
    /// One of the four rules of the Western Electric handbook.
    WesternElectric {
        /// Its number.
        number: u8,
    },
    /// One of Nelson's eight tests.
    Nelson {
        /// Its number.
        number: u8,
    },
    /// The cumulative sum is beyond its decision interval.
    Cusum,
    /// The weighted average is beyond its limit.
    Ewma,
    /// A subgroup's standard deviation is beyond the limits of the S chart; of single values, the range from one to the next.
    Spread,
}

/// What sort of pattern broke a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum AlertKind {
    /// A point beyond three standard deviations, or what is made of it and those before beyond its limit.
    OutOfBounds,
    /// Too many points in one place.
    Consecutive,
    /// Points that change sides, or direction, too regularly.
    Alternating,
    /// Points that go one way.
    Trend,
    /// Values that are spread more, or less, than they were.
    Spread,
}

/// A rule that was broken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// Which rule.
    pub rule: Rule,
    /// In what way.
    pub kind: AlertKind,
    /// The zone that the rule watches; none where it watches no zone.
    pub zone: Option<Zone>,
    /// The points that broke it, by position and in order. The last is the one at which it was seen.
    pub points: Vec<usize>,
}
