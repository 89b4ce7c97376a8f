//! The chart of exponentially weighted averages: E = λ·z + (1 − λ)·E, an alarm where |E| is beyond
//! L·√(λ/(2 − λ)·(1 − (1 − λ)^2t)) at the t-th point. λ = 0.1 with L = 2.814 and λ = 0.4 with L = 3.054 alarm falsely about
//! every 500 points. Lucas and Saccucci, Technometrics 32 (1990); D. Montgomery, "Introduction to statistical quality control",
//! section 9.2. The state is a sequence's: it is kept and continued, and does not merge.

use serde::{Deserialize, Serialize};

use super::Side;

/// A running chart.
///
/// ```
/// use scouter_drift::spc::Ewma;
///
/// let mut chart = Ewma::default();
/// assert_eq!(chart.push(1.0), None);
/// assert!((chart.average - 0.1).abs() < 1e-15);
/// assert!((chart.limit() - 0.2814).abs() < 1e-12);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Ewma {
    /// λ: the weight of the newest point, above 0 and not above 1.
    pub weight: f64,
    /// L: the limits' distance in standard deviations of the average.
    pub width: f64,
    /// E.
    pub average: f64,
    /// t.
    pub points: u64,
}

impl Default for Ewma {
    fn default() -> Self {
        Self { weight: 0.1, width: 2.814, average: 0.0, points: 0 }
    }
}

impl Ewma {
    /// Takes in the next point, so many standard deviations from the centre, and tells on which side the average is beyond its
    /// limit. What is not a number is left out.
    pub fn push(&mut self, score: f64) -> Option<Side> {
        if !score.is_nan() {
            self.average += self.weight * (score - self.average);
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

    /// How far from zero the average may be at the present point.
    pub fn limit(&self) -> f64 {
        let settled = 1.0 - (1.0 - self.weight).powf(2.0 * self.points as f64);
        self.width * (self.weight / (2.0 - self.weight) * settled).sqrt()
    }
}
