//! Values and rows as bytes.
//!
//! Rows and answers stand so in the log of a run; values go so from the thread that reads Python's objects to those
//! that judge (`packed`), and arrays and objects are kept so in results (`measured`). Fingerprints are not made of
//! it. Compact, exact (`1` is not `1.0`, and every NaN is the same) and quick to write; only this
//! version of Scouter's own files are in it. Data goes out as JSON elsewhere.

mod decode;
mod encode;
mod row;
mod shape;

pub(crate) use decode::{Broken, Decoder};
pub use encode::Encoder;
pub(crate) use encode::tag;
pub(crate) use row::{read_call, read_row, skim_row, write_call, write_row};
pub(crate) use shape::{Shape, has_text, kept_shape};
