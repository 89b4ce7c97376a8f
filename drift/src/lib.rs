//! Pure mathematics of change: no input or output, no dates, no randomness of its own.

pub mod column;
pub mod custom;
pub mod methods;
pub mod profile;
pub mod psi;
pub mod sample;
pub mod sketch;
pub mod spc;
pub mod statistics;

mod absent;
mod correction;
mod mix;

#[cfg(test)]
pub(crate) mod tests;

pub use absent::Absent;
pub use correction::Correction;
