//! From a column to its bins.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{
    EqualWidth, NumericBins,
    known::{Known, Whole},
    width::MOST_BINS,
};
use crate::{
    Absent,
    column::Column,
    sample::{Cut, Extent},
};

/// How numbers are cut into bins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Binning {
    /// Bins with the same number of rows, by quantiles of type 7. Where values repeat so often that no row lies
    /// between two edges, bins are merged.
    Quantile {
        /// How many bins are wanted; at most 10,000.
        num_bins: usize,
    },
    /// Bins of the same width between the least and the greatest value.
    EqualWidth {
        /// The rule for their number.
        method: EqualWidth,
    },
}

/// A single bin, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("`num_bins` is `{0}`: it must be 2 or more, since no number drifts out of a single bin")]
pub struct SingleBin(usize);

impl Default for Binning {
    fn default() -> Self {
        Self::Quantile { num_bins: 10 }
    }
}

impl Binning {
    /// Whether a profile is to be made by it. One that an earlier version made by a single bin is read all the same.
    ///
    /// # Errors
    /// It asks for a single bin, or for none.
    pub fn check(self) -> Result<(), SingleBin> {
        match self {
            Self::Quantile { num_bins } | Self::EqualWidth { method: EqualWidth::Manual { num_bins } }
                if num_bins < 2 =>
            {
                Err(SingleBin(num_bins))
            }
            _ => Ok(()),
        }
    }

    /// The bins of a column, and how many the rule wanted (more, where some were merged).
    ///
    /// A column in which all values are equal gets three bins: below its value, the value, and above it, so that any change
    /// is seen. So does one in which a single value is so frequent that all quantiles fall on it.
    ///
    /// ```
    /// use scouter_drift::{psi::Binning, sample::Extent};
    ///
    /// let values = [0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 3.0, 10.0];
    /// let (bins, wanted) = Binning::default().bins(&values[..], &Extent::of(&values[..]))?;
    /// assert_eq!(wanted, 10);
    /// assert_eq!(bins.len(), 5); // four deciles are zero, one lies between 0 and 1
    /// # Ok::<(), scouter_drift::Absent>(())
    /// ```
    ///
    /// # Errors
    /// There is no finite value.
    pub fn bins(
        self,
        column: &(impl Column + ?Sized),
        extent: &Extent,
    ) -> Result<(NumericBins, usize), Absent> {
        self.bins_of(&Whole { column, extent })
    }

    pub(super) fn bins_of(self, known: &impl Known) -> Result<(NumericBins, usize), Absent> {
        let (min, max) = known.extent().range()?;
        if min >= max {
            return Ok((NumericBins::new(around(min)), 3));
        }
        let (edges, wanted): (Vec<f64>, _) = match self {
            Self::Quantile { num_bins } => {
                let wanted = num_bins.clamp(1, MOST_BINS);
                let probabilities: Vec<f64> = (1..wanted).map(|i| i as f64 / wanted as f64).collect();
                let mut cuts = known.cuts(&probabilities)?;
                if let Some(value) = frequent(&cuts, max) {
                    return Ok((NumericBins::new(around(value)), wanted));
                }
                cuts.dedup_by(|later, earlier| later.value <= earlier.value);
                (cuts.into_iter().map(|cut| cut.quantile).collect(), wanted)
            }
            Self::EqualWidth { method } => {
                let wanted = method.bins_of(known)?;
                (even_edges(min, max, wanted), wanted)
            }
        };
        // Nothing of the baseline lies above its greatest value.
        Ok((NumericBins::new(edges.into_iter().filter(|edge| *edge < max)), wanted))
    }
}

/// The value on which all quantiles fall. A single quantile is a value of its own anyway, unless nothing lies above it.
fn frequent(cuts: &[Cut], max: f64) -> Option<f64> {
    let (first, last) = (cuts.first()?.quantile, cuts.last()?.quantile);
    (first >= last && (cuts.len() > 1 || first >= max)).then_some(first)
}

/// Edges that give a value a bin of its own.
fn around(value: f64) -> [f64; 2] {
    [value.next_down(), value]
}

/// The inner edges of equally wide bins.
pub(crate) fn even_edges(min: f64, max: f64, bins: usize) -> Vec<f64> {
    let width = max - min;
    (1..bins)
        .map(|i| {
            let share = i as f64 / bins as f64;
            if width.is_finite() { min + width * share } else { min * (1.0 - share) + max * share }
        })
        .collect()
}
