//! Calls as spans: what is measured of them, by the names of OpenTelemetry's conventions for generative AI. What is said is not in
//! it.

mod attributes;
mod call;

pub use attributes::{Attribute, Attributes};
pub use call::{CallSpan, Spans};
