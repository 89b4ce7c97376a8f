//! Who is let in, over real HTTP and gRPC.

mod grpc;
mod hostile;
mod keys;
mod letting_in;
pub(crate) mod line;
mod login;
mod open;
mod roles;
mod support;
pub(crate) mod tls;
