//! Why a run directory cannot be used.

use std::io;
use std::path::{Path, PathBuf};

use crate::counted::counted;
use crate::value::Value;

/// Why a run directory cannot be used. Nothing in it was changed.
#[derive(Debug, thiserror::Error)]
pub enum RunDirError {
    /// The file system said no.
    #[error("failed to {what} `{}`: {cause}; what was logged before is kept", path.display())]
    Io {
        /// What was tried, as a verb.
        what: &'static str,
        /// With what.
        path: PathBuf,
        /// Why not.
        #[source]
        cause: io::Error,
    },
    /// Another run has it.
    #[error(
        "`{}` is in use by {}: wait for it to end, or give another directory", dir.display(),
        by.map_or_else(|| "another process".to_owned(), |pid| format!("the process {pid}")),
    )]
    InUse {
        /// The directory.
        dir: PathBuf,
        /// The process that has it, where it can be told.
        by: Option<u32>,
    },
    /// It holds a run of other tasks.
    #[error(
        "`{}` holds a run of other tasks: {}; give another directory, with `reuse` to take from this one what has not changed",
        dir.display(), differences.join(", "),
    )]
    OtherSuite {
        /// The directory.
        dir: PathBuf,
        /// What differs, task by task. Never empty.
        differences: Vec<String>,
    },
    /// It holds a run over other records.
    #[error(
        "`{}` holds a run over other records: {difference}; give another directory, with `reuse` to take from this one what has not changed",
        dir.display(),
    )]
    OtherRecords {
        /// The directory.
        dir: PathBuf,
        /// What differs.
        difference: String,
    },
    /// It holds a run of another number of trials.
    #[error(
        "the run in `{}` was made with trials={there}, and this one asks for trials={here}: ask for as many to go on with it, or give another directory, with `reuse` to take from this one what has not changed",
        dir.display(),
    )]
    OtherTrials {
        /// The directory.
        dir: PathBuf,
        /// How many trials each record has there.
        there: Value,
        /// How many it is to have.
        here: Value,
    },
    /// The run is to take over from the directory that it goes on in.
    #[error(
        "`{}` cannot be both the directory of the run and what is reused: what it holds is taken anyway, so leave `reuse` out or name an earlier run's",
        dir.display(),
    )]
    ReusesItself {
        /// The directory.
        dir: PathBuf,
    },
    /// It is not a run directory.
    #[error("`{}` is no run directory: {why}", dir.display())]
    NotARun {
        /// The directory.
        dir: PathBuf,
        /// Why not.
        why: String,
    },
    /// Bytes in the middle of the log have changed since they were written.
    #[error(
        "`{}` is damaged at byte {at}, with {records} before it and more behind: nothing was changed; give another directory, with `reuse` to take from this one what can be read",
        path.display(),
        records = counted(before, "record"),
    )]
    Damaged {
        /// The log.
        path: PathBuf,
        /// Where the first broken frame begins.
        at: u64,
        /// How many records are complete before it.
        before: usize,
    },
}

impl RunDirError {
    pub(super) fn io(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |cause| Self::Io { what, path, cause }
    }
}
