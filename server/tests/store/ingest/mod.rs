//! Records over real HTTP and gRPC.

mod batches;
pub(crate) mod faults;
pub(crate) mod grpc;
mod limits;
mod profiles;
pub(crate) mod running;
mod stalled;
mod stopping;
