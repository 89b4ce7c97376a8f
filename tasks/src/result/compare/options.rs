//! How two runs are compared.

use scouter_drift::statistics::Alpha;

/// How two runs are compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// The largest difference that does not matter, from 0 to 1: a record whose rate falls by more
    /// has regressed, and rates are unchanged where their difference is sure to be no larger.
    pub threshold: f64,
    /// The chance of a false alarm that is put up with.
    pub alpha: Alpha,
    /// How that chance is kept though there are many tasks.
    pub correction: Correction,
    /// Which records hang together.
    pub clusters: ClusterBy,
    /// The largest share of records that may be errored in either run, or lost to the compared one, from
    /// 0 to 1.
    pub max_error_share: f64,
    /// Where given, intervals of numbers are bootstrapped from random draws that start here,
    /// instead of taken from Student's t.
    pub seed: Option<u64>,
}

/// What keeps the chance of a false alarm though there are many tasks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Correction {
    /// The chance that anything is a false alarm.
    #[default]
    Holm,
    /// The share of false alarms among alarms, by Benjamini and Hochberg.
    Bh,
    /// Nothing: each task by itself.
    None,
}

/// Which records hang together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClusterBy {
    /// Those of one cluster; without one, those of one case; without that, trials of one record.
    #[default]
    Label,
    /// Those of one case, whatever their cluster.
    Case,
    /// None: every record is taken to be independent.
    Record,
}

/// Options that mean nothing.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum OptionsError {
    /// A share that is none.
    #[error("`{name}` must be from 0 to 1, not `{value}`")]
    NotAShare {
        /// The option.
        name: &'static str,
        /// What it was.
        value: f64,
    },
}

impl Default for Options {
    fn default() -> Self {
        Self {
            threshold: 0.0,
            alpha: Alpha::USUAL,
            correction: Correction::default(),
            clusters: ClusterBy::default(),
            max_error_share: 0.05,
            seed: None,
        }
    }
}

impl Options {
    /// The same, where they mean something.
    ///
    /// # Errors
    /// Where a share is not from 0 to 1.
    pub fn checked(self) -> Result<Self, OptionsError> {
        let shares = [("regression_threshold", self.threshold), ("max_error_share", self.max_error_share)];
        match shares.into_iter().find(|(_, share)| !(0.0..=1.0).contains(share)) {
            Some((name, value)) => Err(OptionsError::NotAShare { name, value }),
            None => Ok(self),
        }
    }
}
