//! Cassettes: answers recorded once and played in tests.

mod difference;
mod file;
mod layer;
mod redact;

pub use file::{Cassette, CassetteError, CassetteMode};
pub use layer::Recorded;
