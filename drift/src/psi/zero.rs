//! What is done about empty bins, where the logarithm of the index has no value. One empty bin can decide the whole index
//! (the same counts give 2.09, 0.71 or 0.11 under different policies), so the policy is named in every profile.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A share, above 0 and below 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Share(f64);

/// A share that is not above 0 and below 1.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
#[error("take `{0}` as a share: it must be above 0 and below 1")]
pub struct NotAShare(f64);

impl Share {
    /// A share.
    ///
    /// # Errors
    /// Where it is not above 0 and below 1.
    pub fn new(share: f64) -> Result<Self, NotAShare> {
        if share > 0.0 && share < 1.0 { Ok(Self(share)) } else { Err(NotAShare(share)) }
    }

    /// The share as a number.
    pub fn get(self) -> f64 {
        self.0
    }
}

impl TryFrom<f64> for Share {
    type Error = NotAShare;

    fn try_from(share: f64) -> Result<Self, NotAShare> {
        Self::new(share)
    }
}

impl From<Share> for f64 {
    fn from(share: Share) -> Self {
        share.0
    }
}

/// What is done about bins that are empty on one side.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ZeroBins {
    /// Where any bin is empty, every bin of both sides is given half a row: (c + ½)/(n + k/2), the mean under Jeffreys'
    /// prior of a multinomial distribution. It weighs less the more rows there are, as an empty bin should.
    #[default]
    Jeffreys,
    /// Adds a small number to every proportion, without scaling to a sum of one.
    Add {
        /// What is added.
        epsilon: Share,
    },
    /// Puts a small proportion in the place of zero.
    Fill {
        /// What an empty bin counts as.
        proportion: Share,
    },
    /// No proportion is less than this.
    Floor {
        /// The least proportion.
        proportion: Share,
    },
}

impl ZeroBins {
    /// Proportions of both sides, of bins that have rows on at least one. None is zero, so that every logarithm has a value.
    pub(crate) fn proportions(self, baseline: &[u64], current: &[u64]) -> (Vec<f64>, Vec<f64>) {
        let empty = baseline.contains(&0) || current.contains(&0);
        (self.side(baseline, empty), self.side(current, empty))
    }

    fn side(self, counts: &[u64], empty: bool) -> Vec<f64> {
        let rows = counts.iter().sum::<u64>() as f64;
        let k = counts.len() as f64;
        let share = |count: &u64| {
            let proportion = *count as f64 / rows;
            match self {
                Self::Jeffreys if empty => (*count as f64 + 0.5) / (rows + 0.5 * k),
                Self::Add { epsilon } => proportion + epsilon.get(),
                Self::Fill { proportion: fill } if *count == 0 => fill.get(),
                Self::Jeffreys | Self::Fill { .. } => proportion,
                Self::Floor { proportion: least } => proportion.max(least.get()),
            }
        };
        counts.iter().map(|count| share(count).max(f64::MIN_POSITIVE)).collect()
    }
}
