//! A suite over many records: what goes in and what comes out of a run, wherever it takes place.

mod entry;
mod rows;
mod sink;

pub use entry::Entry;
pub use rows::{rows, spread};
pub use sink::Sink;
