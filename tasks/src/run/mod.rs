//! A suite over many records: what goes in and what comes out of a run, wherever it takes place.

mod entry;
mod keys;
pub(crate) mod log;
mod repeat;
mod resume;
mod rows;
mod sink;

pub use entry::Entry;
pub use keys::Keys;
pub use log::{Earlier, Records, Recovered, RunDir, RunDirError};
pub use repeat::{as_trial, labelled, repeat};
pub use resume::{Logged, LoggedError, Resuming, memory, resume};
pub use rows::{rows, spread};
pub use sink::Sink;
