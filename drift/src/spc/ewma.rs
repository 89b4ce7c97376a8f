//! The chart of exponentially weighted averages: E = λ·z + (1 − λ)·E, an alarm where |E| is beyond
//! L·√(λ/(2 − λ)·(1 − (1 − λ)^2t)) at the t-th point. λ = 0.1 with L = 2.814 and λ = 0.4 with L = 3.054 alarm falsely about
//! every 500 points. Lucas and Saccucci, Technometrics 32 (1990); D. Montgomery, "Introduction to statistical quality control",
//! section 9.2. The state is a sequence's: it is kept and continued, and does not merge.

use serde::{Deserialize, Serialize};

use super::{Alert, AlertKind, Rule, SettingError, Side};

/// How a chart of weighted averages is set.
///
/// ```
/// use scouter_drift::spc::Ewma;
///
/// let seen: Vec<_> = Ewma::default().alerts(&[0.3, 1.8, 2.2, 1.9, 2.4]).map(|alert| alert.points).collect();
/// assert_eq!(seen, [[3], [4]]);
/// assert!(Ewma::new(0.0, 3.0).is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Kept")]
pub struct Ewma {
    weight: f64,
    width: f64,
}

/// What it looks like when it is kept.
#[derive(Deserialize)]
struct Kept {
    weight: f64,
    width: f64,
}

impl TryFrom<Kept> for Ewma {
    type Error = SettingError;

    fn try_from(kept: Kept) -> Result<Self, SettingError> {
        Self::new(kept.weight, kept.width)
    }
}

impl Default for Ewma {
    fn default() -> Self {
        Self { weight: 0.1, width: 2.814 }
    }
}

impl Ewma {
    /// A chart with these settings: λ, the weight of the newest point, and L, how far its limits are from the centre in standard
    /// deviations of the average.
    ///
    /// # Errors
    /// λ is not above 0 or is above 1, or L is no finite number above 0.
    pub fn new(weight: f64, width: f64) -> Result<Self, SettingError> {
        if !(weight > 0.0 && weight <= 1.0) {
            return Err(SettingError::Weight(weight));
        }
        if !(width > 0.0 && width.is_finite()) {
            return Err(SettingError::Width(width));
        }
        Ok(Self { weight, width })
    }

    /// A chart without points.
    pub fn begin(self) -> EwmaChart {
        EwmaChart { of: self, average: 0.0, points: 0 }
    }

    /// An alert for every point, so many standard deviations from the centre, at which the average is beyond its limit.
    pub fn alerts(self, scores: &[f64]) -> impl Iterator<Item = Alert> {
        let mut chart = self.begin();
        scores.iter().enumerate().filter_map(move |(at, score)| {
            chart.push(*score)?;
            Some(Alert { rule: Rule::Ewma, kind: AlertKind::OutOfBounds, zone: None, points: vec![at] })
        })
    }
}

/// A running chart.
///
/// ```
/// use scouter_drift::spc::Ewma;
///
/// let mut chart = Ewma::default().begin();
/// assert_eq!(chart.push(1.0), None);
/// assert!((chart.average() - 0.1).abs() < 1e-15);
/// assert!((chart.limit() - 0.2814).abs() < 1e-12);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EwmaChart {
    of: Ewma,
    average: f64,
    points: u64,
}

impl EwmaChart {
    /// Takes in the next point, so many standard deviations from the centre, and tells on which side the average is beyond its
    /// limit. What is not a number is left out.
    pub fn push(&mut self, score: f64) -> Option<Side> {
        if !score.is_nan() {
            let weight = self.of.weight;
            self.average = weight * score + (1.0 - weight) * self.average;
            self.points += 1;
        }
        if self.average > self.limit() {
            Some(Side::Above)
        } else if self.average < -self.limit() {
            Some(Side::Below)
        } else {
            None
        }
    }

    /// E, the average.
    pub fn average(&self) -> f64 {
        self.average
    }

    /// How far from zero the average may be at the present point.
    pub fn limit(&self) -> f64 {
        let Ewma { weight, width } = self.of;
        let settled = 1.0 - (1.0 - weight).powf(2.0 * self.points as f64);
        width * (weight / (2.0 - weight) * settled).sqrt()
    }
}
