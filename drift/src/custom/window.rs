//! What the values of a window come to. States of consecutive windows merge.

use serde::{Deserialize, Serialize};

use crate::{
    Absent,
    sample::{Extent, Moments},
    sketch::QuantileState,
};

/// How a window's values become one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Aggregation {
    /// The arithmetic mean.
    #[default]
    Mean,
    /// A quantile, by a probability between 0 and 1.
    Quantile {
        /// The probability.
        probability: f64,
    },
    /// The newest value.
    Last,
    /// The least value.
    Min,
    /// The greatest value.
    Max,
    /// How many values there are.
    Count,
}

/// The values of a metric over some time. Missing and infinite ones are counted and otherwise left out.
///
/// ```
/// use scouter_drift::custom::{Aggregation, Window};
///
/// let mut window = Window::default();
/// window.add(&[0.9, 0.7, f64::NAN, 0.8]);
/// assert_eq!(window.value(Aggregation::Min), Ok(0.7));
/// assert_eq!(window.value(Aggregation::Last), Ok(0.8));
/// assert_eq!(window.value(Aggregation::Count), Ok(3.0));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Window {
    extent: Extent,
    moments: Moments,
    quantiles: QuantileState,
    last: Option<f64>,
}

impl Window {
    /// Takes in values in their order.
    pub fn add(&mut self, values: &[f64]) {
        self.extent.add(values);
        self.moments.add(values);
        self.quantiles.add(values);
        self.last = values.iter().rev().copied().find(|v| v.is_finite()).or(self.last);
    }

    /// Takes in the window that follows.
    pub fn merge(&mut self, later: &Self) {
        self.extent.merge(&later.extent);
        self.moments.merge(&later.moments);
        self.quantiles.merge(&later.quantiles);
        self.last = later.last.or(self.last);
    }

    /// How many finite values there are.
    pub fn count(&self) -> u64 {
        self.extent.finite()
    }

    /// What the values come to.
    ///
    /// # Errors
    /// There is no finite value, except for their count.
    pub fn value(&self, aggregation: Aggregation) -> Result<f64, Absent> {
        if aggregation == Aggregation::Count {
            return Ok(self.count() as f64);
        }
        let (min, max) = self.extent.range()?;
        match aggregation {
            Aggregation::Min => Ok(min),
            Aggregation::Max => Ok(max),
            Aggregation::Last => self.last.ok_or(Absent::NoFinite),
            Aggregation::Quantile { probability } => {
                self.quantiles.quantiles(&[probability]).map(|found| found[0])
            }
            Aggregation::Mean | Aggregation::Count => self.moments.mean(),
        }
    }
}
