//! When an index is more than chance. Without drift the index of B bins, N baseline rows and M current rows is distributed as
//! (1/M + 1/N)·χ²(B − 1). Thresholds that leave 1/N out take the baseline for the truth; where it is a sample of N = M rows
//! they alarm in 47 % of cases where 5 % are promised, and in 97 % where M = 5·N.
//! B. Yurdakul, "Statistical properties of population stability index" (2018).

use serde::{Deserialize, Serialize};
use statrs::distribution::{ChiSquared, Continuous, ContinuousCDF, Normal};

use crate::statistics::Alpha;

/// How many rows each side has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sizes {
    /// Rows of the baseline; none where it is a known distribution rather than a sample.
    pub baseline: Option<u64>,
    /// Rows that are compared with it.
    pub current: u64,
}

impl Sizes {
    fn scale(self) -> f64 {
        1.0 / self.current as f64 + self.baseline.map_or(0.0, |rows| 1.0 / rows as f64)
    }
}

/// Beyond which index a feature has drifted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Threshold {
    /// A number, whatever the sizes. 0.1 and 0.25 are customary.
    Fixed {
        /// The number.
        threshold: f64,
    },
    /// The quantile of a normal distribution with the mean and the variance of the index under no drift.
    Normal {
        /// The share of false alarms.
        alpha: Alpha,
    },
    /// The quantile of the index's own distribution under no drift.
    ChiSquare {
        /// The share of false alarms.
        alpha: Alpha,
    },
}

impl Default for Threshold {
    fn default() -> Self {
        Self::ChiSquare { alpha: Alpha::USUAL }
    }
}

impl Threshold {
    /// The index beyond which there is drift, for so many bins that take part. One bin cannot drift: its threshold is zero,
    /// as is its index.
    ///
    /// ```
    /// use scouter_drift::{psi::{Sizes, Threshold}, statistics::Alpha};
    ///
    /// let sizes = Sizes { baseline: Some(10_000), current: 1_000 };
    /// let threshold = Threshold::ChiSquare { alpha: Alpha::USUAL }.value(10, sizes);
    /// assert!((threshold - 0.0186108753651).abs() < 1e-12);
    /// ```
    pub fn value(self, bins: usize, sizes: Sizes) -> f64 {
        let degrees = bins.saturating_sub(1) as f64;
        match self {
            Self::Fixed { threshold } => threshold,
            Self::Normal { alpha } => {
                let z = Normal::standard().inverse_cdf(1.0 - alpha.get());
                sizes.scale() * (degrees + z * (2.0 * degrees).sqrt())
            }
            Self::ChiSquare { alpha } => {
                chi_square(bins).map_or(0.0, |chi_square| sizes.scale() * upper_quantile(&chi_square, alpha))
            }
        }
    }

    /// How likely an index of at least this size is without drift, by the distribution that the threshold is taken from (χ²
    /// for a fixed one). Certain for one bin.
    pub fn p_value(self, psi: f64, bins: usize, sizes: Sizes) -> f64 {
        let Some(chi_square) = chi_square(bins) else {
            return 1.0;
        };
        let degrees = (bins - 1) as f64;
        let scaled = psi / sizes.scale();
        match self {
            Self::Normal { .. } => Normal::standard().sf((scaled - degrees) / (2.0 * degrees).sqrt()),
            Self::Fixed { .. } | Self::ChiSquare { .. } => chi_square.sf(scaled),
        }
    }
}

/// The value that is exceeded with this probability, with one step of Newton's method on the tail to the last digits.
fn upper_quantile(chi_square: &ChiSquared, alpha: Alpha) -> f64 {
    let near = chi_square.inverse_cdf(1.0 - alpha.get());
    let step = (chi_square.sf(near) - alpha.get()) / chi_square.pdf(near);
    if step.is_finite() { near + step } else { near }
}

fn chi_square(bins: usize) -> Option<ChiSquared> {
    ChiSquared::new(bins.checked_sub(1)? as f64).ok()
}
