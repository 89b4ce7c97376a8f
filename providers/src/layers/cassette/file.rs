//! The file of a cassette: one JSON object a line, sorted.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use same_file::Handle;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::chat::ChatReply;

/// A question as text, with the number of its trial.
pub(super) type Question = (String, u32);

/// What is recorded.
pub(super) type Lines = BTreeMap<Question, ChatReply>;

#[derive(Serialize, Deserialize)]
struct Line {
    request: Value,
    #[serde(default, skip_serializing_if = "is_first")]
    trial: u32,
    reply: ChatReply,
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
        Ok(text) => parse(path, &text),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(Lines::new()),
        Err(cause) => Err(io_error(path)(cause)),
    }
}

/// Adds recordings to a file and sorts it, in one step. Others may write to it at the same time: what they recorded stays.
pub(super) fn merge(path: &Path, fresh: &Lines) -> Result<(), CassetteError> {
    let file = lock(path).map_err(io_error(path))?;
    put_in_order(file, path, fresh)
}

/// Adds a recording at the end of a file.
pub(super) fn append(path: &Path, question: &Question, reply: &ChatReply) -> Result<(), CassetteError> {
    let mut file = lock(path).map_err(io_error(path))?;
    if is_torn(&mut file).map_err(io_error(path))? {
        return put_in_order(file, path, &Lines::from([(question.clone(), reply.clone())]));
    }
    let mut text = Vec::new();
    write_line(&mut text, question, reply).and_then(|()| file.write_all(&text)).map_err(io_error(path))
}

/// Opens a file that nobody else writes to until it is closed.
fn lock(path: &Path) -> io::Result<File> {
    path.parent().map_or(Ok(()), fs::create_dir_all)?;
    loop {
        let file = OpenOptions::new().create(true).read(true).append(true).open(path)?;
        match file.lock() {
            // A file system without locks has one writer, for all that can be known.
            Err(cause) if cause.kind() == io::ErrorKind::Unsupported => return Ok(file),
            locked => locked?,
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

fn put_in_order(mut file: File, path: &Path, fresh: &Lines) -> Result<(), CassetteError> {
    let mut text = String::new();
    file.rewind().and_then(|()| file.read_to_string(&mut text)).map_err(io_error(path))?;
    let mut lines = parse(path, &text)?;
    lines.extend(fresh.iter().map(|(question, reply)| (question.clone(), reply.clone())));
    let write = || {
        let mut sorted = Vec::with_capacity(text.len());
        for (question, reply) in &lines {
            write_line(&mut sorted, question, reply)?;
        }
        if sorted == text.as_bytes() {
            return Ok(());
        }
        // Nobody else makes one of this name while the file is locked.
        let mut draft = path.as_os_str().to_owned();
        draft.push(".tmp");
        fs::write(&draft, sorted).and_then(|()| fs::rename(&draft, path)).inspect_err(|_| {
            // The fault that counts is the first.
            let _ = fs::remove_file(&draft);
        })
    };
    write().map_err(io_error(path))
}

fn write_line(out: &mut Vec<u8>, (request, trial): &Question, reply: &ChatReply) -> io::Result<()> {
    let line = Line { request: serde_json::from_str(request)?, trial: *trial, reply: reply.clone() };
    serde_json::to_writer(&mut *out, &line)?;
    out.push(b'\n');
    Ok(())
}

fn parse(path: &Path, text: &str) -> Result<Lines, CassetteError> {
    let torn = if text.ends_with('\n') { None } else { text.lines().count().checked_sub(1) };
    let mut lines = Lines::new();
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let line: Line = match serde_json::from_str(line) {
            Ok(line) => line,
            // A run broke off while it wrote.
            Err(_) if Some(at) == torn => continue,
            Err(cause) => return Err(CassetteError::Line { path: path.to_owned(), line: at + 1, cause }),
        };
        // A later line replaces an earlier one: it was recorded later.
        lines.insert((line.request.to_string(), line.trial), line.reply);
    }
    Ok(lines)
}

fn io_error(path: &Path) -> impl Fn(io::Error) -> CassetteError {
    |cause| CassetteError::Io { path: path.to_owned(), cause }
}
