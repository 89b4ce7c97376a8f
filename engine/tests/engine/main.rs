//! The engine as its users see it.
#![expect(
    clippy::unwrap_used,
    clippy::unnecessary_wraps,
    reason = "helpers of tests, which fail by panicking"
)]

mod batch;
mod graph;
mod run;
mod support;
