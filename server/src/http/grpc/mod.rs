//! Records and profiles over gRPC: frames are the library's, what is in them goes the same road as over HTTP.
//!
//! | module | what it holds |
//! |---|---|
//! | `records` | `scouter.v1.Ingest` |
//! | `profiles` | `scouter.v1.Profiles` |
//! | `call` | who a call is from, and its one message |
//! | `frames` | messages as bytes |
//! | `status` | problems as statuses |

mod call;
mod frames;
mod profiles;
mod records;
mod status;

use axum::Router;

use super::gate::Gate;
use super::router::Api;

/// All operations. They ask for a place, at the gate of batches or at that of all else, and who calls, themselves.
pub(super) fn routes(api: &Api, batches: &Gate, others: &Gate) -> Router<Api> {
    records::routes(api, batches.clone()).merge(profiles::routes(api, others))
}
