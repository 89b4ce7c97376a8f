//! Where records go.

use std::sync::Arc;

use indexmap::IndexMap;
use scouter_drift::psi::Bins;
use scouter_wire::records::Group;
use thiserror::Error;
use uuid::Uuid;

use crate::options::Ratio;

/// How many counters the rows of a profile may be counted by: a message of them all is smaller than a server takes.
pub const MAX_COUNTERS: usize = 100_000;

/// Where records go: a profile, and the features that their numbers are the values of.
#[derive(Debug, Clone)]
pub struct Destination {
    group: Group,
    counted: Option<Features>,
    sample: Ratio,
}

/// The bins of a profile's features, in their order.
pub(crate) type Features = Arc<IndexMap<String, Bins>>;

/// A profile of too many bins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("its features have {0} counters together, and rows are counted by {MAX_COUNTERS} at most")]
pub struct TooManyCounters(usize);

impl Destination {
    /// The place of a profile's records.
    ///
    /// # Errors
    /// A name that stands there twice.
    pub fn new(profile: Uuid, names: Vec<String>) -> Result<Self, String> {
        Group::new(profile, names).map(Self::of)
    }

    /// The place of records that name all they have themselves: something to evaluate, or requests by route.
    pub fn without_names(profile: Uuid) -> Self {
        Self::of(Group::without_names(profile))
    }

    fn of(group: Group) -> Self {
        Self { group, counted: None, sample: Ratio::ALL }
    }

    /// The place of the same records, which are counted by the bins of their features rather than sent one by one.
    ///
    /// # Errors
    /// There are too many bins.
    pub fn counted(profile: Uuid, features: IndexMap<String, Bins>) -> Result<Self, TooManyCounters> {
        let counters = features.values().map(|bins| bins.zero().parts().count()).sum();
        if counters > MAX_COUNTERS {
            return Err(TooManyCounters(counters));
        }
        Ok(Self { counted: Some(Arc::new(features)), ..Self::without_names(profile) })
    }

    /// The same place, for this share of its records. Of a queue that keeps a share itself, it is the smaller one that counts.
    #[must_use]
    pub fn sampled(self, share: Ratio) -> Self {
        Self { sample: share, ..self }
    }

    /// The profile.
    pub fn profile(&self) -> Uuid {
        self.group.profile()
    }

    /// A group without records.
    pub(crate) fn group(&self) -> Group {
        self.group.clone()
    }

    /// Which share of its records is kept.
    pub(crate) fn sample(&self) -> Ratio {
        self.sample
    }

    /// What rows are counted by, where they are.
    pub(crate) fn features(&self) -> Option<&Features> {
        self.counted.as_ref()
    }
}
