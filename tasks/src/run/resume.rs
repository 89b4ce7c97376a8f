//! Going on with a run: what its directory holds is not run again, and what is run goes there.

use std::collections::{HashMap, VecDeque};
use std::error::Error;
use std::num::NonZeroUsize;
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use scouter_engine::{Cancel, Source};

use super::log::{Place, RunDir, RunDirError, answers_of};
use super::rows::Ran;
use super::sealed::Sealed;
use super::sink::Sink;
use crate::fingerprint::of_record;
use crate::memory::Memory;
use crate::subject::Reads;
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

/// Lets a run of this suite go on in its directory: the source to give the run, and the sink to collect its rows with.
/// Without a directory both do what those that were given do. Once `hurry` is set, since somebody waits for the end, rows of
/// the log are handed on no longer: there may be millions of them.
pub fn resume<T, S: Sink>(
    suite: &Suite,
    run_dir: Option<RunDir>,
    source: T,
    sink: S,
    hurry: &Cancel,
) -> (Resuming<T>, Logged<S>) {
    let past = run_dir.as_ref().map(|dir| Past {
        rows: dir.rows.clone(),
        kept: Arc::default(),
        reads: suite.reads.clone(),
        next: 0,
    });
    let kept = past.as_ref().map(|past| past.kept.clone()).unwrap_or_default();
    let run = run_dir.map(|dir| Run { dir, kept, next: 0, hurry: hurry.clone(), late: false });
    (Resuming { source, past }, Logged { sink, run })
}

/// The places of records whose rows are in the log and count, in their order: told by the source, as far as it has come,
/// and done with by the sink.
#[derive(Debug, Default)]
struct Kept(Mutex<VecDeque<Range<u64>>>);

impl Kept {
    fn lock(&self) -> MutexGuard<'_, VecDeque<Range<u64>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next places, from this one on, if it is theirs.
    fn take(&self, from: u64) -> Option<Range<u64>> {
        let mut kept = self.lock();
        let places = kept.front_mut().filter(|places| places.start == from)?;
        let next = from..places.end.min(from + CHUNK);
        places.start = next.end;
        if places.is_empty() {
            kept.pop_front();
        }
        Some(next)
    }
}

/// A source without the records whose rows are in the log.
#[derive(Debug)]
pub struct Resuming<T> {
    source: T,
    past: Option<Past>,
}

#[derive(Debug)]
struct Past {
    rows: Arc<HashMap<u64, Place>>,
    kept: Arc<Kept>,
    reads: Arc<Reads>,
    /// The place of the record that comes next.
    next: u64,
}

impl<T: Source<Sealed>> Source<Sealed> for Resuming<T> {
    async fn take(&mut self, most: NonZeroUsize) -> Vec<Sealed> {
        let Some(past) = &mut self.past else { return self.source.take(most).await };
        loop {
            let mut records = self.source.take(most).await;
            if records.is_empty() {
                return records;
            }
            records.retain_mut(|record| past.is_left(record));
            if !records.is_empty() {
                return records;
            }
        }
    }
}

impl Past {
    /// Whether the next record is to be run; its place is told to it then. It is looked into only where a row of its place is in
    /// the log.
    fn is_left(&mut self, record: &mut Sealed) -> bool {
        let position = self.next;
        self.next += 1;
        if let Some(place) = self.rows.get(&position)
            && of_record(record.look(&self.reads)) == place.record
        {
            let mut kept = self.kept.lock();
            match kept.back_mut() {
                Some(places) if places.end == position => places.end += 1,
                _ => kept.push_back(position..position + 1),
            }
            return false;
        }
        record.logged = Some(position);
        true
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
    kept: Arc<Kept>,
    /// The place whose row comes next.
    next: u64,
    hurry: Cancel,
    /// Whether there is no time for more rows of the log.
    late: bool,
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
    /// Takes the next rows of the run. Where rows of the log would come before them and there is no time for these, they are
    /// in the log and nowhere else.
    ///
    /// # Errors
    /// Where they can't be taken: the run ends, and these rows are lost to it.
    pub fn take(&mut self, Ran { mut rows, positions, frames }: Ran) -> Result<(), LoggedError<S::Error>> {
        let Some(run) = &mut self.run else { return self.sink.take(rows).map_err(LoggedError::Sink) };
        debug_assert_eq!(positions.len(), rows.len(), "every row of a run with a log is logged");
        run.dir.log.rows(frames)?;
        // Rows come in the order of their records; between them may be some that are in the log.
        for turn in positions.chunk_by(|one, next| one + 1 == *next) {
            run.hand_on_kept(&mut self.sink)?;
            if run.next < turn[0] {
                debug_assert!(run.late, "what lies between two rows is in the log");
                return Ok(());
            }
            run.next = turn[0] + turn.len() as u64;
            // Nearly always it is the turn of all of them.
            let behind = rows.split_off(turn.len());
            self.sink.take(std::mem::replace(&mut rows, behind)).map_err(LoggedError::Sink)?;
        }
        Ok(())
    }

    /// Takes what the log has behind the last row that was run.
    ///
    /// # Errors
    /// Where the log could not be read, or the sink took a row not.
    pub fn take_rest(&mut self) -> Result<(), LoggedError<S::Error>> {
        self.run.as_mut().map_or(Ok(()), |run| run.hand_on_kept(&mut self.sink))
    }

    /// Ends the run and gives the sink back, with all rows that the log has in their turn.
    ///
    /// # Errors
    /// Where the log could not be read or brought to the disk, or the sink took a row not.
    pub fn finish(mut self, stopped: bool) -> Result<S, LoggedError<S::Error>> {
        self.take_rest()?;
        if let Some(run) = self.run {
            let complete = !stopped && run.kept.lock().is_empty();
            run.dir.close(complete)?;
        }
        Ok(self.sink)
    }
}

impl Run {
    /// Hands the rows on whose turn it is and which are in the log: all of them, unless there is no time.
    fn hand_on_kept<S: Sink>(&mut self, sink: &mut S) -> Result<(), LoggedError<S::Error>> {
        while !self.late
            && let Some(places) = self.kept.take(self.next)
        {
            self.next = places.end;
            let places = places.filter_map(|position| self.dir.rows.get(&position));
            let rows = places.map(|place| self.dir.reader.row(*place)).collect::<Result<Vec<_>, _>>()?;
            sink.take(rows).map_err(LoggedError::Sink)?;
            // Once more is quick, and may be all that lies before a row that was run.
            self.late = self.hurry.is_cancelled();
        }
        Ok(())
    }
}
