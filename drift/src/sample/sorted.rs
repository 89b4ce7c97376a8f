//! A sample in order, which methods that compare whole distributions read. Samples of parts merge to that of the whole.

use serde::{Deserialize, Serialize};

use super::{Moments, quantile_of_sorted};
use crate::{Absent, column::Column};

/// The finite values of a column in ascending order, and how many others there were.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Sorted {
    values: Vec<f64>,
    left_out: u64,
}

impl Sorted {
    /// Takes the finite values of a column and sorts them.
    pub fn of(column: &(impl Column + ?Sized)) -> Self {
        let mut values = Vec::with_capacity(column.rows());
        column.each_chunk(&mut |chunk| values.extend(chunk.iter().filter(|v| v.is_finite())));
        values.sort_unstable_by(f64::total_cmp);
        Self { left_out: (column.rows() - values.len()) as u64, values }
    }

    /// Takes in another part.
    pub fn merge(&mut self, other: &Self) {
        self.values.extend_from_slice(&other.values);
        // Two runs in order, which a stable sort finds and merges.
        self.values.sort_by(f64::total_cmp);
        self.left_out += other.left_out;
    }

    /// The values.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// How many rows were missing or infinite.
    pub fn left_out(&self) -> u64 {
        self.left_out
    }

    /// A quantile of type 7.
    ///
    /// # Errors
    /// There is no value.
    pub fn quantile(&self, probability: f64) -> Result<f64, Absent> {
        self.not_empty()?;
        quantile_of_sorted(&self.values, probability).ok_or(Absent::NoFinite)
    }

    /// Their moments.
    pub fn moments(&self) -> Moments {
        Moments::of(&self.values[..])
    }

    /// Why there is no value, where there is none.
    pub(crate) fn not_empty(&self) -> Result<(), Absent> {
        match (self.values.is_empty(), self.left_out) {
            (false, _) => Ok(()),
            (true, 0) => Err(Absent::NoRows),
            (true, _) => Err(Absent::NoFinite),
        }
    }
}
