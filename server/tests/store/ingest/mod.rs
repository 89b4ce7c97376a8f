//! Records and profiles over real HTTP and gRPC.

mod batches;
mod evals;
pub(crate) mod faults;
pub(crate) mod grpc;
pub(crate) mod grpc_profiles;
mod limits;
mod older;
mod profiles;
mod requests;
pub(crate) mod running;
mod skew;
mod stalled;
mod stopping;
