//! Rows of several numbers: features side by side, or embeddings.

use serde::{Deserialize, Serialize};

use crate::{Absent, column::Column, sample::Moments};

/// Rows of the same number of finite numbers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Points {
    width: usize,
    values: Vec<f64>,
    left_out: u64,
}

impl Points {
    /// The rows of columns that stand side by side. Rows in which a value is missing or infinite are left out.
    ///
    /// ```
    /// use scouter_drift::methods::Points;
    ///
    /// let points = Points::of_columns(&[&[1.0, f64::NAN, 3.0][..], &[4.0, 5.0, 6.0][..]])?;
    /// assert_eq!((points.rows(), points.row(1), points.left_out()), (2, [3.0, 6.0].as_slice(), 1));
    /// # Ok::<(), scouter_drift::Absent>(())
    /// ```
    ///
    /// # Errors
    /// The columns are not equally long.
    pub fn of_columns<C: Column + ?Sized>(columns: &[&C]) -> Result<Self, Absent> {
        let rows = columns.first().map_or(0, |column| column.rows());
        if let Some(other) = columns.iter().find(|column| column.rows() != rows) {
            return Err(Absent::Mismatch { left: rows as u64, right: other.rows() as u64 });
        }
        let width = columns.len();
        let mut values = vec![f64::NAN; rows * width];
        for (i, column) in columns.iter().enumerate() {
            let mut row = 0;
            column.each_chunk(&mut |chunk| {
                for v in chunk {
                    values[row * width + i] = *v;
                    row += 1;
                }
            });
        }
        let mut kept = Self { width, values: Vec::with_capacity(values.len()), left_out: 0 };
        for row in values.chunks(width.max(1)) {
            kept.push(row);
        }
        Ok(kept)
    }

    fn push(&mut self, row: &[f64]) {
        if row.iter().all(|v| v.is_finite()) {
            self.values.extend_from_slice(row);
        } else {
            self.left_out += 1;
        }
    }

    /// Adds another part's rows.
    ///
    /// # Errors
    /// They have another number of values.
    pub fn merge(&mut self, other: &Self) -> Result<(), Absent> {
        self.same_width(other)?;
        self.values.extend_from_slice(&other.values);
        self.left_out += other.left_out;
        Ok(())
    }

    pub(super) fn same_width(&self, other: &Self) -> Result<(), Absent> {
        if self.width == other.width {
            Ok(())
        } else {
            Err(Absent::Mismatch { left: self.width as u64, right: other.width as u64 })
        }
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.values.len().checked_div(self.width).unwrap_or(0)
    }

    /// How many rows were left out.
    pub fn left_out(&self) -> u64 {
        self.left_out
    }

    /// One row.
    pub fn row(&self, i: usize) -> &[f64] {
        &self.values[i * self.width..(i + 1) * self.width]
    }

    /// The rows, thinned out evenly to so many.
    pub(super) fn thinned(&self, most: usize) -> Vec<&[f64]> {
        let kept = self.rows().min(most.max(4));
        (0..kept).map(|i| self.row(i * self.rows() / kept)).collect()
    }

    /// The rows with each column less the mean and by the standard deviation that it has in `baseline`, so that no feature
    /// outweighs others by its unit. Columns that are constant there are only moved.
    ///
    /// # Errors
    /// The rows have another number of values.
    pub fn scaled_by(&self, baseline: &Self) -> Result<Self, Absent> {
        self.same_width(baseline)?;
        let mut scaled = self.clone();
        for i in 0..self.width {
            let column: Vec<f64> = baseline.values.iter().skip(i).step_by(self.width).copied().collect();
            let moments = Moments::of(&column[..]);
            let mean = moments.mean().unwrap_or(0.0);
            let deviation = moments.standard_deviation().ok().filter(|s| *s > 0.0).unwrap_or(1.0);
            for v in scaled.values.iter_mut().skip(i).step_by(self.width) {
                *v = (*v - mean) / deviation;
            }
        }
        Ok(scaled)
    }
}
