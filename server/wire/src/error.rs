//! What cannot be read at all.

use thiserror::Error;

/// How many bytes a batch may have, once it is unpacked.
pub const MAX_BYTES: usize = 4 << 20;

/// How many records a batch may have.
pub const MAX_RECORDS: usize = 10_000;

/// How many bytes the text of a feature may have. It is compared with categories: what is longer is a mistake, and would be in memory with
/// thousands of its like when drift is looked for.
pub const MAX_TEXT: usize = 4096;

/// How many bytes the context of what is to be evaluated may have. It is looked at as a whole, by every task of its plan.
pub const MAX_CONTEXT: usize = 1 << 20;

/// How many routes a record of requests may have: an application declares them, so more are no routes but paths.
pub const MAX_ROUTES: usize = 1_000;

/// How many texts, metrics, features with bins, routes and statuses a batch may have, together with its names and records. Even the shortest
/// take eight bytes each, so that a batch of them that is small enough has no more; this is about those that are empty.
pub const MAX_VALUES: usize = MAX_BYTES / 8 + MAX_RECORDS;

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
    /// A batch of too many values.
    #[error("a batch has at most {MAX_VALUES} values: divide it")]
    TooManyValues,
}
