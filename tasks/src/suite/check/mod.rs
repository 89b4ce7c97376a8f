//! A suite tried on sample records before anything is spent: what compiles may still fit no record.
//!
//! Tasks that wait (functions, models) are not run: what they would come to is taken as unknown,
//! and their gates as open. All others are run for real, so that what is found is what would happen.

mod columns;
mod examine;
mod finding;
mod paths;
mod prompts;
mod reach;
mod sample;
mod shadowed;
mod spans;
mod values;

pub use examine::check;
pub use finding::{Calls, Checked, Finding, Severity};
pub(crate) use paths::THE_RECORDS_HAVE;
pub use prompts::{asked_the_same, has_names, meant_in_braces};
pub use sample::Sample;
pub(crate) use spans::THE_TRACES_HAVE;
pub(crate) use values::NUMBERS_OF_BOTH;
