//! Records over gRPC: frames are the library's, what is in them goes the same road as over HTTP.
//!
//! | module | what it holds |
//! |---|---|
//! | `records` | `scouter.v1.Ingest` |
//! | `call` | who a call is from, and its one message |
//! | `frames` | messages as bytes |
//! | `status` | problems as statuses |

mod call;
mod frames;
mod records;
mod status;

use axum::Router;

use super::gate::Gate;
use super::router::Api;

/// All operations. They ask for a place, at the gate of batches, and who calls, themselves.
pub(super) fn routes(api: &Api, batches: Gate) -> Router<Api> {
    records::routes(api, batches)
}
