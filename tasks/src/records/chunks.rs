//! What a format has to be to stand as the records of a run.

use super::bad::{Flaw, ReadError, Unit};
use super::entry::Opener;
use crate::run::Entry;

/// The pieces of a file, one after another.
pub trait Chunks: Send + 'static {
    /// Some records, not yet looked into.
    type Chunk: Send + 'static;

    /// What the records are counted in.
    const UNIT: Unit;

    /// The next piece; `None` at the end. This is what no two threads can do at once: it should do
    /// no more than it must.
    ///
    /// # Errors
    /// Where nothing more can be read.
    fn next(&mut self) -> Result<Option<Self::Chunk>, ReadError>;

    /// Its records, on a thread of the run.
    fn open(chunk: Self::Chunk, opener: &Opener) -> Vec<Opened>;
}

/// A record that was looked into.
#[derive(Debug)]
pub struct Opened {
    /// Which line or row it is, from 1.
    pub number: u64,
    /// The record, or what is wrong with it.
    pub entry: Result<Entry, Flaw>,
}
