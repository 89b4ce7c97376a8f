//! Records over real HTTP and gRPC.

mod batches;
mod faults;
mod grpc;
mod limits;
mod profiles;
mod running;
