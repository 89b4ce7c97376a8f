//! Zones of a control chart: how far from the centre a point lies, in standard deviations.

use serde::{Deserialize, Serialize};

/// How far from the centre. A point on a limit is within it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Zone {
    /// Up to one standard deviation.
    Zone1,
    /// More than one.
    Zone2,
    /// More than two.
    Zone3,
    /// More than three: out of control.
    Zone4,
}

impl Zone {
    /// All zones, from the centre.
    pub const ALL: [Self; 4] = [Self::Zone1, Self::Zone2, Self::Zone3, Self::Zone4];

    /// The zone of a point so many standard deviations from the centre.
    ///
    /// ```
    /// use scouter_drift::spc::Zone;
    ///
    /// assert_eq!(Zone::of(-3.0), Zone::Zone3);
    /// assert_eq!(Zone::of(3.1), Zone::Zone4);
    /// ```
    pub fn of(score: f64) -> Self {
        match score.abs() {
            far if far > 3.0 => Self::Zone4,
            far if far > 2.0 => Self::Zone3,
            far if far > 1.0 => Self::Zone2,
            _ => Self::Zone1,
        }
    }

    /// Where the zone begins, in standard deviations.
    pub fn begin(self) -> f64 {
        match self {
            Self::Zone1 => 0.0,
            Self::Zone2 => 1.0,
            Self::Zone3 => 2.0,
            Self::Zone4 => 3.0,
        }
    }

    /// On which side a point lies beyond the beginning of this zone, if it does.
    pub fn beyond(self, score: f64) -> Option<Side> {
        if score > self.begin() {
            Some(Side::Above)
        } else if score < -self.begin() {
            Some(Side::Below)
        } else {
            None
        }
    }
}

/// A side of the centre.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Greater than the centre.
    Above,
    /// Less than the centre.
    Below,
}
