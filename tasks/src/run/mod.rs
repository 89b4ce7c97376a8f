//! A suite over many records: what goes in and what comes out of a run, wherever it takes place.

mod entry;
mod keys;
mod rows;
mod sink;

pub use entry::Entry;
pub use keys::Keys;
pub use rows::{rows, spread};
pub use sink::Sink;
