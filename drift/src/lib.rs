//! Pure mathematics of change: no input or output, no dates, no randomness of its own.
#![expect(
    clippy::inline_always,
    reason = "a loop is compiled for the processor at hand only where it is inlined; see `wide`"
)]

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
mod form;
mod mix;
mod random;
mod wide;

#[cfg(test)]
pub(crate) mod tests;

pub use absent::Absent;
pub use correction::Correction;
