//! How many records a batch has. An empty record takes two bytes as it is sent and a hundred once it is read, so they are counted before,
//! by messages that know nothing of them but that they are there.

use prost::{DecodeError, Message};

#[derive(Clone, PartialEq, Message)]
struct Batch {
    #[prost(message, repeated, tag = "1")]
    groups: Vec<Group>,
}

#[derive(Clone, PartialEq, Message)]
struct Group {
    #[prost(message, repeated, tag = "3")]
    records: Vec<Record>,
}

/// A record without any of its fields, which takes no memory.
#[derive(Clone, PartialEq, Message)]
struct Record {}

/// The number of records; a group counts as one where it has none.
pub(super) fn records(batch: &[u8]) -> Result<usize, DecodeError> {
    Ok(Batch::decode(batch)?.groups.iter().map(|group| group.records.len().max(1)).sum())
}
