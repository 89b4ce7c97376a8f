//! Records and receipts as protobuf, and the service of gRPC that takes them.
//!
//! | module | what it holds |
//! |---|---|
//! | [`v1`] | what is generated from `proto/scouter/v1/records.proto` |
//! | `count` | how much a message holds, before memory is spent on it |
//! | `read` | from messages to records |
//! | `write` | from records to messages |

mod count;
mod read;
mod write;

/// What is generated from the contract: messages, and the two ends of its service.
#[expect(missing_docs, clippy::pedantic, clippy::allow_attributes, reason = "generated from the contract")]
pub mod v1 {
    tonic::include_proto!("scouter.v1");
}

pub use read::{batch, read_batch, read_receipt, receipt};
pub use write::{batch_message, receipt_message, write_batch, write_receipt};
