//! What is wrong with the settings of a running chart.

use thiserror::Error;

/// A setting that no chart can have.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum SettingError {
    /// Of a cumulative sum.
    #[error("`reference` is `{0}`: it must be a finite number, 0 or more")]
    Reference(f64),
    /// Of a cumulative sum.
    #[error("`decision` is `{0}`: it must be a finite number above 0")]
    Decision(f64),
    /// Of a weighted average.
    #[error("`weight` is `{0}`: it must be above 0, and not above 1")]
    Weight(f64),
    /// Of a weighted average.
    #[error("`width` is `{0}`: it must be a finite number above 0")]
    Width(f64),
}
