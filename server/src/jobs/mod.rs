//! Drift is looked for when it is due: each time by one of any number of servers, and once after a time in which there was none.
//!
//! | module | what it holds |
//! |---|---|
//! | `carried` | what a window hands over to the next |
//! | `columns` | records of a window as columns, a piece at a time |
//! | `psi`, `spc`, `custom` | the rows of a window as states of the features of a profile |
//! | `gathered` | what they come to |
//! | `open` | what a job has yet to look at, told before it does |
//! | `find` | what the window of any profile says, by a plan of the engine |
//! | `worker` | who does it, and when |

mod carried;
pub(crate) mod columns;
mod custom;
mod find;
mod gathered;
mod open;
mod psi;
mod spc;
mod worker;

#[cfg(test)]
mod tests;

pub use find::{Found, JobError, find};
pub use open::{Open, OpenWindows};
pub use worker::Worker;
