//! Suites: tasks that run together, from code or from files, and what they compile to.

mod check;
mod compile;
mod file;
mod kinds;
mod schema;
mod scope;
mod yaml;

pub use check::{
    Calls, Checked, Finding, Sample, Severity, asked_the_same, check, has_names, meant_in_braces,
};
pub(crate) use check::{NUMBERS_OF_BOTH, THE_RECORDS_HAVE, THE_TRACES_HAVE};
pub use compile::{Suite, TaskInfo, compile};
pub use file::{FileError, Format, entry, read_entries, read_file, read_text, read_value};
pub use kinds::Kinds;
pub use schema::schema;
