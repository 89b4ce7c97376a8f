//! A column of numbers in borrowed memory, read as chunks of `f64` in which a missing value is NaN.
//!
//! Contiguous `f64` without a mask is handed on as it lies, without a copy. Everything else passes through a buffer of
//! one chunk, so that no method has more than one loop to get right and fast.

use super::{Mask, Number};

/// Values in one chunk of the buffer: it stays in the first level of the cache, beside what a method counts into.
const CHUNK: usize = 1024;

/// Anything that can be read, more than once, as chunks of `f64` with NaN for what is missing.
pub trait Column {
    /// How many rows there are.
    fn rows(&self) -> usize;

    /// Calls `visit` with one chunk after the other, in order.
    fn each_chunk(&self, visit: &mut dyn FnMut(&[f64]));

    /// Copies the rows from `first` on into `to`, which has room for no more than there are. For columns that are read side by side, a block
    /// of rows at a time; a column that has no way to begin in the middle passes by what is before.
    fn read(&self, first: usize, to: &mut [f64]) {
        let (mut before, mut filled) = (first, 0);
        self.each_chunk(&mut |chunk| {
            let passed = before.min(chunk.len());
            before -= passed;
            let chunk = &chunk[passed..];
            let now = chunk.len().min(to.len() - filled);
            to[filled..filled + now].copy_from_slice(&chunk[..now]);
            filled += now;
        });
    }

    /// Calls `visit` with the whole number of every row, and nothing where there is none, if the column holds numbers that are not told
    /// apart as `f64`; else tells that it does not.
    fn each_whole(&self, _visit: &mut dyn FnMut(Option<i128>)) -> bool {
        false
    }
}

impl Column for [f64] {
    fn rows(&self) -> usize {
        self.len()
    }

    fn each_chunk(&self, visit: &mut dyn FnMut(&[f64])) {
        if !self.is_empty() {
            visit(self);
        }
    }

    fn read(&self, first: usize, to: &mut [f64]) {
        to.copy_from_slice(&self[first..first + to.len()]);
    }
}

/// Hands values that are made one by one on as chunks.
pub fn chunked(values: impl Iterator<Item = f64>, visit: &mut dyn FnMut(&[f64])) {
    let mut buffer = Vec::with_capacity(CHUNK);
    for value in values {
        buffer.push(value);
        if buffer.len() == CHUNK {
            visit(&buffer);
            buffer.clear();
        }
    }
    if !buffer.is_empty() {
        visit(&buffer);
    }
}

/// Copies rows of pieces one after another; see [`Column::read`].
pub fn read_pieces<'a, C: Column + ?Sized + 'a>(
    pieces: impl Iterator<Item = &'a C>,
    first: usize,
    to: &mut [f64],
) {
    let (mut first, mut rest) = (first, to);
    for piece in pieces {
        let rows = piece.rows();
        if first >= rows {
            first -= rows;
            continue;
        }
        let now = rest.len().min(rows - first);
        let (filled, after) = rest.split_at_mut(now);
        piece.read(first, filled);
        (first, rest) = (0, after);
        if rest.is_empty() {
            break;
        }
    }
}

/// Pieces in order, as chunked arrays have them.
impl<C: Column> Column for [C] {
    fn rows(&self) -> usize {
        self.iter().map(Column::rows).sum()
    }

    fn each_chunk(&self, visit: &mut dyn FnMut(&[f64])) {
        for piece in self {
            piece.each_chunk(visit);
        }
    }

    fn read(&self, first: usize, to: &mut [f64]) {
        read_pieces(self.iter(), first, to);
    }

    fn each_whole(&self, visit: &mut dyn FnMut(Option<i128>)) -> bool {
        self.iter().all(|piece| piece.each_whole(visit))
    }
}

/// Numbers in borrowed memory: a whole slice, or every `stride`-th element of one (a column of a row-major matrix).
///
/// ```
/// use scouter_drift::column::{Column, Numbers};
///
/// let rows = [1_i32, 10, 2, 20, 3, 30]; // three rows of two columns
/// let second = Numbers::strided(&rows[1..], 2);
/// let mut seen = Vec::new();
/// second.each_chunk(&mut |chunk| seen.extend_from_slice(chunk));
/// assert_eq!(seen, [10.0, 20.0, 30.0]);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Numbers<'a, T> {
    values: &'a [T],
    stride: usize,
    mask: Option<Mask<'a>>,
}

impl<'a, T: Number> Numbers<'a, T> {
    /// All elements of the slice.
    pub fn new(values: &'a [T]) -> Self {
        Self::strided(values, 1)
    }

    /// The slice's first element and every `stride`-th after it. A stride of zero counts as one.
    pub fn strided(values: &'a [T], stride: usize) -> Self {
        Self { values, stride: stride.max(1), mask: None }
    }

    /// The same numbers, of which some rows are missing.
    #[must_use]
    pub fn masked(self, mask: Mask<'a>) -> Self {
        Self { mask: Some(mask), ..self }
    }
}

impl<T: Number> Column for Numbers<'_, T> {
    fn rows(&self) -> usize {
        self.values.len().div_ceil(self.stride)
    }

    fn each_chunk(&self, visit: &mut dyn FnMut(&[f64])) {
        if self.stride == 1
            && self.mask.is_none()
            && let Some(doubles) = T::as_doubles(self.values)
        {
            return doubles.each_chunk(visit);
        }
        let mut buffer = [0.0; CHUNK];
        let mut row = 0;
        for part in self.values.chunks(CHUNK * self.stride) {
            let mut filled = 0;
            for (to, from) in buffer.iter_mut().zip(part.iter().step_by(self.stride)) {
                *to = from.to_f64();
                filled += 1;
            }
            if let Some(mask) = &self.mask {
                for (i, to) in buffer[..filled].iter_mut().enumerate() {
                    if mask.is_missing(row + i) {
                        *to = f64::NAN;
                    }
                }
            }
            row += filled;
            visit(&buffer[..filled]);
        }
    }

    fn read(&self, first: usize, to: &mut [f64]) {
        for (i, to) in to.iter_mut().enumerate() {
            let row = first + i;
            let is_missing = self.mask.is_some_and(|mask| mask.is_missing(row));
            *to = if is_missing { f64::NAN } else { self.values[row * self.stride].to_f64() };
        }
    }

    fn each_whole(&self, visit: &mut dyn FnMut(Option<i128>)) -> bool {
        if !T::WIDE {
            return false;
        }
        for (row, v) in self.values.iter().step_by(self.stride).enumerate() {
            visit(if self.mask.is_some_and(|mask| mask.is_missing(row)) { None } else { v.whole() });
        }
        true
    }
}
