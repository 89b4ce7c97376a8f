//! Statistics in bounded memory whose states merge: exact while there is little data, then with a stated error.

mod distinct;
mod frequent;
mod kll;
mod quantiles;
mod shape;

#[cfg(test)]
mod tests;

pub use distinct::{Distinct, DistinctCount};
pub use frequent::Frequent;
pub use kll::Kll;
pub use quantiles::QuantileState;
pub use shape::Shape;
