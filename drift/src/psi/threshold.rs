//! When an index is more than chance. Without drift the index of B bins, N baseline rows and M current rows is distributed as
//! (1/M + 1/N)·χ²(B − 1). Thresholds that leave 1/N out take the baseline for the truth; where it is a sample of N = M rows
//! they alarm in 47 % of cases where 5 % are promised, and in 97 % where M = 5·N.
//! B. Yurdakul, "Statistical properties of population stability index" (2018).
//!
//! That is the distribution where every bin has many rows. Where bins have few, logarithms of small counts make the index larger
//! than it says (ten bins and 50 rows: 8 % of false alarms in place of 5 %), and half a row for empty ones makes it smaller. So what
//! has drifted is not told by the index but by Pearson's test of the same counts ([`homogeneity`](crate::methods::homogeneity)), whose
//! statistic is the index over (1/M + 1/N) where there are many rows, and which holds its level where there are few.

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
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
        /// The number, above 0.
        #[serde(deserialize_with = "above_zero")]
        threshold: f64,
    },
    /// The quantile of a normal distribution with the mean and the variance that the index has under no drift where every bin has many
    /// rows. A short cut of other tools; it alarms more often than it says where bins are few or have few rows.
    Normal {
        /// The share of false alarms.
        alpha: Alpha,
    },
    /// Pearson's test of the same counts. The threshold of the index is where both are the same, as they are where every bin has many
    /// rows.
    ChiSquare {
        /// The share of false alarms.
        alpha: Alpha,
    },
}

fn above_zero<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    let threshold = f64::deserialize(deserializer)?;
    if threshold > 0.0 && threshold.is_finite() {
        Ok(threshold)
    } else {
        Err(D::Error::custom(format_args!("`threshold` is `{threshold}`: it must be a number above 0")))
    }
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
}

/// How likely an index of at least this size is by the normal distribution; certain for one bin.
pub(super) fn normal_p_value(psi: f64, bins: usize, sizes: Sizes) -> f64 {
    let degrees = bins.saturating_sub(1) as f64;
    if degrees > 0.0 {
        Normal::standard().sf((psi / sizes.scale() - degrees) / (2.0 * degrees).sqrt())
    } else {
        1.0
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
