//! The cumulative sum chart, which finds small lasting changes: C⁺ = max(0, C⁺ + z − k), C⁻ = max(0, C⁻ − z − k), an alarm where
//! either is beyond h. With k = ½ and h = 5 it alarms falsely every 465 points and finds a change of one standard deviation
//! after 10. D. Montgomery, "Introduction to statistical quality control", section 9.1. The state is a sequence's: it is kept
//! and continued, and does not merge.

use serde::{Deserialize, Serialize};

use super::{Alert, AlertKind, Rule, SettingError, Side};

/// How a cumulative sum chart is set.
///
/// ```
/// use scouter_drift::spc::Cusum;
///
/// let seen: Vec<_> = Cusum::default().alerts(&[-1.0, 0.2, 1.9, 2.5, 2.8, -1.0]).map(|alert| alert.points).collect();
/// assert_eq!(seen, [vec![2, 3, 4]]);
/// assert!(Cusum::new(0.5, 0.0).is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Kept")]
pub struct Cusum {
    reference: f64,
    decision: f64,
}

/// What it looks like when it is kept.
#[derive(Deserialize)]
struct Kept {
    reference: f64,
    decision: f64,
}

impl TryFrom<Kept> for Cusum {
    type Error = SettingError;

    fn try_from(kept: Kept) -> Result<Self, SettingError> {
        Self::new(kept.reference, kept.decision)
    }
}

impl Default for Cusum {
    fn default() -> Self {
        Self { reference: 0.5, decision: 5.0 }
    }
}

impl Cusum {
    /// A chart with these settings: k, half the change to find, and h, the sum that is too much, both in standard deviations.
    ///
    /// # Errors
    /// k is below 0, h is not above 0, or one of them is no finite number.
    pub fn new(reference: f64, decision: f64) -> Result<Self, SettingError> {
        if !(reference >= 0.0 && reference.is_finite()) {
            return Err(SettingError::Reference(reference));
        }
        if !(decision > 0.0 && decision.is_finite()) {
            return Err(SettingError::Decision(decision));
        }
        Ok(Self { reference, decision })
    }

    /// A chart without points.
    pub fn begin(self) -> CusumChart {
        CusumChart { of: self, high: 0.0, low: 0.0 }
    }

    /// An alert for every point, so many standard deviations from the centre, at which a sum is too much. The first has all points
    /// since that sum was zero, for with them the change began.
    pub fn alerts(self, scores: &[f64]) -> impl Iterator<Item = Alert> {
        let mut chart = self.begin();
        let (mut high_from, mut low_from) = (0, 0);
        scores.iter().enumerate().filter_map(move |(at, score)| {
            let side = chart.push(*score);
            for (sum, from) in [(chart.high, &mut high_from), (chart.low, &mut low_from)] {
                if sum <= 0.0 {
                    *from = at + 1;
                }
            }
            let from = match side? {
                Side::Above => &mut high_from,
                Side::Below => &mut low_from,
            };
            let points = (*from..=at).collect();
            *from = at + 1;
            Some(Alert { rule: Rule::Cusum, kind: AlertKind::OutOfBounds, zone: None, points })
        })
    }
}

/// A running chart.
///
/// ```
/// use scouter_drift::spc::{Cusum, Side};
///
/// let mut chart = Cusum::default().begin();
/// let alarms: Vec<_> = [1.0; 12].iter().map(|z| chart.push(*z)).collect();
/// assert_eq!(alarms.iter().position(Option::is_some), Some(10));
/// assert_eq!(alarms[10], Some(Side::Above));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CusumChart {
    of: Cusum,
    high: f64,
    low: f64,
}

impl CusumChart {
    /// Takes in the next point, so many standard deviations from the centre, and tells on which side the sum is beyond the
    /// decision interval. What is not a number is left out.
    pub fn push(&mut self, score: f64) -> Option<Side> {
        if !score.is_nan() {
            // A score can be as far away as a number can say, and sums stay numbers.
            self.high = (self.high + score - self.of.reference).clamp(0.0, f64::MAX);
            self.low = (self.low - score - self.of.reference).clamp(0.0, f64::MAX);
        }
        if self.high > self.of.decision {
            Some(Side::Above)
        } else if self.low > self.of.decision {
            Some(Side::Below)
        } else {
            None
        }
    }

    /// Both sums: C⁺ and C⁻.
    pub fn sums(&self) -> (f64, f64) {
        (self.high, self.low)
    }
}
