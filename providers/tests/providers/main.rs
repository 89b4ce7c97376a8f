//! Providers and layers against a real HTTP server on loopback.
#![expect(clippy::unwrap_used, reason = "helpers of tests, which fail by panicking")]

mod budget;
mod cache;
mod cassette;
mod compatible;
mod connections;
mod embeddings;
mod faults;
mod golden;
mod limits;
mod retry;
mod secrets;
mod spans;
mod structured;
mod support;
