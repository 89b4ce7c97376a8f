//! What cannot be read at all.

use thiserror::Error;

/// How many bytes a batch may have, once it is unpacked.
pub const MAX_BYTES: usize = 4 << 20;

/// How many records a batch may have.
pub const MAX_RECORDS: usize = 10_000;

/// Why nothing of what was sent can be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ReadError {
    /// It has not the form that it should have.
    #[error("read {form}: {why}")]
    Malformed {
        /// The form.
        form: &'static str,
        /// Where it breaks.
        why: String,
    },
    /// A batch of too many records.
    #[error("a batch has at most {MAX_RECORDS} records: divide it")]
    TooManyRecords,
}
