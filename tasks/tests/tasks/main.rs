//! The crate as its users see it: suites from code and files, and what their results come to.

mod compare;
mod compile;
mod files;
mod json;
mod operators;
mod schema;
mod support;
mod tables;
mod trim;
