//! Going on with a run: what its directory holds is not run again, and what is run goes there.

use std::error::Error;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;

use scouter_engine::Source;

use super::log::{LoggedRows, RunDir, RunDirError, answers_of};
use super::rows::Ran;
use super::sealed::Sealed;
use super::sink::Sink;
use crate::memory::Memory;
use crate::suite::Suite;

/// The memory of a run: the answers of its own directory, and of an earlier one. `None` where no task has
/// something to remember.
///
/// # Errors
/// Where `reuse` cannot be read as a run directory.
pub fn memory(
    suite: &Suite,
    run_dir: Option<&mut RunDir>,
    reuse: Option<&Path>,
) -> Result<Option<Arc<Memory>>, RunDirError> {
    let reused = reuse.map(answers_of).transpose()?;
    let own = run_dir.and_then(|dir| Some((dir.answers.take()?, dir.log.clone())));
    if own.is_none() && reused.is_none() {
        return Ok(None);
    }
    Ok(Some(Memory::new(suite, own, reused)).filter(Memory::is_needed).map(Arc::new))
}

/// Lets a run go on in its directory: the source to give [`rows`](super::rows()), and the sink to collect its rows with.
/// Without a directory both do what those that were given do.
pub fn resume<T, S: Sink>(run_dir: Option<RunDir>, source: T, sink: S) -> (Resuming<T>, Logged<S>) {
    let past = run_dir.as_ref().map(|dir| dir.rows.clone());
    (Resuming { source, past, next: 0 }, Logged { sink, dir: run_dir })
}

/// A source whose records know their places where there is a run directory, and the rows that it holds already.
#[derive(Debug)]
pub struct Resuming<T> {
    source: T,
    pub(super) past: Option<Arc<LoggedRows>>,
    /// The place of the record that comes next.
    next: u64,
}

impl<T: Source<Sealed>> Source<Sealed> for Resuming<T> {
    async fn take(&mut self, most: NonZeroUsize) -> Vec<Sealed> {
        let mut records = self.source.take(most).await;
        if self.past.is_some() {
            for record in &mut records {
                record.logged = Some(self.next);
                self.next += 1;
            }
        }
        records
    }
}

/// A sink that is given rows once they are in the log.
#[derive(Debug)]
pub struct Logged<S> {
    sink: S,
    dir: Option<RunDir>,
}

/// Why rows could not be taken.
#[derive(Debug, thiserror::Error)]
pub enum LoggedError<E: Error + 'static> {
    /// The log could not be written or read.
    #[error(transparent)]
    Log(#[from] RunDirError),
    /// The sink behind it took them not.
    #[error(transparent)]
    Sink(E),
}

impl<S: Sink> Logged<S> {
    /// Takes the next rows of the run.
    ///
    /// # Errors
    /// Where they can't be taken: the run ends, and these rows are lost to it.
    pub fn take(&mut self, Ran { rows, frames, unread, .. }: Ran) -> Result<(), LoggedError<S::Error>> {
        if let Some(dir) = &self.dir {
            dir.log.rows(frames)?;
        }
        if let Some(error) = unread {
            return Err(error.into());
        }
        self.sink.take(rows).map_err(LoggedError::Sink)
    }

    /// Ends the run and gives the sink back.
    ///
    /// # Errors
    /// Where the log could not be brought to the disk.
    pub fn finish(self, stopped: bool) -> Result<S, LoggedError<S::Error>> {
        if let Some(dir) = self.dir {
            dir.close(!stopped)?;
        }
        Ok(self.sink)
    }
}
