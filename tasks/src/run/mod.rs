//! A suite over many records: what goes in and what comes out of a run, wherever it takes place.

mod entry;
pub(crate) mod log;
mod resume;
mod rows;
mod sink;

pub use entry::Entry;
pub use log::{Records, Recovered, RunDir, RunDirError};
pub use resume::{Logged, LoggedError, Resuming, memory, resume};
pub use rows::{rows, spread};
pub use sink::Sink;
