//! Recordings in a file made for version control.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::difference::{differences, likeness};
use super::redact::redact;
use crate::Secret;
use crate::chat::ChatReply;

/// What a cassette does with a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CassetteMode {
    /// The provider is asked, and its answers replace what was recorded.
    Record,
    /// What is recorded is played; the rest is asked and recorded.
    Replay,
    /// What is recorded is played; the provider is never asked.
    ReplayOrFail,
}

/// Answers of a provider, recorded in a file: one JSON object a line, sorted, without keys, times or
/// anything else that differs from one recording to the next.
#[derive(Debug)]
pub struct Cassette {
    path: PathBuf,
    mode: CassetteMode,
    secrets: Vec<Secret>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    lines: BTreeMap<Question, ChatReply>,
    appending: Option<File>,
}

/// A question as text, with the number of its trial.
type Question = (String, u32);

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

impl Cassette {
    /// Opens a cassette. A file that is missing has no recordings. `secrets` are replaced in all
    /// texts, beside whatever looks like a key.
    ///
    /// # Errors
    /// Where the file cannot be read, or holds something else.
    pub fn open(
        path: impl Into<PathBuf>,
        mode: CassetteMode,
        secrets: Vec<Secret>,
    ) -> Result<Self, CassetteError> {
        let path = path.into();
        // Old recordings are not looked at when all are made anew.
        let lines = if mode == CassetteMode::Record { BTreeMap::new() } else { load(&path)? };
        Ok(Self { path, mode, secrets, state: Mutex::new(State { lines, appending: None }) })
    }

    /// What it does with a question.
    pub fn mode(&self) -> CassetteMode {
        self.mode
    }

    /// How many recordings there are.
    pub fn len(&self) -> usize {
        self.lock().lines.len()
    }

    /// Whether there is no recording.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Writes the file anew, sorted, in one step. New recordings are in the file before that too,
    /// at its end, so that nothing is lost where a run breaks off.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn save(&self) -> Result<(), CassetteError> {
        if self.mode == CassetteMode::ReplayOrFail {
            return Ok(());
        }
        let mut state = self.lock();
        state.appending = None;
        self.write(&state.lines)
    }

    fn write(&self, lines: &BTreeMap<Question, ChatReply>) -> Result<(), CassetteError> {
        let mut text = Vec::new();
        for ((request, trial), reply) in lines {
            self.line(&mut text, request, *trial, reply)?;
        }
        let draft = self.path.with_extension("jsonl.tmp");
        let folder = self.path.parent().map_or(Ok(()), fs::create_dir_all);
        folder
            .and_then(|()| fs::write(&draft, text))
            .and_then(|()| fs::rename(&draft, &self.path))
            .map_err(|cause| self.io(cause))
    }

    /// The question without secrets, as it is recorded.
    pub(super) fn question(&self, mut canonical: Value) -> Value {
        redact(&mut canonical, &self.secrets);
        canonical
    }

    pub(super) fn play(&self, question: &Value, trial: u32) -> Option<ChatReply> {
        self.lock().lines.get(&(question.to_string(), trial)).cloned()
    }

    pub(super) fn record(
        &self,
        question: &Value,
        trial: u32,
        reply: &ChatReply,
    ) -> Result<(), CassetteError> {
        let mut value = serde_json::to_value(reply).map_err(|cause| self.io(cause.into()))?;
        redact(&mut value, &self.secrets);
        let reply: ChatReply = serde_json::from_value(value).map_err(|cause| self.io(cause.into()))?;
        let request = question.to_string();
        let mut text = Vec::new();
        self.line(&mut text, &request, trial, &reply)?;
        let mut state = self.lock();
        let State { lines, appending } = &mut *state;
        let file = match appending {
            Some(file) => file,
            none => {
                // Written anew first: the last line may be torn, and old recordings may be unwanted.
                self.write(lines)?;
                let opened = OpenOptions::new().append(true).open(&self.path);
                none.insert(opened.map_err(|cause| self.io(cause))?)
            }
        };
        lines.insert((request, trial), reply);
        file.write_all(&text).map_err(|cause| self.io(cause))
    }

    /// Why there is no recording: the nearest one, and where the question differs from it.
    pub(super) fn miss(&self, question: &Value, trial: u32) -> String {
        let state = self.lock();
        let nearest = state
            .lines
            .keys()
            .filter_map(|(request, trial)| Some((serde_json::from_str::<Value>(request).ok()?, *trial)))
            .map(|(request, trial)| (likeness(&request, question), request, trial))
            .max_by(|one, other| one.0.total_cmp(&other.0));
        let path = self.path.display();
        match nearest {
            None => format!("`{path}` has no recordings; run once with `record`"),
            Some((_, nearest, other)) if nearest == *question => {
                format!(
                    "`{path}` has this question as trial {other} only, not as trial {trial}; run once with `record`"
                )
            }
            Some((_, nearest, _)) => {
                let told = differences(&nearest, question).join("; ");
                format!(
                    "`{path}` has no such question; the nearest recording differs at {told}; run once with `record` if that is meant"
                )
            }
        }
    }

    fn line(
        &self,
        text: &mut Vec<u8>,
        request: &str,
        trial: u32,
        reply: &ChatReply,
    ) -> Result<(), CassetteError> {
        let request = serde_json::from_str(request).map_err(|cause| self.io(cause.into()))?;
        let line = Line { request, trial, reply: reply.clone() };
        serde_json::to_writer(&mut *text, &line).map_err(|cause| self.io(cause.into()))?;
        text.push(b'\n');
        Ok(())
    }

    fn io(&self, cause: io::Error) -> CassetteError {
        CassetteError::Io { path: self.path.clone(), cause }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn load(path: &Path) -> Result<BTreeMap<Question, ChatReply>, CassetteError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => String::new(),
        Err(cause) => return Err(CassetteError::Io { path: path.to_owned(), cause }),
    };
    let torn = if text.ends_with('\n') { None } else { text.lines().count().checked_sub(1) };
    let mut lines = BTreeMap::new();
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
