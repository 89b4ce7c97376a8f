//! Pure mathematics of change: no input or output, no dates, no randomness of its own.

pub mod column;
pub mod sample;
pub mod statistics;

mod absent;

pub use absent::Absent;
