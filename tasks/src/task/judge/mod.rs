//! Judges: a model's reply against what is expected of it.
//!
//! A judge has two halves. [`ask`] makes the question of a record and gets the reply, which is kept and
//! found again; [`node`] judges it, which costs nothing and may change without asking again.

mod ask;
mod node;
mod prompt;
mod spec;

pub use spec::LLMJudgeSpec;
