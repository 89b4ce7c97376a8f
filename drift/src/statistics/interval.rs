//! Bounds between which a value lies, at a level that was asked for.

use serde::{Deserialize, Serialize};

/// A closed interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// The lower bound.
    pub low: f64,
    /// The upper bound.
    pub high: f64,
}

impl Interval {
    /// The interval of this half width around a value.
    pub fn around(middle: f64, half_width: f64) -> Self {
        Self { low: middle - half_width, high: middle + half_width }
    }

    /// Whether a value lies in it, bounds included.
    pub fn contains(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }

    /// Whether it reaches nowhere further from 0 than this.
    pub fn is_within(&self, distance: f64) -> bool {
        self.low >= -distance && self.high <= distance
    }

    /// How wide it is.
    pub fn width(&self) -> f64 {
        self.high - self.low
    }
}
