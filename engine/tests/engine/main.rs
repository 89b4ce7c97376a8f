//! The engine as its users see it.

mod batch;
mod graph;
mod run;
mod support;
