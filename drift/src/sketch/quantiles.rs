//! Quantiles of a column that is read in parts: exact while it is short, then by a sketch.

use serde::{Deserialize, Serialize};

use super::Kll;
use crate::{
    Absent,
    sample::{Cut, cut_of_sorted},
};

/// The finite values of a column, all or as a sketch.
///
/// ```
/// use scouter_drift::sketch::QuantileState;
///
/// let mut state = QuantileState::default();
/// state.add(&[4.0, f64::NAN, 1.0]);
/// state.add(&[2.0, 3.0]);
/// assert_eq!(state.quantiles(&[0.5])?, [2.5]);
/// assert_eq!(state.rank_error(), 0.0);
/// # Ok::<(), scouter_drift::Absent>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuantileState {
    /// All values, in no order.
    Exact(Vec<f64>),
    /// A sketch of them.
    Sketch(Kll),
}

impl Default for QuantileState {
    fn default() -> Self {
        Self::Exact(Vec::new())
    }
}

impl QuantileState {
    /// Up to this many values, all are kept.
    pub const MOST_EXACT: usize = 1 << 14;

    /// Takes in the finite values of a chunk.
    pub fn add(&mut self, chunk: &[f64]) {
        let finite = chunk.iter().copied().filter(|v| v.is_finite());
        match self {
            Self::Exact(values) => {
                values.extend(finite);
                self.bound();
            }
            Self::Sketch(sketch) => sketch.add(finite),
        }
    }

    /// Takes in another part.
    pub fn merge(&mut self, other: &Self) {
        match other {
            Self::Exact(values) => self.add(values),
            Self::Sketch(theirs) => match self {
                Self::Sketch(ours) => ours.merge(theirs),
                Self::Exact(values) => {
                    let values = std::mem::take(values);
                    let mut sketch = theirs.clone();
                    sketch.add(values);
                    *self = Self::Sketch(sketch);
                }
            },
        }
    }

    fn bound(&mut self) {
        if let Self::Exact(values) = self
            && values.len() > Self::MOST_EXACT
        {
            let mut sketch = Kll::default();
            sketch.add(std::mem::take(values));
            *self = Self::Sketch(sketch);
        }
    }

    /// How many values were taken in.
    pub(super) fn count(&self) -> u64 {
        match self {
            Self::Exact(values) => values.len() as u64,
            Self::Sketch(sketch) => sketch.count(),
        }
    }

    /// How many values are kept.
    pub fn kept(&self) -> usize {
        match self {
            Self::Exact(values) => values.len(),
            Self::Sketch(sketch) => sketch.kept(),
        }
    }

    /// By how much the rank of a quantile may be off, as a share of all values: nothing while all are kept.
    pub fn rank_error(&self) -> f64 {
        match self {
            Self::Exact(_) => 0.0,
            Self::Sketch(_) => Kll::RANK_ERROR,
        }
    }

    /// Quantiles, of type 7 while all values are kept, in the order in which they are asked for.
    ///
    /// # Errors
    /// There is no finite value.
    pub fn quantiles(&self, probabilities: &[f64]) -> Result<Vec<f64>, Absent> {
        Ok(self.cuts(probabilities)?.into_iter().map(|cut| cut.quantile).collect())
    }

    pub(crate) fn cuts(&self, probabilities: &[f64]) -> Result<Vec<Cut>, Absent> {
        match self {
            Self::Exact(values) if values.is_empty() => Err(Absent::NoFinite),
            Self::Exact(values) => {
                let mut values = values.clone();
                values.sort_unstable_by(f64::total_cmp);
                Ok(probabilities.iter().filter_map(|p| cut_of_sorted(&values, *p)).collect())
            }
            Self::Sketch(sketch) => {
                let values = sketch.quantiles(probabilities).into_iter();
                Ok(values.map(|value| Cut { value, quantile: value }).collect())
            }
        }
    }

    /// For each edge, in ascending order, the share of values that are not greater.
    ///
    /// # Errors
    /// There is no finite value.
    pub fn shares(&self, edges: &[f64]) -> Result<Vec<f64>, Absent> {
        match self {
            Self::Exact(values) if values.is_empty() => Err(Absent::NoFinite),
            Self::Exact(values) => {
                let mut values = values.clone();
                values.sort_unstable_by(f64::total_cmp);
                let n = values.len() as f64;
                Ok(edges.iter().map(|edge| values.partition_point(|v| v <= edge) as f64 / n).collect())
            }
            Self::Sketch(sketch) => Ok(sketch.shares(edges)),
        }
    }
}
