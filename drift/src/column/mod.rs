//! How data enters: borrowed, strided or masked memory as a sequence of `f64` chunks, and categories as codes or categories.

mod categories;
mod mask;
mod number;
mod numbers;

#[cfg(test)]
mod tests;

pub use categories::{Code, Tally};
pub use mask::Mask;
pub use number::Number;
pub use numbers::{Column, Numbers};
