//! Results as documents, for people and for CI: one HTML file, Markdown for pull requests, JUnit XML, JSON.
//!
//! | module | what it holds |
//! |---|---|
//! | `form` | the forms, which one a file name asks for, and how a file is written |
//! | `facts` | what every form tells: rates, the order of the records, what changed |
//! | `diff` | what a comparison adds; the one place that knows [`Comparison`](crate::result::Comparison) |
//! | `trials` | what several trials of each case add |
//! | `check` | one outcome in words |
//! | `rate`, `text` | shares with their intervals, text that is safe to show |
//! | `html`, `listing`, `repeats` | the page, the records on it, and their trials |
//! | `window` | what the tasks came to that look at all records |
//! | `drift`, `chart` | drift as documents, and what they draw |
//! | `layout`, `graph` | the plan drawn as a graph |
//! | `markdown`, `markup`, `junit` | the other forms |
//!
//! Everything is pure but [`save`] and [`save_text`]: the same results give the same text.

mod chart;
mod check;
mod diff;
pub mod drift;
mod facts;
mod form;
mod graph;
mod html;
mod junit;
mod layout;
mod listing;
mod markdown;
mod markup;
mod rate;
mod repeats;
mod text;
mod trials;
mod window;

pub use facts::Report;
pub use form::{Form, UnknownForm, save, save_text};
