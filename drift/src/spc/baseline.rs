//! Limits of a control chart, from the grand mean x̿ and the mean standard deviation s̄ of subgroups of n values:
//!
//! ```text
//! σ̂ = s̄/c₄(n)
//! subgroup means   x̿ ± k·σ̂/√n              (3/(c₄√n) is the A₃ of the tables)
//! individual       x̿ ± k·σ̂                 (wide limits, for single values)
//! S chart          s̄ ± 3·s̄·√(1 − c₄²)/c₄    (B₃ and B₄), not below zero
//! ```
//!
//! A chart of single values (n = 1) has no deviation within subgroups. It takes the mean R̄ of the moving ranges |xᵢ − xᵢ₋₁| in its place:
//!
//! ```text
//! σ̂ = R̄/d₂                                  d₂ = 2/√π = 1.128
//! single values    x̄ ± k·σ̂                  (3/d₂ = 2.66)
//! moving ranges    0 and R̄·(1 + 3·d₃/d₂)     d₃ = √(2 − 4/π) = 0.853 (D₄ = 3.267)
//! ```
//!
//! D. Montgomery, "Introduction to statistical quality control", chapter 6.

use serde::{Deserialize, Serialize};

use super::{
    Subgroups, c4,
    constants::{D2, D3},
    form::Kept,
    sample_size,
};
use crate::{
    Absent,
    column::{Column, Unit},
};

/// What the limits are limits of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limits {
    /// The means of subgroups, which vary √n times less than values do: the textbook's.
    #[default]
    SubgroupMeans,
    /// Single values. Means of subgroups stay within them even where the process has moved far.
    Individual,
}

/// A feature as it was: centre and limits of its chart.
///
/// ```
/// use scouter_drift::spc::{Limits, SpcBaseline, Subgroups};
///
/// let groups = Subgroups::of(&[9.9, 10.1, 10.0, 10.2, 10.3, 9.8, 9.9, 10.0][..], 4);
/// let baseline = SpcBaseline::new(&groups, Limits::SubgroupMeans)?;
/// assert!((baseline.center - 10.025).abs() < 1e-12);
/// # Ok::<(), scouter_drift::Absent>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Kept", into = "Kept")]
pub struct SpcBaseline {
    /// The grand mean.
    pub center: f64,
    /// One standard deviation above the centre.
    pub one_ucl: f64,
    /// One below.
    pub one_lcl: f64,
    /// Two above.
    pub two_ucl: f64,
    /// Two below.
    pub two_lcl: f64,
    /// Three above.
    pub three_ucl: f64,
    /// Three below.
    pub three_lcl: f64,
    /// What the limits are limits of.
    pub limits: Limits,
    /// What its values are.
    pub unit: Unit,
    /// Values in each subgroup; one for a chart of single values.
    pub sample_size: usize,
    /// Subgroups that the baseline was taken from.
    pub subgroups: u64,
    /// The mean standard deviation of subgroups, which is the centre of the S chart; of single values the mean moving range.
    pub mean_deviation: f64,
    /// The upper limit of the S chart, or of the chart of moving ranges.
    pub deviation_ucl: f64,
    /// The lower limit of the S chart, or of the chart of moving ranges.
    pub deviation_lcl: f64,
}

impl SpcBaseline {
    /// The baseline of a column, in subgroups of this size, or of the size that fits its number of rows ([`sample_size`]) where none is
    /// given.
    ///
    /// ```
    /// use scouter_drift::spc::{Limits, SpcBaseline};
    ///
    /// let rows: Vec<f64> = (0..100).map(|i| f64::from(i % 7)).collect();
    /// assert_eq!(SpcBaseline::of_numbers(&rows[..], None, Limits::default())?.sample_size, 4);
    /// # Ok::<(), scouter_drift::Absent>(())
    /// ```
    ///
    /// # Errors
    /// As those of [`SpcBaseline::new`].
    pub fn of_numbers(
        column: &(impl Column + ?Sized),
        size: Option<usize>,
        limits: Limits,
    ) -> Result<Self, Absent> {
        let size = size.unwrap_or_else(|| sample_size(column.rows() as u64));
        Self::new(&Subgroups::of(column, size), limits)
    }

    /// Centre and limits from a baseline's subgroups.
    ///
    /// # Errors
    /// No subgroup is complete, there is but one single value, or a limit is beyond the largest number.
    pub fn new(groups: &Subgroups, limits: Limits) -> Result<Self, Absent> {
        let (center, mean_deviation) = (groups.grand_mean()?, groups.mean_deviation()?);
        let (sigma, spread) = match groups.size() {
            1 => (mean_deviation / D2, 3.0 * mean_deviation * D3 / D2),
            size => {
                let c4 = c4(size);
                (mean_deviation / c4, 3.0 * mean_deviation * (1.0 - c4 * c4).sqrt() / c4)
            }
        };
        let unit = match limits {
            Limits::SubgroupMeans => sigma / (groups.size() as f64).sqrt(),
            Limits::Individual => sigma,
        };
        let furthest = center.abs() + 3.0 * unit;
        if !(furthest.is_finite() && (mean_deviation + spread).is_finite()) {
            return Err(Absent::Overflow);
        }
        Ok(Self {
            center,
            one_ucl: center + unit,
            one_lcl: center - unit,
            two_ucl: center + 2.0 * unit,
            two_lcl: center - 2.0 * unit,
            three_ucl: center + 3.0 * unit,
            three_lcl: center - 3.0 * unit,
            limits,
            unit: Unit::Number,
            sample_size: groups.size(),
            subgroups: groups.count(),
            mean_deviation,
            deviation_ucl: mean_deviation + spread,
            deviation_lcl: (mean_deviation - spread).max(0.0),
        })
    }

    /// The same, of values that are this.
    #[must_use]
    pub fn of_unit(self, unit: Unit) -> Self {
        Self { unit, ..self }
    }

    /// How many standard deviations a subgroup's mean is from the centre. Where the baseline had no deviation but that of rounding,
    /// a mean that differs by more than rounding is as many away as a number can say.
    pub fn score(&self, mean: f64) -> f64 {
        let distance = mean - self.center;
        let unit = (self.three_ucl - self.three_lcl) / 6.0;
        if unit > self.rounding() {
            distance / unit
        } else if distance.abs() <= self.rounding() {
            0.0
        } else {
            distance.signum() * f64::MAX
        }
    }

    /// What rounding alone can make of equal values.
    pub(super) fn rounding(&self) -> f64 {
        8.0 * f64::EPSILON * self.center.abs()
    }
}
