//! The share of false alarms that one puts up with.

use serde::{Deserialize, Serialize};

use super::quantile::normal;

/// The share of false alarms that one puts up with, above 0 and below 1: 0.05 goes with intervals
/// that hold the truth in 95 of 100 cases.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Alpha(f64);

/// A level that is not above 0 and below 1.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("take `{0}` as a level: it must be above 0 and below 1")]
pub struct NotAlpha(f64);

impl Alpha {
    /// The level of custom, 0.05.
    pub const USUAL: Self = Self(0.05);

    /// A level.
    ///
    /// # Errors
    /// Where it is not above 0 and below 1.
    pub fn new(level: f64) -> Result<Self, NotAlpha> {
        if level > 0.0 && level < 1.0 { Ok(Self(level)) } else { Err(NotAlpha(level)) }
    }

    /// The level as a number.
    pub fn get(self) -> f64 {
        self.0
    }

    /// The level of each of several tests that together keep to this one (Bonferroni).
    #[must_use]
    pub fn shared_by(self, tests: usize) -> Self {
        Self(self.0 / tests.max(1) as f64)
    }

    /// How many standard errors from 0 a normal deviate stays in all but this share of cases, on
    /// both sides together: 1.96 for 0.05.
    pub fn z(self) -> f64 {
        normal(1.0 - self.0 / 2.0)
    }
}

impl Default for Alpha {
    fn default() -> Self {
        Self::USUAL
    }
}

impl TryFrom<f64> for Alpha {
    type Error = NotAlpha;

    fn try_from(level: f64) -> Result<Self, NotAlpha> {
        Self::new(level)
    }
}

impl From<Alpha> for f64 {
    fn from(alpha: Alpha) -> Self {
        alpha.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_is_above_0_and_below_1() {
        for wrong in [0.0, 1.0, -0.1, f64::NAN, f64::INFINITY] {
            assert!(Alpha::new(wrong).is_err(), "{wrong}");
        }
        assert_eq!(Alpha::new(0.1).map(Alpha::get), Ok(0.1));
    }

    #[test]
    fn the_usual_level_is_1_96_standard_errors() {
        assert!((Alpha::USUAL.z() - 1.959_963_984_540_054).abs() < 1e-12);
    }
}
