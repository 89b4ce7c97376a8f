//! What a run leaves on disk while it goes on, so that nothing that was complete is run twice.
//!
//! A *run directory* holds three files: `run.json` says whose run it is, `run.log` is what came of it, and
//! `run.lock` keeps other processes out. `docs/guide/resuming.md` tells users about them.
//!
//! | module | what it holds |
//! |---|---|
//! | `frame` | the log as frames with checksums: what is whole, what is torn, what is damaged |
//! | `spare` | buffers that frames stand in, used again |
//! | `index` | where in a log which record and which answer stands |
//! | `writer` | appending frames, and seeing to it that they reach the disk |
//! | `manifest` | whose run it is |
//! | `lock` | one process at a time |
//! | `dir` | the directory as a whole |

mod dir;
mod error;
mod frame;
mod index;
mod lock;
mod manifest;
mod spare;
#[cfg(test)]
mod tests;
mod writer;

pub(crate) use dir::answers_of;
pub use dir::{Earlier, Recovered, RunDir, check_reuse};
pub use error::RunDirError;
pub(crate) use frame::RowFrames;
pub(crate) use index::{Answers, LastFrame, LoggedRows};
pub use manifest::Records;
pub(crate) use spare::Spare;
pub(crate) use writer::Log;
