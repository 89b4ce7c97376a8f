//! A record before it is looked into.

use std::borrow::Borrow;
use std::sync::Arc;

use super::entry::Entry;
use crate::packed::Packed;
use crate::subject::{Reads, Subject};

/// A record as a source hands it over: what was read of it may still be bytes. Values are made of them by whoever
/// judges it, for sources have one record at a time and judges many.
#[derive(Debug)]
pub struct Sealed {
    pub(super) entry: Entry,
    packed: Option<(Arc<Packed>, usize)>,
    /// Its place among the records of the run, where there is a log of their rows.
    pub(super) logged: Option<u64>,
}

/// One of which everything was read.
impl From<Entry> for Sealed {
    fn from(entry: Entry) -> Self {
        Self { entry, packed: None, logged: None }
    }
}

impl Sealed {
    /// One of which everything that is read lies there from this byte on.
    pub fn new(entry: Entry, packed: Arc<Packed>, at: usize) -> Self {
        Self { entry, packed: Some((packed, at)), logged: None }
    }

    /// Another record of which the same was read.
    pub(super) fn with(&self, entry: Entry) -> Self {
        Self { entry, packed: self.packed.clone(), logged: self.logged }
    }

    /// The record, with what these paths lead to.
    pub fn entry(mut self, reads: &Reads) -> Entry {
        self.look(reads);
        self.entry
    }

    /// Looks into the record, for what these paths lead to.
    pub(super) fn look(&mut self, reads: &Reads) -> &Entry {
        if let Some((packed, at)) = self.packed.take() {
            self.entry.subject.reads = packed.unpack(at).reads(reads);
        }
        &self.entry
    }

    pub(super) fn open(self, reads: &Reads) -> Unsealed {
        Unsealed { logged: self.logged, entry: self.entry(reads) }
    }
}

/// A record that is judged.
#[derive(Debug)]
pub(super) struct Unsealed {
    pub(super) entry: Entry,
    /// Its place among the records of the run, where there is a log of their rows.
    pub(super) logged: Option<u64>,
}

impl Borrow<Subject> for Unsealed {
    fn borrow(&self) -> &Subject {
        &self.entry.subject
    }
}
