//! How data enters: borrowed, strided or masked memory as a sequence of `f64` chunks, and categories as codes or categories.

mod categories;
mod mask;
mod matrix;
mod number;
mod numbers;
mod texts;
mod unit;

#[cfg(test)]
mod tests;

pub use categories::{Code, Tally};
pub use mask::Mask;
pub use matrix::{Matrix, Rows};
pub use number::Number;
pub use numbers::{Column, Numbers, chunked, read_pieces};
pub use texts::TextLength;
pub use unit::Unit;

/// So many rows are counted at most: beyond, statistics, which are `f64`, do not tell one count from the next. Nobody has so many, so that what
/// is kept and counts more is damaged.
pub const MOST_ROWS: u64 = 1 << f64::MANTISSA_DIGITS;
