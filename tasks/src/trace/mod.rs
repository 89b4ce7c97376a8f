//! Spans, the tree they form, and what is measured on it.
//!
//! A [`TraceAssertion`] is the spec; [`TraceAssertion::compile`] makes a [`Measure`] of it, which
//! turns a [`Trace`] into a value that an operator then judges. The reference page is
//! `docs/reference/trace-assertions.md`.
//!
//! | module | what it holds |
//! |---|---|
//! | `span` | [`Span`] and its parts, as plain data |
//! | `tree` | [`Trace`]: spans in order of their start, and who is whose child |
//! | `filter`, `assertion` | the specs |
//! | `compile`, `error` | from specs to measures, with every mistake in them |
//! | `select` | which spans of a trace a filter selects |
//! | `measure`, `aggregate`, `trajectory` | the values |
//! | `tell` | which spans a value comes from, in words |
//! | `absent` | names that are looked for and not there, in words |
//! | [`samples`] | six small traces for tests |

mod absent;
mod aggregate;
mod assertion;
mod compile;
mod error;
mod filter;
mod measure;
pub mod samples;
mod select;
mod span;
mod tell;
#[cfg(test)]
mod tests;
mod trajectory;
mod tree;

pub use crate::pattern::PATTERN_BYTES;
pub use absent::Absent;
pub use assertion::{AggregationType, ArgumentMatch, ToolCall, TraceAssertion, TrajectoryMode};
pub use error::{MAX_FILTER_DEPTH, SpecProblem, TraceError, TraceSpecError};
pub use filter::{SpanFilter, SpanStatus};
pub use measure::{Measure, Reading};
pub use span::{Attribute, Span, SpanEvent, SpanLink};
pub use tree::Trace;
