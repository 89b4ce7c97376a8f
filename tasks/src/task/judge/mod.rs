//! Judges: models' replies against what is expected of them.
//!
//! A judge has two halves. [`ask`] makes the question of a record and gets the reply of one model or of several, which
//! is kept and found again; [`node`] judges it, which costs nothing and may change without asking again. A jury
//! ([`votes`]) and a pair ([`pair`]) are ways of asking one question, no kinds of their own.

mod ask;
mod calibrated;
mod jury;
mod node;
mod pair;
mod possible;
mod prompt;
mod spec;
mod votes;

pub use calibrated::Calibrated;
pub use jury::{Combine, Juror};
pub use pair::Pair;
pub use spec::LLMJudgeSpec;
