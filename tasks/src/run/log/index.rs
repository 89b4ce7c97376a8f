//! Where in a log which record and which answer stands.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use super::error::RunDirError;
use super::frame::{End, Frame, Frames, Kind, OnDamage};
use crate::codec::{Decoder, read_row, skim_row};
use crate::fingerprint::Fingerprint;
use crate::memory::Answer;
use crate::result::Row;
use crate::subject::Lookup;

/// What a log holds.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// The rows that need not be run again, by the place of their record. Of two for one place the later
    /// counts.
    pub(super) rows: HashMap<u64, Place>,
    /// The frames of answers, by what was asked.
    pub(super) answers: HashMap<Fingerprint, u64>,
}

/// Where a row stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// What the record was.
    pub(crate) record: Fingerprint,
    /// Where its frame begins.
    frame: u64,
    /// Where it begins in the frame's body.
    at: u32,
}

impl Index {
    /// The index of a log, and how it ends.
    pub(super) fn of(file: &File, on_damage: OnDamage) -> io::Result<(Self, End)> {
        let mut index = Self::default();
        let end = Frames::of(file)?.each(on_damage, |frame| index.add(&frame).is_some())?;
        Ok((index, end))
    }

    /// `None` where the frame holds what no frame does.
    fn add(&mut self, frame: &Frame<'_>) -> Option<()> {
        let mut body = Decoder::plain(frame.body);
        match frame.kind {
            Kind::Rows => {
                while !body.is_empty() {
                    // Places count from the kind of the frame on.
                    let at = u32::try_from(1 + frame.body.len() - body.left()).ok()?;
                    let row = skim_row(&mut body).ok()?;
                    if row.sound {
                        let place = Place { record: row.record, frame: frame.at, at };
                        self.rows.insert(row.position, place);
                    } else {
                        self.rows.remove(&row.position);
                    }
                }
            }
            Kind::Answer => {
                self.answers.insert(Fingerprint::from_bytes(body.array().ok()?), frame.at);
            }
        }
        Some(())
    }
}

/// The rows of a log that need not be run again, for all threads that want one.
#[derive(Debug)]
pub(crate) struct LoggedRows {
    pub(super) places: HashMap<u64, Place>,
    file: Mutex<File>,
    path: PathBuf,
}

/// The frame that somebody read last, and where it begins: rows of one frame are read one after another.
#[derive(Debug, Default)]
pub(crate) struct LastFrame(Option<(u64, Vec<u8>)>);

impl LoggedRows {
    pub(super) fn new(places: HashMap<u64, Place>, file: File, path: PathBuf) -> Self {
        Self { places, file: Mutex::new(file), path }
    }

    /// Where the row of the record at this place among all records stands.
    pub(crate) fn place(&self, position: u64) -> Option<Place> {
        self.places.get(&position).copied()
    }

    /// The row that stands here, of a record of which this was read.
    ///
    /// # Errors
    /// Where the log does not hold any more what it held when it was opened.
    pub(crate) fn read(
        &self,
        place: Place,
        reads: &[Lookup],
        last: &mut LastFrame,
    ) -> Result<Row, RunDirError> {
        self.row(place, reads, last).map_err(RunDirError::io("read", &self.path))
    }

    fn row(&self, place: Place, reads: &[Lookup], last: &mut LastFrame) -> io::Result<Row> {
        let gone = || io::Error::new(io::ErrorKind::InvalidData, "its contents changed while it was in use");
        let read = || {
            let file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
            Frames::of(&file)?.body(place.frame)?.ok_or_else(gone)
        };
        let kept = last.0.take_if(|(at, _)| *at == place.frame);
        let body = kept.map_or_else(read, |(_, body)| Ok(body))?;
        let row = body.get(place.at as usize..).and_then(|bytes| read_row(bytes, reads).ok());
        last.0 = Some((place.frame, body));
        row.ok_or_else(gone)
    }
}

/// The answers of a log.
#[derive(Debug)]
pub(crate) struct Answers {
    file: Mutex<File>,
    places: HashMap<Fingerprint, u64>,
}

impl Answers {
    pub(super) fn new(file: File, places: HashMap<Fingerprint, u64>) -> Self {
        Self { file: Mutex::new(file), places }
    }

    /// The answer to a question. One that cannot be read any more is none: it is asked again.
    pub(crate) fn get(&self, key: Fingerprint) -> Option<Answer> {
        let at = *self.places.get(&key)?;
        let file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let body = Frames::of(&file).ok()?.body(at).ok()??;
        drop(file);
        Answer::read(&mut Decoder::plain(body.get(1 + 16..)?)).ok()
    }
}
