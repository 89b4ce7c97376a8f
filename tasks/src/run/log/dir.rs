//! A run directory as a whole.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::error::RunDirError;
use super::frame::{End, OnDamage};
use super::index::{Answers, Index, LastFrame, LoggedRows};
use super::lock::Lock;
use super::manifest::{Draft, Manifest, Records, State};
use super::writer::Log;
use crate::fingerprint::of_record;
use crate::models::Addresses;
use crate::result::Row;
use crate::run::Entry;
use crate::suite::Suite;

/// The directory of a run, open for it to go on.
#[derive(Debug)]
pub struct RunDir {
    path: PathBuf,
    manifest: Manifest,
    recovered: Recovered,
    pub(crate) log: Arc<Log>,
    pub(crate) rows: Arc<LoggedRows>,
    pub(crate) answers: Option<Answers>,
    /// Given back last.
    _lock: Lock,
}

/// What an earlier run came to, record by record.
#[derive(Debug)]
pub struct Earlier {
    rows: Arc<LoggedRows>,
    last: LastFrame,
}

impl Earlier {
    /// The row of the record at this place, where it is complete there and the record, which is read only then, is
    /// still what it was.
    pub fn row(&mut self, position: u64, entry: impl FnOnce() -> Entry) -> Option<Row> {
        let place = self.rows.place(position)?;
        let entry = entry();
        let same = of_record(&entry) == place.record;
        // One that cannot be read any more is as good as none.
        same.then(|| self.rows.read(place, &entry.subject.reads, &mut self.last).ok()).flatten()
    }
}

/// What an earlier run left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recovered {
    /// How many records are complete.
    pub records: usize,
    /// How many bytes were cut off the end of the log: what a crash left of a frame that was being written.
    pub cut: u64,
}

impl RunDir {
    /// Opens the directory for a run of this suite over these records, with models at these addresses, and makes it
    /// where there is none.
    ///
    /// # Errors
    /// Where another process has it, where it holds another run, where its log is damaged, and where the file
    /// system says no.
    pub fn open(
        dir: &Path,
        suite: &Suite,
        records: &Records,
        addresses: &Addresses,
        created_at: DateTime<Utc>,
    ) -> Result<Self, RunDirError> {
        check_folder(dir)?;
        fs::create_dir_all(dir).map_err(RunDirError::io("make the directory", dir))?;
        let lock = Lock::take(dir)?;
        let wanted = Manifest::new(suite, records, addresses, created_at);
        let path = log_path(dir);
        let manifest = match Manifest::read(dir)? {
            None if fs::metadata(&path).is_ok_and(|log| log.len() > 0) => {
                let why = "there is a `run.log` without its `run.json`".to_owned();
                return Err(RunDirError::NotARun { dir: dir.to_owned(), why });
            }
            None => wanted,
            Some(found) => {
                found.check(&wanted, dir)?;
                found
            }
        };
        let read = RunDirError::io("read", &path);
        let file = OpenOptions::new().create(true).truncate(false).read(true).write(true).open(&path);
        let file = file.map_err(RunDirError::io("open", &path))?;
        let opened = || -> io::Result<_> {
            let (index, end) = Index::of(&file, OnDamage::Stop)?;
            Ok((index, end, file.metadata()?.len(), File::open(&path)?, File::open(&path)?))
        };
        let (Index { rows, answers }, end, len, for_rows, for_answers) = opened().map_err(read)?;
        let whole = match end {
            End::Whole => len,
            End::Torn { at } => at,
            End::Damaged { at } => return Err(RunDirError::Damaged { path, at, before: rows.len() }),
        };
        let draft = manifest.draft(dir, State::Running)?;
        let first = move || draft.sync().and_then(|()| draft.put());
        Ok(Self {
            path: dir.to_owned(),
            manifest,
            recovered: Recovered { records: rows.len(), cut: len - whole },
            log: Arc::new(Log::new(file, &path, whole, first)?),
            rows: Arc::new(LoggedRows::new(rows, for_rows, path)),
            answers: Some(Answers::new(for_answers, answers)),
            _lock: lock,
        })
    }

    /// What an earlier run left.
    pub fn recovered(&self) -> Recovered {
        self.recovered
    }

    /// What an earlier run came to, for when this one has ended.
    pub fn earlier(&self) -> Earlier {
        Earlier { rows: self.rows.clone(), last: LastFrame::default() }
    }

    /// Ends the run: everything is on the disk then, and other processes may go on with it.
    pub(crate) fn close(self, complete: bool) -> Result<(), RunDirError> {
        // Both go to the disk at the same time.
        self.log.end();
        let state = if complete { State::Complete } else { State::Stopped };
        let draft = self.manifest.draft(&self.path, state).and_then(|draft| draft.sync().map(|()| draft));
        self.log.close()?;
        // The state is for people: a run whose log is whole has not failed for the want of it.
        let _ = draft.and_then(Draft::put);
        Ok(())
    }
}

impl Drop for RunDir {
    fn drop(&mut self) {
        // Others may hold the log: nothing is written to the directory any more when its lock is given back.
        let _ = self.log.close();
    }
}

fn log_path(dir: &Path) -> PathBuf {
    dir.join("run.log")
}

/// Sees to it that a run that goes on in a directory takes over from another one. To be asked before the directory
/// is opened.
///
/// # Errors
/// Where both are one.
pub fn check_reuse(run_dir: &Path, reuse: &Path) -> Result<(), RunDirError> {
    let real = |dir: &Path| fs::canonicalize(dir).unwrap_or_else(|_| dir.to_owned());
    if real(run_dir) == real(reuse) {
        return Err(RunDirError::ReusesItself { dir: run_dir.to_owned() });
    }
    Ok(())
}

/// Where something is there, that it is a folder.
fn check_folder(dir: &Path) -> Result<(), RunDirError> {
    if dir.exists() && !dir.is_dir() {
        let why = "it is a file: give a folder, which is made where there is none".to_owned();
        return Err(RunDirError::NotARun { dir: dir.to_owned(), why });
    }
    Ok(())
}

/// The answers of a run directory that is only read. A run may go on in it meanwhile: what is there so far
/// counts.
pub(crate) fn answers_of(dir: &Path) -> Result<Answers, RunDirError> {
    check_folder(dir)?;
    if Manifest::read(dir)?.is_none() {
        return Err(RunDirError::NotARun { dir: dir.to_owned(), why: "there is no `run.json`".to_owned() });
    }
    let path = log_path(dir);
    let read = || -> io::Result<_> {
        let file = File::open(&path)?;
        let (index, _) = Index::of(&file, OnDamage::Skip)?;
        Ok(Answers::new(file, index.answers))
    };
    read().map_err(RunDirError::io("read", &path))
}
