//! The API over HTTP and gRPC, on one port.
//!
//! | module | what it holds |
//! |---|---|
//! | `serve` | the port, and how it is closed |
//! | `router` | which operation is where |
//! | `records` | `POST /v1/records` |
//! | `grpc` | the same over gRPC |
//! | `profiles` | `/v1/profiles` |
//! | `health` | `/healthz`, `/readyz` |
//! | `body` | bodies that are read: bounded, unpacked, in time |
//! | `form` | the forms that batches and receipts have |
//! | `problem` | errors as answers |

mod body;
mod form;
mod grpc;
mod health;
mod problem;
mod profiles;
mod records;
mod router;
mod serve;

pub use router::{Api, router};
pub use serve::serve;
