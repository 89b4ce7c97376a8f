//! Records that stand in files: read chunk by chunk, opened on all cores, handed to a run in their
//! order.
//!
//! A [`Chunks`] is what a format has to be: something that gives pieces of a file one after another,
//! cheaply, and opens each of them on whatever thread has time. [`Ahead`] makes the source of a run of
//! it. Lines of JSON and CSV are here; what needs more than text (Parquet, Arrow) lives where its
//! library does.

mod ahead;
mod bad;
mod chunks;
mod comma;
mod entry;
mod ids;
mod limited;
mod lines;
mod mapping;
mod spans;

pub use ahead::{Account, Ahead};
pub use bad::{BadRecord, BadRecords, Flaw, ReadError, Unit};
pub use chunks::{Chunks, Opened};
pub use comma::{Csv, CsvChunk, csv_columns};
pub use entry::{Fields, MakeOrigin, Opener};
pub use limited::{Limited, Room, TooLong};
pub use lines::{Lines, LinesChunk, json_fields};
pub use mapping::{Mapping, MappingError, Shape, Use};
