//! Tasks: what a user writes down, and how it becomes a node.
//!
//! One kind of task is one file: its spec, how it is built, its node, its tests. A further kind
//! implements [`Task`] and, to be read from files, adds itself to [`crate::suite::Kinds`].

mod assertion;
mod build;
mod drift;
mod expectation;
mod head;
mod judge;
mod spec;
mod trace_assertion;

pub use assertion::AssertionSpec;
pub use build::{Build, Built, ConfigError, Explain, Problem, Purpose, Use};
pub use drift::{Baseline, DriftError, DriftSpec, Few, Given as GivenDrift, Seen, WatchSpec};
pub use expectation::{Each, Expectation, Ready};
pub use head::Head;
pub use judge::{Calibrated, Combine, Juror, LLMJudgeSpec, Pair};
pub use spec::{Ask, Scope, Subtitle, Task, Terms, read_fields};
pub use trace_assertion::TraceAssertionSpec;
