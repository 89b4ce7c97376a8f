//! The API over HTTP and gRPC, on one port.
//!
//! | module | what it holds |
//! |---|---|
//! | `serve` | the port, and how it is closed |
//! | `router` | which operation is where |
//! | `records` | `POST /v1/records` |
//! | `grpc` | the same over gRPC |
//! | `profiles` | `/v1/profiles` |
//! | `alerts` | `/v1/profiles/{uid}/alerts`, `/v1/alerts` |
//! | `health` | `/healthz`, `/readyz` |
//! | `bounds` | what all of it is bounded by |
//! | `gate` | how many requests are under way at once |
//! | `body` | bodies that are read: bounded, unpacked, in time |
//! | `form` | the forms that batches and receipts have |
//! | `problem` | errors as answers |

mod alerts;
mod body;
mod bounds;
mod form;
mod gate;
mod grpc;
mod health;
mod problem;
mod profiles;
mod records;
mod router;
mod serve;

pub use bounds::Bounds;
pub use router::{Api, router};
pub use serve::serve;
