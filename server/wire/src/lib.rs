//! What client and server say to each other: plain types with two forms, protobuf for programs that send much and JSON for all others.
//!
//! | module | what it holds |
//! |---|---|
//! | [`records`] | what an application sends: batches of records, by profile |
//! | [`receipt`] | what became of them: accepted, or refused with the reason |
//! | [`protobuf`] | records, receipts and profiles as protobuf; the generated services of gRPC |
//! | [`json`] | records and receipts as JSON, a record at a time |
//! | `error` | what cannot be read at all, and how large a batch may be |
//! | [`profiles`] | bodies of the API for profiles |
//! | [`access`] | bodies of the API for logging in, and for API keys |
//! | [`alerts`] | bodies of the API for alerts, and what webhooks are sent |
//! | [`drift`] | bodies of the API for drift over time |
//! | [`table`] | bodies of the API for records that were kept |
//! | [`evals`] | bodies of the API for what is to be evaluated |
//! | [`requests`] | bodies of the API for requests to an application |
//! | `words` | enums that are sent as words |
//! | [`problem`] | errors of the API: problem details with codes that do not change |
//!
//! Nothing here knows what a profile holds or whether a record fits it. A side that is older than the other passes over what it does not
//! know; of a record whose kind it does not know, it says so and keeps the rest.
//!
//! ```
//! use scouter_wire::{json, protobuf};
//!
//! let body = br#"{"groups": [{"profile": "0195a5c0-0000-7000-8000-000000000001", "records": [
//!     {"uid": "0195a5c0-1111-7000-8000-000000000002", "features": {"age": 41, "city": "Rome", "income": null}},
//!     {"uid": "first", "metrics": {"mae": 0.2}}
//! ]}]}"#;
//! let received = json::read_batch(body)?;
//! assert_eq!(received.batch.len(), 1);
//! assert_eq!(received.refused[0].reason, "record 1 of group 0: `uid` is no UUID of version 7");
//!
//! let sent = protobuf::write_batch(received.batch.clone()).into();
//! assert_eq!(protobuf::read_batch(&sent)?.batch, received.batch);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod access;
pub mod alerts;
pub mod drift;
mod error;
pub mod evals;
pub mod json;
pub mod problem;
pub mod profiles;
pub mod protobuf;
pub mod receipt;
pub mod records;
pub mod requests;
pub mod table;
mod words;

#[cfg(test)]
mod tests;

pub use error::{MAX_BYTES, MAX_CONTEXT, MAX_RECORDS, MAX_ROUTES, MAX_TEXT, MAX_VALUES, ReadError};
