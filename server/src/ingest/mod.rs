//! Records come in: each is looked at, and kept before that is told.
//!
//! | module | what it holds |
//! |---|---|
//! | `take` | a batch from beginning to end |
//! | `watched` | what is known of the profiles that records come for |
//! | `fit` | from records to rows, or the reason why not |
//! | `counted` | rows of features by bin, counted when they are kept |
//! | `eval`, `requests` | the same of what is to be evaluated, and of requests |
//! | `room` | how much may wait for a table |
//! | `rows` | rows, by the table that they go to |
//! | `committer` | a queue with a bound for each table, and what commits all that waits in it |

mod committer;
mod counted;
mod eval;
mod fit;
mod requests;
mod room;
mod rows;
mod take;
mod watched;

#[cfg(test)]
mod tests;

pub use committer::NotKept;
pub use take::{Committers, Ingest, IngestError, IngestOptions};
