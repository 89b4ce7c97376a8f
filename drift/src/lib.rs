//! Pure mathematics of change: no input or output, no dates, no randomness of its own.

pub mod statistics;
