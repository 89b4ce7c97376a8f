//! A suite over many records: what goes in and what comes out of a run, wherever it takes place.

mod entry;
mod keys;
pub(crate) mod log;
mod repeat;
mod resume;
mod rows;
mod sealed;
mod sink;

pub use entry::Entry;
pub use keys::Keys;
pub use log::{Earlier, Records, Recovered, RunDir, RunDirError, check_reuse};
pub use repeat::{as_trial, labelled, repeat};
pub use resume::{Logged, LoggedError, Resuming, memory, resume};
pub use rows::{Ran, rows, spread};
pub use sealed::Sealed;
pub use sink::Sink;
