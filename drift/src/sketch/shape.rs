//! Where the values of a column lie that is read in parts.

use serde::{Deserialize, Serialize, de::Error as _};

use super::QuantileState;
use crate::{
    Absent,
    sample::{Extent, Moments},
};

/// Extent, moments and quantiles of a column: all that its bins are made of.
///
/// ```
/// use scouter_drift::sketch::Shape;
///
/// let mut shape = Shape::default();
/// shape.add(&[1.0, 2.0, f64::NAN]);
/// shape.add(&[3.0, 6.0]);
/// assert_eq!(shape.counts_between(&[2.0, 5.0]), Ok(vec![2, 1, 1]));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Form")]
pub struct Shape {
    extent: Extent,
    moments: Moments,
    quantiles: QuantileState,
}

impl Shape {
    /// Takes in a chunk; NaN is missing.
    pub fn add(&mut self, chunk: &[f64]) {
        self.extent.add(chunk);
        self.moments.add(chunk);
        self.quantiles.add(chunk);
    }

    /// Takes in so many rows without a value.
    pub fn add_missing(&mut self, rows: u64) {
        self.extent.add_missing(rows);
    }

    /// Takes in another part.
    pub fn merge(&mut self, other: &Self) {
        self.extent.merge(&other.extent);
        self.moments.merge(&other.moments);
        self.quantiles.merge(&other.quantiles);
    }

    /// Rows by the sort of their value, and the limits of the finite ones.
    pub fn extent(&self) -> &Extent {
        &self.extent
    }

    /// Mean and central sums.
    pub fn moments(&self) -> &Moments {
        &self.moments
    }

    /// The values, all or as a sketch.
    pub fn quantiles(&self) -> &QuantileState {
        &self.quantiles
    }

    /// How many finite values lie in each bin between ascending edges; near, to within the sketch's error, where there are many.
    ///
    /// # Errors
    /// There is no finite value.
    pub fn counts_between(&self, edges: &[f64]) -> Result<Vec<u64>, Absent> {
        self.extent.range()?;
        let values = self.extent.finite();
        let mut below = 0;
        let ends = self.quantiles.shares(edges)?.into_iter().chain([1.0]);
        let counts = ends.map(|share| {
            let end = rows(share, values);
            let count = end.saturating_sub(below);
            below = end;
            count
        });
        Ok(counts.collect())
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of a count is within it"
)]
fn rows(share: f64, values: u64) -> u64 {
    (share * values as f64).round() as u64
}

/// What was kept, as it is read.
#[derive(Deserialize)]
struct Form {
    extent: Extent,
    moments: Moments,
    quantiles: QuantileState,
}

impl TryFrom<Form> for Shape {
    type Error = serde::de::value::Error;

    fn try_from(Form { extent, moments, quantiles }: Form) -> Result<Self, Self::Error> {
        let counts = [extent.finite(), moments.count(), quantiles.count()];
        if counts[1..].iter().all(|count| *count == counts[0]) {
            Ok(Self { extent, moments, quantiles })
        } else {
            Err(Self::Error::custom(format_args!("a column counts its values differently: {counts:?}")))
        }
    }
}
