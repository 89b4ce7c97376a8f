//! The file of a cassette: one JSON object a line, sorted.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use same_file::Handle;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::recording::{Failure, Recording};

/// A question as text, with the number of its trial.
pub(super) type Question = (String, u32);

/// What is recorded.
pub(super) type Lines = BTreeMap<Question, Recording>;

#[derive(Serialize, Deserialize)]
struct Line {
    request: Value,
    #[serde(default, skip_serializing_if = "is_first")]
    trial: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reply: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    error: Option<Failure>,
}

impl Line {
    fn of((request, trial): &Question, recording: &Recording) -> serde_json::Result<Self> {
        let (reply, error) = match recording.clone() {
            Recording::Reply(reply) => (Some(reply), None),
            Recording::Failure(failure) => (None, Some(failure)),
        };
        Ok(Self { request: serde_json::from_str(request)?, trial: *trial, reply, error })
    }

    fn read(text: &str) -> serde_json::Result<(Question, Recording)> {
        let Self { request, trial, reply, error } = serde_json::from_str(text)?;
        let recording = match (reply, error) {
            (Some(reply), None) => Recording::Reply(reply),
            (None, Some(failure)) => Recording::Failure(failure),
            _ => return Err(serde::de::Error::custom("it has neither `reply` nor `error`, or both")),
        };
        Ok(((request.to_string(), trial), recording))
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde asks for")]
fn is_first(trial: &u32) -> bool {
    *trial == 0
}

/// A cassette that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CassetteError {
    /// It cannot be read or written.
    #[error("use the cassette `{}`: {cause}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        #[source]
        cause: io::Error,
    },
    /// A line of it is no recording.
    #[error("read the cassette `{}`, line {line}: {cause}", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        #[source]
        cause: serde_json::Error,
    },
}

/// Reads a file. One that is missing has no recordings.
pub(super) fn load(path: &Path) -> Result<Lines, CassetteError> {
    match fs::read_to_string(path) {
        Ok(text) => parse(path, &text, || false).map(Option::unwrap_or_default),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(Lines::new()),
        Err(cause) => Err(io_error(path)(cause)),
    }
}

/// How long another process that has the file is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Patience {
    /// Not at all.
    None,
    /// As long as it takes to write a line, many times over.
    Short,
    /// As long as it takes to sort a large file.
    Long,
}

impl Patience {
    /// Between two looks at the lock.
    const STEP: Duration = Duration::from_millis(5);

    /// How often the lock is looked at after the first time.
    fn looks(self) -> u32 {
        match self {
            Self::None => 0,
            Self::Short => 50,
            Self::Long => 2_000,
        }
    }
}

/// What became of a file that was to be sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Merged {
    /// It is sorted, with what was added.
    InOrder,
    /// It is as it was: somebody wanted the end of it.
    Stopped,
}

/// Adds recordings to a file and sorts it, in one step, unless `stop` is set before that is done. Others may write to it at the same
/// time: what they recorded stays.
pub(super) fn merge(path: &Path, fresh: &Lines, stop: &AtomicBool) -> Result<Merged, CassetteError> {
    let stopped = || stop.load(Ordering::Relaxed);
    if stopped() {
        return Ok(Merged::Stopped);
    }
    match lock(path, Patience::Long, stopped) {
        Ok(file) => put_in_order(file, path, fresh, stopped),
        Err(_) if stopped() => Ok(Merged::Stopped),
        Err(cause) => Err(io_error(path)(cause)),
    }
}

/// Adds recordings at the end of a file.
pub(super) fn append<'a>(
    path: &Path,
    lines: impl IntoIterator<Item = (&'a Question, &'a Recording)>,
    patience: Patience,
) -> Result<(), CassetteError> {
    let mut file = lock(path, patience, || false).map_err(io_error(path))?;
    if is_torn(&mut file).map_err(io_error(path))? {
        let lines = lines.into_iter().map(|(question, said)| (question.clone(), said.clone()));
        return put_in_order(file, path, &lines.collect(), || false).map(drop);
    }
    let mut text = Vec::new();
    let written = lines.into_iter().try_for_each(|(question, said)| write_line(&mut text, question, said));
    written.and_then(|()| file.write_all(&text)).map_err(io_error(path))
}

/// Opens a file that nobody else writes to until it is closed. Waits no longer than `stopped` says.
fn lock(path: &Path, patience: Patience, stopped: impl Fn() -> bool) -> io::Result<File> {
    path.parent().map_or(Ok(()), fs::create_dir_all)?;
    let mut looks = patience.looks();
    loop {
        let file = OpenOptions::new().create(true).read(true).append(true).open(path)?;
        match file.try_lock() {
            Ok(()) => {}
            // A file system without locks has one writer, for all that can be known.
            Err(TryLockError::Error(cause)) if cause.kind() == io::ErrorKind::Unsupported => {
                return Ok(file);
            }
            Err(TryLockError::Error(cause)) => return Err(cause),
            Err(TryLockError::WouldBlock) if looks > 0 && !stopped() => {
                looks -= 1;
                // The thread is one for waiting, and a lock tells nobody when it is free.
                std::thread::park_timeout(Patience::STEP);
                continue;
            }
            Err(TryLockError::WouldBlock) => {
                return Err(io::Error::new(io::ErrorKind::WouldBlock, "another process holds its lock"));
            }
        }
        // Whoever had the lock may have put another file in its place.
        if Handle::from_file(file.try_clone()?)? == Handle::from_path(path)? {
            return Ok(file);
        }
    }
}

/// Whether a run broke off while it wrote the last line.
fn is_torn(file: &mut File) -> io::Result<bool> {
    if file.seek(SeekFrom::End(0))? == 0 {
        return Ok(false);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}

fn put_in_order(
    mut file: File,
    path: &Path,
    fresh: &Lines,
    stopped: impl Fn() -> bool,
) -> Result<Merged, CassetteError> {
    let mut text = String::new();
    file.rewind().and_then(|()| file.read_to_string(&mut text)).map_err(io_error(path))?;
    let Some(mut lines) = parse(path, &text, &stopped)? else { return Ok(Merged::Stopped) };
    lines.extend(fresh.iter().map(|(question, said)| (question.clone(), said.clone())));
    let write = || {
        let mut sorted = Vec::with_capacity(text.len());
        for (question, said) in &lines {
            if stopped() {
                return Ok(Merged::Stopped);
            }
            write_line(&mut sorted, question, said)?;
        }
        if sorted == text.as_bytes() {
            return Ok(Merged::InOrder);
        }
        // Nobody else makes one of this name while the file is locked.
        let mut draft = path.as_os_str().to_owned();
        draft.push(".tmp");
        let written = fs::write(&draft, sorted).and_then(|()| fs::rename(&draft, path));
        written.map(|()| Merged::InOrder).inspect_err(|_| {
            // The fault that counts is the first.
            let _ = fs::remove_file(&draft);
        })
    };
    write().map_err(io_error(path))
}

fn write_line(out: &mut Vec<u8>, question: &Question, said: &Recording) -> io::Result<()> {
    serde_json::to_writer(&mut *out, &Line::of(question, said)?)?;
    out.push(b'\n');
    Ok(())
}

/// The recordings of a file; `None` where it was stopped.
fn parse(path: &Path, text: &str, stopped: impl Fn() -> bool) -> Result<Option<Lines>, CassetteError> {
    let torn = if text.ends_with('\n') { None } else { text.lines().count().checked_sub(1) };
    let mut lines = Lines::new();
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        if stopped() {
            return Ok(None);
        }
        let (question, said) = match Line::read(line) {
            Ok(line) => line,
            // A run broke off while it wrote.
            Err(_) if Some(at) == torn => continue,
            Err(cause) => return Err(CassetteError::Line { path: path.to_owned(), line: at + 1, cause }),
        };
        // A later line replaces an earlier one: it was recorded later.
        lines.insert(question, said);
    }
    Ok(Some(lines))
}

fn io_error(path: &Path) -> impl Fn(io::Error) -> CassetteError {
    |cause| CassetteError::Io { path: path.to_owned(), cause }
}
