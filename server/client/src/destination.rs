//! Where records go.

use std::sync::Arc;

use indexmap::IndexMap;
use scouter_drift::psi::Bins;
use scouter_wire::records::Group;
use thiserror::Error;
use uuid::Uuid;

/// How many counters the rows of a profile may be counted by: a message of them all is smaller than a server takes.
pub const MAX_COUNTERS: usize = 100_000;

/// Where records go: a profile, and the features that their numbers are the values of.
#[derive(Debug, Clone)]
pub struct Destination {
    group: Group,
    counted: Option<Features>,
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
        Group::new(profile, names).map(|group| Self { group, counted: None })
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
        Ok(Self { group: Group::without_names(profile), counted: Some(Arc::new(features)) })
    }

    /// The profile.
    pub fn profile(&self) -> Uuid {
        self.group.profile()
    }

    /// A group without records.
    pub(crate) fn group(&self) -> Group {
        self.group.clone()
    }

    /// What rows are counted by, where they are.
    pub(crate) fn features(&self) -> Option<&Features> {
        self.counted.as_ref()
    }
}
