//! Records in files and tables, and results in them: the one home of Arrow and Parquet.

mod batches;
mod columns;
mod file;
pub(crate) mod source;
mod stream;
mod value;

pub(crate) use batches::Stream;
pub(crate) use columns::{frame_batches, schema};
pub(crate) use file::RowFile;
pub(crate) use source::{AnySource, Format, Location, Table, TableError};
pub(crate) use stream::{export, import, reader};
