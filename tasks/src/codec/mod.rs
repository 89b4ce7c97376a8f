//! Values and rows as bytes: what the log of a run holds, and what fingerprints are made of.
//!
//! Compact, exact (`1` is not `1.0`, and every NaN is the same) and quick to write; only this
//! version of Scouter's own files are in it. Data goes out as JSON elsewhere.

mod decode;
mod encode;
mod row;

pub(crate) use decode::{Broken, Decoder};
pub use encode::Encoder;
pub(crate) use row::{read_call, read_row, skim_row, write_call, write_row};
