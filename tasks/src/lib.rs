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
//! | [`source`], [`template`] | where nodes read, and values that are filled in |
//! | [`measured`] | what a node makes |
//! | [`records`] | records that stand in files |
//! | [`run`] | a suite over many records: entries in, rows out |
//! | [`result`] | what a run over many records came to, compared and printed |

pub mod measured;
pub mod operator;
pub mod path;
mod pattern;
pub mod records;
pub mod result;
pub mod run;
pub mod source;
pub mod subject;
pub mod suite;
pub mod task;
pub mod template;
pub mod trace;
pub mod value;
