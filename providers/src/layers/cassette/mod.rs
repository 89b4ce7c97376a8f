//! Cassettes: answers recorded once and played in tests.

mod difference;
mod file;
mod layer;
mod recording;
mod recordings;
mod redact;

pub use file::CassetteError;
pub use layer::Recorded;
pub use recordings::{Cassette, CassetteMode};
