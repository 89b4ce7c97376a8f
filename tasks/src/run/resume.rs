//! Going on with a run: what its directory holds is not run again, and what is run goes there.

use std::collections::{HashMap, VecDeque};
use std::error::Error;
use std::num::NonZeroUsize;
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use scouter_engine::Source;

use super::entry::Entry;
use super::log::{Place, RunDir, RunDirError, answers_of};
use super::sink::Sink;
use crate::fingerprint::{Fingerprint, Printer, of_record};
use crate::memory::Memory;
use crate::result::Row;
use crate::suite::Suite;

/// How many rows of the log are handed on at a time.
const CHUNK: u64 = 1024;

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

/// Lets a run go on in its directory: the source to give the run, and the sink to collect its rows with. Without
/// a directory both do what those that were given do.
pub fn resume<T, S: Sink>(run_dir: Option<RunDir>, source: T, sink: S) -> (Resuming<T>, Logged<S>) {
    let turns = Arc::new(Turns::default());
    let past = run_dir.as_ref().map(|dir| Past { rows: dir.rows.clone(), turns: turns.clone() });
    let run = run_dir.map(|dir| Run { dir, turns, buffer: Vec::new() });
    (Resuming { source, past, next: 0 }, Logged { sink, run })
}

/// Whose turn it is, in the order of the records: what the source decided, and the sink carries out.
#[derive(Debug, Default)]
struct Turns(Mutex<VecDeque<Turn>>);

#[derive(Debug)]
enum Turn {
    /// The rows of these places are in the log.
    Kept(Range<u64>),
    /// The record at this place is run.
    Run { position: u64, record: Fingerprint },
}

impl Turns {
    fn lock(&self) -> MutexGuard<'_, VecDeque<Turn>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A source without the records whose rows are in the log.
#[derive(Debug)]
pub struct Resuming<T> {
    source: T,
    past: Option<Past>,
    /// The place of the record that comes next.
    next: u64,
}

#[derive(Debug)]
struct Past {
    rows: Arc<HashMap<u64, Place>>,
    turns: Arc<Turns>,
}

impl<T: Source<Entry>> Source<Entry> for Resuming<T> {
    async fn take(&mut self, most: NonZeroUsize) -> Vec<Entry> {
        let Some(past) = &self.past else { return self.source.take(most).await };
        loop {
            let mut entries = self.source.take(most).await;
            if entries.is_empty() {
                return entries;
            }
            past.sift(&mut self.next, &mut entries);
            if !entries.is_empty() {
                return entries;
            }
        }
    }
}

impl Past {
    /// Leaves the entries that are to be run.
    fn sift(&self, next: &mut u64, entries: &mut Vec<Entry>) {
        let mut turns = self.turns.lock();
        let mut printer = Printer::default();
        entries.retain(|entry| {
            let position = *next;
            *next += 1;
            let record = of_record(&mut printer, entry);
            if self.rows.get(&position).is_none_or(|place| place.record != record) {
                turns.push_back(Turn::Run { position, record });
                return true;
            }
            match turns.back_mut() {
                Some(Turn::Kept(places)) if places.end == position => places.end += 1,
                _ => turns.push_back(Turn::Kept(position..position + 1)),
            }
            false
        });
    }
}

/// A sink that is given the rows of the log in their turn, and the others once they are in the log.
#[derive(Debug)]
pub struct Logged<S> {
    sink: S,
    run: Option<Run>,
}

#[derive(Debug)]
struct Run {
    dir: RunDir,
    turns: Arc<Turns>,
    buffer: Vec<u8>,
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

impl<S: Sink> Sink for Logged<S> {
    type Error = LoggedError<S::Error>;

    fn take(&mut self, rows: Vec<Row>) -> Result<(), Self::Error> {
        let Some(run) = &mut self.run else { return self.sink.take(rows).map_err(LoggedError::Sink) };
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            run.hand_on_kept(&mut self.sink)?;
            // Rows come in the order in which their records were taken.
            let turns = run.turns.take_runs(rows.len());
            debug_assert!(!turns.is_empty(), "a row is of a record that was taken");
            let taken: Vec<Row> = rows.by_ref().take(turns.len()).collect();
            run.dir.log.rows(&mut run.buffer, &turns, &taken)?;
            self.sink.take(taken).map_err(LoggedError::Sink)?;
        }
        Ok(())
    }
}

impl<S: Sink> Logged<S> {
    /// Ends the run and gives the sink back, with all rows that the log has in their turn.
    ///
    /// # Errors
    /// Where the log could not be read or brought to the disk, or the sink took a row not.
    pub fn finish(mut self, stopped: bool) -> Result<S, LoggedError<S::Error>> {
        if let Some(mut run) = self.run {
            run.hand_on_kept(&mut self.sink)?;
            let complete = !stopped && run.turns.lock().is_empty();
            run.dir.close(complete)?;
        }
        Ok(self.sink)
    }
}

impl Turns {
    /// The records that are run next, up to the next whose row is in the log, `most` at most.
    fn take_runs(&self, most: usize) -> Vec<(u64, Fingerprint)> {
        let mut turns = self.lock();
        let run = |turn: &Turn| match turn {
            Turn::Run { position, record } => Some((*position, *record)),
            Turn::Kept(_) => None,
        };
        let next: Vec<_> = turns.iter().take(most).map_while(run).collect();
        turns.drain(..next.len());
        next
    }

    /// The next places whose rows are in the log, if it is their turn.
    fn take_kept(&self) -> Option<Range<u64>> {
        let mut turns = self.lock();
        let Some(Turn::Kept(places)) = turns.front_mut() else { return None };
        let next = places.start..places.end.min(places.start + CHUNK);
        places.start = next.end;
        if places.is_empty() {
            turns.pop_front();
        }
        Some(next)
    }
}

impl Run {
    /// Hands the rows on whose turn it is and which are in the log.
    fn hand_on_kept<S: Sink>(&mut self, sink: &mut S) -> Result<(), LoggedError<S::Error>> {
        while let Some(places) = self.turns.take_kept() {
            let places = places.filter_map(|position| self.dir.rows.get(&position));
            let rows = places.map(|place| self.dir.reader.row(*place)).collect::<Result<Vec<_>, _>>()?;
            sink.take(rows).map_err(LoggedError::Sink)?;
        }
        Ok(())
    }
}
