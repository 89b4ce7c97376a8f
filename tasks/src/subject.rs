//! What a node sees of a record: the paths that the plan reads, the trace, and the record itself
//! where a node asks for it.

use std::any::Any;
use std::collections::HashMap;
use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;

pub use lookup::Lookup;

use crate::memory::{Recall, Seen};
use crate::models::Models;
use crate::path::{Path, Read};
use crate::trace::Trace;
use crate::value::Value;
use crate::window::Window;

mod lookup;

/// A record as its owner holds it, for nodes that know what it is.
pub type Origin = Arc<dyn Any + Send + Sync>;

/// The trace of a record.
#[derive(Clone, Debug, Default)]
pub enum Spans {
    /// The record has none.
    #[default]
    Absent,
    /// The span tree, built once.
    Tree(Arc<Trace>),
    /// There are spans, but they make no tree: why.
    Unusable(Box<str>),
}

/// The input of a run: one record, read.
#[derive(Clone, Default)]
pub struct Subject {
    /// What each path of the suite's [`Reads`] leads to, in their order.
    pub reads: Box<[Lookup]>,
    /// The trace.
    pub spans: Spans,
    /// The record as its owner holds it, where the suite [wants it](crate::suite::Suite::wants_origin).
    pub origin: Option<Origin>,
    /// What can be told of the same record from others, where the run is kept or remembers: without it a record is what
    /// was read of it.
    pub seen: Option<Seen>,
    /// What memory has to know of the record, where answers are remembered.
    pub recall: Option<Box<Recall>>,
    /// Who is asked in this run, where tasks ask models.
    pub models: Option<Arc<Models>>,
    /// The columns over all records, where tasks look at these: then there is no record.
    pub window: Option<Arc<Window>>,
    /// Which of several trials of the record this is.
    pub trial: Option<NonZeroU32>,
}

impl fmt::Debug for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subject")
            .field("reads", &self.reads)
            .field("spans", &self.spans)
            .finish_non_exhaustive()
    }
}

/// The number of a path in [`Reads`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ReadIndex(u32);

impl ReadIndex {
    /// The place of what it leads to among all that is read.
    pub fn place(self) -> usize {
        self.0 as usize
    }
}

/// Every path that the nodes of a suite read from a record, each once.
#[derive(Clone, Debug, Default)]
pub struct Reads {
    paths: Vec<Path>,
    known: HashMap<String, ReadIndex>,
}

impl Reads {
    /// The number of the path; the same for the same text.
    pub fn add(&mut self, path: Path) -> ReadIndex {
        let text = path.to_string();
        if let Some(&known) = self.known.get(&text) {
            return known;
        }
        let index = ReadIndex(u32::try_from(self.paths.len()).unwrap_or(u32::MAX));
        self.paths.push(path);
        self.known.insert(text, index);
        index
    }

    /// The paths, in the order of [`Subject::reads`].
    pub fn paths(&self) -> &[Path] {
        &self.paths
    }

    /// The path of this number.
    pub fn path(&self, index: ReadIndex) -> &Path {
        &self.paths[index.0 as usize]
    }

    /// Reads every path from a context.
    pub fn read(&self, context: &Value) -> Box<[Lookup]> {
        self.paths.iter().map(|path| path.read(context).into()).collect()
    }
}

impl Subject {
    /// A subject without a trace.
    pub fn new(reads: &Reads, context: &Value) -> Self {
        Self { reads: reads.read(context), ..Self::default() }
    }

    /// What the path of this number leads to.
    pub fn read(&self, index: ReadIndex) -> &Read {
        self.lookup(index).read()
    }

    /// The same, looked into no sooner than it has to be.
    pub fn lookup(&self, index: ReadIndex) -> &Lookup {
        &self.reads[index.0 as usize]
    }
}
