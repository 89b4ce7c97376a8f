//! Columns that lie row by row in one piece of memory, as a NumPy array of two dimensions does. Read column after column, every one of them
//! would fetch the memory of all. Here a block of rows is fetched once, and its columns are read from the cache.

use std::ops::Range;

use super::Number;
use crate::wide::wide;

/// Values that are laid out by columns at once: they stay in the second level of the cache.
const BLOCK: usize = 1 << 15;
/// Rows of them at most: a chunk of a column stays in the first level.
const MOST_ROWS: usize = 1600;
/// Their number is a multiple of this, as many values as a chart's subgroup has if nothing else is said, so that chunks seldom end within one.
const STEP: usize = 25;
/// Rows, and neighbouring columns of them, that are turned in the registers of the processor.
const TILE: usize = 8;

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
}

impl<T: Number> Rows for Matrix<'_, T> {
    fn each_chunk_of(&self, columns: &[usize], visit: &mut dyn FnMut(usize, &[f64])) {
        let there = |(_, column): &(usize, &usize)| **column < self.width;
        let (places, columns): (Vec<usize>, Vec<usize>) =
            columns.iter().enumerate().filter(there).map(|(place, column)| (place, *column)).unzip();
        if columns.is_empty() {
            return;
        }
        let rows = (BLOCK / columns.len()).clamp(STEP, MOST_ROWS) / STEP * STEP;
        let mut laid_out = vec![0.0; rows.min(self.rows()) * columns.len()];
        for block in self.values.chunks(rows * self.width) {
            wide(
                #[inline(always)]
                || lay_out(block, self.width, &columns, &mut laid_out),
            );
            for (place, chunk) in places.iter().zip(laid_out.chunks_exact(block.len() / self.width)) {
                visit(*place, chunk);
            }
        }
    }
}

/// Lays rows out by columns, one after the other. Every piece of memory is fetched once for all columns.
#[inline(always)]
fn lay_out<T: Number>(block: &[T], width: usize, columns: &[usize], to: &mut [f64]) {
    let rows = block.len() / width;
    for (tile, first) in block.chunks(TILE * width).zip((0..).step_by(TILE)) {
        let mut at = 0;
        while at < columns.len() {
            let (column, to) = (columns[at], &mut to[at * rows + first..]);
            at += match neighbours(&columns[at..]) {
                TILE.. => turn::<TILE, T>(tile, (width, column), to, rows),
                4.. => turn::<4, T>(tile, (width, column), to, rows),
                2.. => turn::<2, T>(tile, (width, column), to, rows),
                _ => turn::<1, T>(tile, (width, column), to, rows),
            };
        }
    }
}

/// How many columns, from the first on, lie side by side.
#[inline(always)]
fn neighbours(columns: &[usize]) -> usize {
    1 + columns.windows(2).take(TILE - 1).take_while(|pair| pair[0] + 1 == pair[1]).count()
}

/// Turns a few rows of so many neighbouring columns, whose places begin so many apart.
#[inline(always)]
fn turn<const N: usize, T: Number>(
    rows: &[T],
    (width, column): (usize, usize),
    to: &mut [f64],
    apart: usize,
) -> usize {
    let mut tile = [[0.0; TILE]; N];
    let mut count = 0;
    for row in rows.chunks_exact(width) {
        for (lane, value) in tile.iter_mut().zip(&row[column..column + N]) {
            lane[count] = value.to_f64();
        }
        count += 1;
    }
    for (lane, to) in tile.iter().zip(to.chunks_mut(apart)) {
        to[..count].copy_from_slice(&lane[..count]);
    }
    N
}
