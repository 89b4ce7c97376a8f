//! Drift tasks: columns over all records against how they were.
//!
//! | file | what it holds |
//! |---|---|
//! | `spec` | what is written down, and how it is built |
//! | `baseline` | how columns were: a profile, or an earlier run |
//! | `measure` | what the columns come to |
//! | `places` | where in that there is something, before it is measured |
//! | `node` | the node, and how what it measured is judged |
//! | `watch` | all that a profile watches at once, as a server's job does |

mod baseline;
mod measure;
mod node;
mod places;
mod spec;
mod watch;

pub use baseline::Baseline;
pub use spec::{DriftError, DriftSpec, Given};
pub use watch::{Few, Seen, WatchSpec};
