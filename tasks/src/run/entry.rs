//! A record on its way through a run.

use smol_str::SmolStr;
use uuid::Uuid;

use crate::result::Labels;
use crate::subject::Subject;

/// A record on its way through a run: who it is, and what nodes see of it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Our identifier of the record.
    pub uid: Uuid,
    /// The user's.
    pub id: Option<SmolStr>,
    /// What it belongs to, where that was told.
    pub labels: Option<Box<Labels>>,
    /// What nodes see.
    pub subject: Subject,
}
