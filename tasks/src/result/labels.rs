//! What a record is besides itself: a trial of a case, a member of a cluster.

use std::num::NonZeroU32;

use smol_str::SmolStr;

/// What a record belongs to. Statistics take records of one case or cluster to hang together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels {
    /// The case that the record is a trial of.
    pub case: Option<SmolStr>,
    /// Which of the trials of its record it is, counted from 1; `None` where there is but one.
    pub trial: Option<NonZeroU32>,
    /// The cluster, such as the document or the user that the record comes from.
    pub cluster: Option<SmolStr>,
}
