//! Appending to a log.

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use super::error::RunDirError;
use super::frame::{Kind, RowFrames, make};
use crate::fingerprint::Fingerprint;

/// How long what was written may take before it is made to reach the disk.
const SYNC: Duration = Duration::from_secs(1);

/// How many bytes may be written before they are made to reach the disk: so few that little is left to wait for at the
/// end, so many that it is done at the pace of the disk.
const MUCH: u64 = 4 << 20;

/// A log that is written.
///
/// What was appended outlives the process, however it ends, as soon as the call has returned. It outlives the
/// machine once it was synced: within a second or so, sooner where much is written, by a thread of the log's own, and
/// when it is closed.
#[derive(Debug)]
pub(crate) struct Log {
    path: PathBuf,
    shared: Arc<Shared>,
    syncing: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Debug)]
struct Shared {
    /// There once the thread has the state, which it gives back when frames may be appended: even where it breaks off, nobody
    /// waits for ever.
    begun: OnceLock<()>,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug)]
struct State {
    /// `None` once it is closed, or nothing more can be written.
    file: Option<File>,
    /// Where the last whole frame ends.
    len: u64,
    /// How many bytes were written since it was synced last.
    unsynced: u64,
    /// Why nothing more can be written, until somebody was told.
    failed: Option<RunDirError>,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The state, once frames may be appended.
    fn begun(&self) -> MutexGuard<'_, State> {
        self.begun.wait();
        self.lock()
    }
}

impl Log {
    /// Goes on at this place of the file; what is behind it is cut off. Nothing is appended before `first` is done, which
    /// brings to the disk what the log is worth nothing without, while the first records are judged. Where it fails, nothing
    /// ever is: that is told with the first rows, or when the log is closed.
    pub(super) fn new(
        mut file: File,
        path: &Path,
        len: u64,
        first: impl FnOnce() -> Result<(), RunDirError> + Send + 'static,
    ) -> Result<Self, RunDirError> {
        let start = |file: &mut File| {
            file.set_len(len)?;
            file.seek(SeekFrom::Start(len))?;
            file.try_clone()
        };
        let to_sync = start(&mut file).map_err(RunDirError::io("open", path))?;
        let state = Mutex::new(State { file: Some(file), len, unsynced: 0, failed: None });
        let shared = Arc::new(Shared { begun: OnceLock::new(), state, changed: Condvar::new() });
        let (watched, named) = (shared.clone(), path.to_owned());
        let syncing = Builder::new().name("scouter-log".to_owned());
        let syncing = syncing.spawn(move || {
            let mut state = watched.lock();
            // Nobody else sets it.
            let _ = watched.begun.set(());
            state.failed = first().err();
            drop(state);
            sync(&watched, &to_sync, &named);
        });
        let syncing = Mutex::new(Some(syncing.map_err(RunDirError::io("start a thread for", path))?));
        Ok(Self { path: path.to_owned(), shared, syncing })
    }

    /// Appends rows.
    pub(crate) fn rows(&self, mut rows: RowFrames) -> Result<(), RunDirError> {
        let (frames, all) = rows.whole();
        self.append(&mut self.shared.begun(), frames)?;
        if all {
            return Ok(());
        }
        Err(RunDirError::io("append to", &self.path)(io::Error::other("a row is too large")))
    }

    /// Appends an answer. A failure is told with the next rows, or when the log is closed.
    pub(crate) fn answer(&self, key: Fingerprint, fill: impl FnOnce(&mut Vec<u8>)) {
        let made = make(Kind::Answer, |out| {
            out.extend(key.to_bytes());
            fill(out);
        });
        // One that is larger than a frame is not remembered.
        if let Some(frame) = made {
            let mut state = self.shared.begun();
            // Who answers once the log has ended was left behind by a run that was stopped: nobody is to hear of it.
            if state.file.is_some()
                && let Err(error) = self.append(&mut state, &frame)
            {
                state.failed.get_or_insert(error);
            }
        }
    }

    fn append(&self, state: &mut State, frames: &[u8]) -> Result<(), RunDirError> {
        if let Some(error) = state.failed.take() {
            state.file = None;
            return Err(error);
        }
        let append = RunDirError::io("append to", &self.path);
        let Some(file) = &mut state.file else { return Err(append(io::Error::other("it is closed"))) };
        if let Err(error) = file.write_all(frames) {
            // Part of it may be there. Where it can't be cut off either, who opens the log will.
            let _ = file.set_len(state.len);
            state.file = None;
            return Err(append(error));
        }
        let written = frames.len() as u64;
        state.len += written;
        let before = state.unsynced;
        state.unsynced += written;
        // What the thread waits for: the first bytes, and then much. Rows that the log had bring none.
        let reached = |bytes| before < bytes && state.unsynced >= bytes;
        if reached(1) || reached(MUCH) {
            self.shared.changed.notify_one();
        }
        Ok(())
    }

    /// Nothing is appended any more: what was begins to be brought to the disk.
    pub(super) fn end(&self) {
        self.shared.begun().file = None;
        self.shared.changed.notify_one();
    }

    /// Sees to it that everything is on the disk. Nothing is appended after it.
    pub(crate) fn close(&self) -> Result<(), RunDirError> {
        self.end();
        let syncing = self.syncing.lock().unwrap_or_else(PoisonError::into_inner).take();
        let synced = syncing.map_or(Ok(()), JoinHandle::join);
        // Looked at last: systems tell an error once, and the thread may have been told it just now.
        if let Some(error) = self.shared.lock().failed.take() {
            return Err(error);
        }
        let broke_off = |_| RunDirError::io("sync", &self.path)(io::Error::other("its thread broke off"));
        synced.map_err(broke_off)
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        // Whoever wants to know of a failure closes it.
        let _ = self.close();
    }
}

/// Syncs the file a second after something was written, or once it is much, until the log is closed and all of it is on the
/// disk.
fn sync(shared: &Shared, file: &File, path: &Path) {
    // The names of the files, too, are to be there after the power was lost. Not every system can do that.
    let _ = path.parent().map(|dir| File::open(dir).and_then(|dir| dir.sync_all()));
    loop {
        let nothing = |state: &mut State| state.file.is_some() && state.unsynced == 0;
        let waiting = shared.changed.wait_while(shared.lock(), nothing);
        let written = waiting.unwrap_or_else(PoisonError::into_inner);
        // The first bytes, too, are waited upon: a short run is synced once, and writing stalls while a file is synced.
        let little = |state: &mut State| state.file.is_some() && state.unsynced < MUCH;
        let waiting = shared.changed.wait_timeout_while(written, SYNC, little);
        let (mut state, _) = waiting.unwrap_or_else(PoisonError::into_inner);
        if state.unsynced == 0 {
            return;
        }
        state.unsynced = 0;
        drop(state);
        if let Err(error) = file.sync_data() {
            shared.lock().failed.get_or_insert(RunDirError::io("sync", path)(error));
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Value;

    /// Of a log that rows may go into, as long as there is a file.
    fn shared(file: Option<File>, unsynced: u64) -> Arc<Shared> {
        let state = Mutex::new(State { file, len: unsynced, unsynced, failed: None });
        Arc::new(Shared { begun: OnceLock::from(()), state, changed: Condvar::new() })
    }

    #[test]
    fn nothing_is_appended_where_what_is_to_be_there_first_is_not() {
        let file = tempfile::tempfile().unwrap();
        let first = || Err(RunDirError::io("write", Path::new("run.json"))(io::Error::other("no room")));
        let log = Log::new(file.try_clone().unwrap(), Path::new("run.log"), 0, first).unwrap();
        let mut rows = RowFrames::default();
        rows.add(&Arc::default(), |out| out.push(7));
        let told = log.rows(rows).unwrap_err().to_string();
        assert!(told.contains("failed to write `run.json`: no room"), "{told}");
        assert_eq!(file.metadata().unwrap().len(), 0);
    }

    #[test]
    fn an_error_that_syncing_meets_while_the_log_is_closed_is_told() {
        let path = Path::new("run.log");
        let shared = shared(Some(tempfile::tempfile().unwrap()), 0);
        let watched = shared.clone();
        // In the place of the thread that syncs: its last sync fails once the log is being closed.
        let syncing = std::thread::spawn(move || {
            let closed = watched.changed.wait_while(watched.lock(), |state| state.file.is_some());
            let lost = io::Error::other("the disk is gone");
            closed.unwrap().failed = Some(RunDirError::io("sync", path)(lost));
        });
        let log = Log { path: path.to_owned(), shared, syncing: Mutex::new(Some(syncing)) };
        let told = log.close().unwrap_err().to_string();
        assert!(told.contains("the disk is gone"), "{told}");
    }

    #[test]
    fn an_answer_that_comes_once_the_log_has_ended_is_no_failure_of_it() {
        let shared = shared(Some(tempfile::tempfile().unwrap()), 0);
        let log = Log { path: PathBuf::from("run.log"), shared, syncing: Mutex::new(None) };
        log.end();
        log.answer(Fingerprint::of(&Value::Null), |out| out.push(0));
        log.close().unwrap();
    }

    #[test]
    fn what_was_written_last_is_synced_though_the_log_is_closed() {
        let shared = shared(None, 9);
        sync(&shared, &tempfile::tempfile().unwrap(), Path::new("run.log"));
        assert_eq!(shared.lock().unsynced, 0);
    }

    #[test]
    fn a_log_whose_thread_broke_off_does_not_pass_for_synced() {
        let shared = shared(None, 9);
        let syncing = Mutex::new(Some(std::thread::spawn(|| panic!("on purpose"))));
        let log = Log { path: PathBuf::from("run.log"), shared, syncing };
        let told = log.close().unwrap_err().to_string();
        assert!(told.contains("its thread broke off"), "{told}");
    }
}
