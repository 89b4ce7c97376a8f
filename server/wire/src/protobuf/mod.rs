//! Records, receipts and profiles as protobuf, and the services of gRPC that take them.
//!
//! | module | what it holds |
//! |---|---|
//! | [`v1`] | what is generated from `proto/scouter/v1/{records,profiles}.proto` |
//! | `count` | how much a message holds, before memory is spent on it |
//! | `read` | from messages to records |
//! | `write` | from records to messages |
//! | `profiles` | what is asked about profiles, and what is answered |

mod count;
mod profiles;
mod read;
mod write;

/// What is generated from the contract: messages, and the two ends of its services.
#[expect(missing_docs, clippy::pedantic, clippy::allow_attributes, reason = "generated from the contract")]
pub mod v1 {
    tonic::include_proto!("scouter.v1");
}

pub use profiles::{
    read_get_profile, read_register, read_set_status, write_profile, write_registered, write_whole_profile,
};
pub use read::{batch, read_batch, read_receipt, receipt};
pub use write::{batch_message, receipt_message, write_batch, write_receipt};
