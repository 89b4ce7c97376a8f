//! What is recorded, and what is played of it.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use serde_json::Value;

use super::difference::{differences, likeness};
use super::file::{self, CassetteError, Lines, Merged, Patience, Question};
use super::recording::Recording;
use super::redact::{redact, redact_recording};
use crate::Secret;
use crate::layers::turns::{Turn, Turns};

/// What a cassette does with a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CassetteMode {
    /// The provider is asked, and its answers replace what was recorded of the same questions. Other recordings stay: the
    /// file may be another run's too.
    Record,
    /// What is recorded is played; the rest is asked and recorded.
    Replay,
    /// What is recorded is played; the provider is never asked.
    ReplayOrFail,
}

/// Answers of a provider, recorded in a file: one JSON object a line, sorted, without keys, times or
/// anything else that differs from one recording to the next. Several processes may record into one file.
#[derive(Debug)]
pub struct Cassette {
    path: PathBuf,
    mode: CassetteMode,
    secrets: Vec<Secret>,
    /// What was recorded before.
    earlier: Lines,
    /// What this run recorded.
    fresh: Mutex<Fresh>,
    turns: Turns<Question>,
    misses: Misses,
}

/// What a run recorded.
#[derive(Debug, Default)]
struct Fresh {
    lines: Lines,
    /// What of it is not in the file, for all that is known.
    unwritten: BTreeSet<Question>,
}

/// Questions that were not recorded, and what helps to say why.
#[derive(Debug, Default)]
struct Misses {
    count: AtomicUsize,
    questions: OnceLock<Vec<Value>>,
}

impl Cassette {
    /// For how many questions that are not recorded the nearest recording is looked for: one mistake in a prompt changes all.
    const MISSES_EXPLAINED: usize = 5;

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
        let earlier = file::load(&path)?;
        let (fresh, turns, misses) = (Mutex::default(), Turns::default(), Misses::default());
        Ok(Self { path, mode, secrets, earlier, fresh, turns, misses })
    }

    /// What it does with a question.
    pub fn mode(&self) -> CassetteMode {
        self.mode
    }

    /// How many recordings there are.
    pub fn len(&self) -> usize {
        let fresh = self.lock();
        let new = fresh.lines.keys().filter(|question| !self.earlier.contains_key(*question));
        self.earlier.len() + new.count()
    }

    /// Whether there is no recording.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Puts the file in order, where something was recorded. Recordings are in the file before that too,
    /// at its end, so that nothing is lost where a run breaks off.
    ///
    /// # Errors
    /// Where what was recorded cannot be written.
    pub fn save(&self) -> Result<(), CassetteError> {
        self.save_unless(&AtomicBool::new(false))
    }

    /// The same; where `stop` is set before it is done, it [leaves](Self::leave) the file as it is.
    ///
    /// # Errors
    /// Where what was recorded cannot be written.
    pub fn save_unless(&self, stop: &AtomicBool) -> Result<(), CassetteError> {
        let lines = self.lock().lines.clone();
        if lines.is_empty() {
            return Ok(());
        }
        match file::merge(&self.path, &lines, stop)? {
            Merged::InOrder => {
                self.lock().unwritten.retain(|question| !lines.contains_key(question));
                Ok(())
            }
            Merged::Stopped => self.leave(),
        }
    }

    /// Whether anything was recorded, so that there is something to save.
    pub fn has_recorded(&self) -> bool {
        !self.lock().lines.is_empty()
    }

    /// Puts what is not in the file yet at its end, and leaves its order to a later run: where somebody waits for the end.
    ///
    /// # Errors
    /// Where that cannot be written now.
    pub fn leave(&self) -> Result<(), CassetteError> {
        let mut fresh = self.lock();
        let rest: Vec<_> = fresh.unwritten.iter().filter_map(|at| fresh.lines.get_key_value(at)).collect();
        if !rest.is_empty() {
            file::append(&self.path, rest, Patience::None)?;
            fresh.unwritten.clear();
        }
        Ok(())
    }

    /// The question without secrets, as it is recorded.
    pub(super) fn question(&self, mut canonical: Value) -> Value {
        redact(&mut canonical, &self.secrets);
        canonical
    }

    /// Waits until nobody else asks the same.
    pub(super) async fn turn(&self, question: &Question) -> Turn<'_, Question> {
        self.turns.take(question).await
    }

    /// What is recorded, where it is to be played. What this run recorded itself always is: a run that plays it later does
    /// the same.
    pub(super) fn play(&self, question: &Question) -> Option<Recording> {
        let earlier = || self.earlier.get(question).filter(|_| self.mode != CassetteMode::Record).cloned();
        self.lock().lines.get(question).cloned().or_else(earlier)
    }

    /// Keeps an answer, to be [written](Self::write).
    pub(super) fn record(&self, question: Question, mut said: Recording) {
        redact_recording(&mut said, &self.secrets);
        let mut fresh = self.lock();
        fresh.unwritten.insert(question.clone());
        fresh.lines.insert(question, said);
    }

    /// Writes an answer at the end of the file, for which it may wait. Where it cannot be written now, that is tried again when the
    /// cassette is saved.
    pub(super) fn write(&self, question: &Question) {
        let Some(said) = self.lock().lines.get(question).cloned() else { return };
        if file::append(&self.path, [(question, &said)], Patience::Short).is_ok() {
            self.lock().unwritten.remove(question);
        }
    }

    /// Why there is no recording: the nearest one, and where the question differs from it.
    pub(super) fn miss(&self, question: &Value, (text, trial): &Question) -> String {
        let path = self.path.display();
        if self.earlier.is_empty() {
            return format!("`{path}` has no recordings; run once with `record`");
        }
        let same = (text.clone(), u32::MIN)..=(text.clone(), u32::MAX);
        if let Some(((_, other), _)) = self.earlier.range(same).next() {
            return format!(
                "`{path}` has this question as trial {other} only, not as trial {trial}; run once with `record`"
            );
        }
        if self.misses.count.fetch_add(1, Ordering::Relaxed) >= Self::MISSES_EXPLAINED {
            return format!("`{path}` has no such question; run once with `record` if that is meant");
        }
        let questions = self.misses.questions.get_or_init(|| {
            let texts = self.earlier.keys().map(|(text, _)| text);
            texts.filter_map(|text| serde_json::from_str(text).ok()).collect()
        });
        let nearest = questions
            .iter()
            .map(|recorded| (likeness(recorded, question), recorded))
            .max_by(|one, other| one.0.total_cmp(&other.0));
        let told = nearest.map(|(_, nearest)| differences(nearest, question).join("; ")).unwrap_or_default();
        format!(
            "`{path}` has no such question; the nearest recording differs at {told}; run once with `record` if that is meant"
        )
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Fresh> {
        self.fresh.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
