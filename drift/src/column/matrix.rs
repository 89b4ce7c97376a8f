//! Columns that lie row by row in one piece of memory, as a NumPy array of two dimensions does. Read column after column, every one of them
//! would fetch the memory of all. Here a block of rows is fetched once, and its columns are read from the cache.

use std::array::from_fn;
use std::ops::Range;

use super::{Column, Number, Numbers};

/// Values in a block of rows: they stay in the second level of the cache.
const BLOCK: usize = 1 << 15;

/// Rows of `width` numbers, one after the other.
///
/// ```
/// use scouter_drift::column::Matrix;
///
/// let matrix = Matrix::new(&[1_i32, 10, 2, 20, 3, 30], 2);
/// let mut sums = [0.0; 2];
/// matrix.each_chunk(&mut |column, chunk| sums[column] += chunk.iter().sum::<f64>());
/// assert_eq!(sums, [6.0, 60.0]);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Matrix<'a, T> {
    values: &'a [T],
    width: usize,
}

impl<'a, T: Number> Matrix<'a, T> {
    /// Rows of so many numbers. What is left at the end and fills no row is left out.
    pub fn new(values: &'a [T], width: usize) -> Self {
        let rows = values.len().checked_div(width).unwrap_or(0);
        Self { values: &values[..rows * width], width }
    }

    /// How many columns there are.
    pub fn width(&self) -> usize {
        self.width
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.values.len().checked_div(self.width).unwrap_or(0)
    }

    /// Some of the rows, as far as there are any: what one of several threads is given.
    #[must_use]
    pub fn part(&self, rows: Range<usize>) -> Self {
        let end = rows.end.min(self.rows());
        let start = rows.start.min(end);
        Self { values: &self.values[start * self.width..end * self.width], width: self.width }
    }

    /// The values of neighbouring columns, of which `first` is the first, in a row.
    #[inline(always)]
    pub(crate) fn beside<const N: usize>(&self, row: usize, first: usize) -> [f64; N] {
        let values = &self.values[row * self.width + first..][..N];
        from_fn(|at| values[at].to_f64())
    }

    /// Calls `visit` with the position of a column and its next rows. Chunks of one column come in order; columns take turns.
    pub fn each_chunk(&self, visit: &mut dyn FnMut(usize, &[f64])) {
        self.each_chunk_of(&(0..self.width).collect::<Vec<_>>(), visit);
    }

    /// The values of some columns, each in a piece of its own, for methods that read a column more than once. Neighbouring columns cost
    /// little more than one of them.
    pub fn gather(&self, columns: Range<usize>) -> Vec<Vec<f64>> {
        let columns: Vec<usize> = columns.filter(|column| *column < self.width).collect();
        let mut gathered = vec![Vec::with_capacity(self.rows()); columns.len()];
        self.each_chunk_of(&columns, &mut |at, chunk| gathered[at].extend_from_slice(chunk));
        gathered
    }
}

/// Rows of numbers, of whichever type.
pub trait Rows {
    /// Calls `visit` with the next values of each of some columns, which take turns: with the place of the column among those that are
    /// asked for. Chunks of one column come in order. A column that is not there has no chunks.
    fn each_chunk_of(&self, columns: &[usize], visit: &mut dyn FnMut(usize, &[f64]));

    /// The same memory as rows of `f64`, where it is.
    fn as_doubles(&self) -> Option<Matrix<'_, f64>>;
}

impl<T: Number> Rows for Matrix<'_, T> {
    fn each_chunk_of(&self, columns: &[usize], visit: &mut dyn FnMut(usize, &[f64])) {
        let rows = (BLOCK / self.width.max(1)).max(16);
        for block in self.values.chunks((rows * self.width).max(1)) {
            for (at, column) in columns.iter().enumerate().filter(|(_, column)| **column < self.width) {
                Numbers::strided(&block[*column..], self.width).each_chunk(&mut |chunk| visit(at, chunk));
            }
        }
    }

    fn as_doubles(&self) -> Option<Matrix<'_, f64>> {
        Some(Matrix { values: T::as_doubles(self.values)?, width: self.width })
    }
}
