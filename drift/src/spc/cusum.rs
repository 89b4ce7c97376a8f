//! The cumulative sum chart, which finds small lasting changes: C⁺ = max(0, C⁺ + z − k), C⁻ = max(0, C⁻ − z − k), an alarm where
//! either is beyond h. With k = ½ and h = 5 it alarms falsely every 465 points and finds a change of one standard deviation
//! after 10. D. Montgomery, "Introduction to statistical quality control", section 9.1. The state is a sequence's: it is kept
//! and continued, and does not merge.

use serde::{Deserialize, Serialize};

use super::Side;

/// A running chart.
///
/// ```
/// use scouter_drift::spc::{Cusum, Side};
///
/// let mut chart = Cusum::default();
/// let alarms: Vec<_> = [1.0; 12].iter().map(|z| chart.push(*z)).collect();
/// assert_eq!(alarms.iter().position(Option::is_some), Some(10));
/// assert_eq!(alarms[10], Some(Side::Above));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Cusum {
    /// k: half the change to find, in standard deviations.
    pub reference: f64,
    /// h: the sum that is too much.
    pub decision: f64,
    /// C⁺.
    pub high: f64,
    /// C⁻.
    pub low: f64,
}

impl Default for Cusum {
    fn default() -> Self {
        Self { reference: 0.5, decision: 5.0, high: 0.0, low: 0.0 }
    }
}

impl Cusum {
    /// Takes in the next point, so many standard deviations from the centre, and tells on which side the sum is beyond the
    /// decision interval. What is not a number is left out.
    pub fn push(&mut self, score: f64) -> Option<Side> {
        if !score.is_nan() {
            self.high = (self.high + score - self.reference).max(0.0);
            self.low = (self.low - score - self.reference).max(0.0);
        }
        if self.high > self.decision {
            Some(Side::Above)
        } else if self.low > self.decision {
            Some(Side::Below)
        } else {
            None
        }
    }
}
