//! Checks as data: what a user writes down (a *spec*), what it compiles to (a *node* of
//! [`scouter_engine`]) and what comes out (an *outcome*).
//!
//! | module | what it holds |
//! |---|---|
//! | [`value`] | JSON values with exact numbers, and how they compare |
//! | [`path`] | where a value is in a context |
//! | [`operator`] | what an assertion can say about a value |
//! | [`trace`] | spans, the span tree, and what is measured of it |
//! | [`task`] | the kinds of task and how they compile |
//! | [`suite`] | tasks that run together, from code or from files |
//! | [`subject`] | what a node sees of a record |
//! | [`packed`] | what was read of records, on its way between threads |
//! | [`source`], [`template`] | where nodes read, and values that are filled in |
//! | [`measured`], [`call`] | what a node makes, and what asking a model came to |
//! | [`models`] | who is asked in a run |
//! | [`records`] | records that stand in files |
//! | [`fingerprint`], [`memory`] | what has changed since an earlier run, and what has not |
//! | [`window`] | many records at once: columns, and the tasks that look at them |
//! | [`run`] | a suite over many records: entries in, rows out |
//! | [`result`] | what a run over many records came to, compared and printed |
//! | [`profile`] | baselines with their schedules and alerts, and what later data come to on them |
//! | [`report`] | results as documents: HTML, Markdown, JUnit XML |
//! | [`counted`] | numbers of things in words |
//! | [`with_nearest`] | what was probably meant by a name that nobody knows |
//! | [`file`] | files that are written whole or not at all |

mod braces;
pub mod call;
mod codec;
pub mod counted;
pub mod file;
pub mod fingerprint;
pub mod measured;
pub mod memory;
pub mod models;
mod nearer;
pub mod operator;
pub mod packed;
pub mod path;
mod pattern;
pub mod profile;
pub mod records;
pub mod report;
pub mod result;
pub mod run;
pub mod source;
pub mod subject;
pub mod suite;
pub mod task;
pub mod template;
pub mod trace;
pub mod value;
pub mod window;

pub use nearer::with_nearest;
