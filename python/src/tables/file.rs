//! Rows into files.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_ipc::writer::FileWriter;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use pyo3::prelude::*;
use scouter_tasks::file::folder_of;
use scouter_tasks::result::{LineWriter, Row, Tally};
use scouter_tasks::run::Sink;
use scouter_tasks::suite::TaskInfo;

use super::columns::{batch, records, schema};
use super::source::Format;
use crate::errors;

/// How many rows of Parquet make a row group at most: what is kept in memory until it is written.
const GROUP: usize = 1 << 18;

/// About how many bytes it has at most, as they are written.
const GROUP_BYTES: usize = 64 << 20;

/// How many bytes of replies and texts rows may hold, about, until they are written: as text they take twice that beside it.
const TOGETHER: usize = 8 << 20;

/// Why rows cannot be written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WriteError {
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("failed to write: {0}")]
    Other(String),
    #[error(
        "`{0}` says by its suffix no format that rows of results can be written in: use `.jsonl`, `.parquet` or `.arrow`; `.json`, `.html`, `.md` and `.xml` are written by `results.report`"
    )]
    Suffix(String),
}

impl WriteError {
    /// As Python raises it.
    pub(crate) fn told(&self, py: Python<'_>, path: &Path) -> PyErr {
        match self {
            Self::Io(error) => errors::file(py, error, path),
            Self::Other(_) => errors::sink(self),
            Self::Suffix(_) => errors::value(self),
        }
    }
}

/// The error of the system is looked for within, so that a full disk is told as one.
fn io_or_other(error: &(dyn std::error::Error + 'static)) -> WriteError {
    let mut cause = Some(error);
    while let Some(now) = cause {
        if let Some(error) = now.downcast_ref::<io::Error>()
            && let Some(code) = error.raw_os_error()
        {
            return io::Error::from_raw_os_error(code).into();
        }
        cause = now.source();
    }
    WriteError::Other(error.to_string())
}

impl From<ParquetError> for WriteError {
    fn from(error: ParquetError) -> Self {
        match error {
            ParquetError::External(error) => io_or_other(error.as_ref()),
            other => io_or_other(&other),
        }
    }
}

impl From<arrow_schema::ArrowError> for WriteError {
    fn from(error: arrow_schema::ArrowError) -> Self {
        match error {
            arrow_schema::ArrowError::IoError(_, error) => io_or_other(&error),
            other => io_or_other(&other),
        }
    }
}

/// On how many threads rows become text or columns, which takes longer than to judge and to write them.
const THREADS: usize = 2;

/// How many of the rows are written together: a batch for each of a few threads, and fewer where they hold much.
fn together(rows: &[Row], tasks: &[TaskInfo]) -> usize {
    let mut bytes = 0;
    let fit = rows.iter().take(THREADS * records(tasks)).take_while(|row| {
        bytes += row.bytes();
        bytes <= TOGETHER
    });
    fit.count().max(1)
}

/// What becomes of the rows, `most` by `most`, each on a thread of its own.
fn apart<T: Send>(rows: &[Row], most: usize, make: impl Fn(&[Row]) -> T + Sync) -> Vec<T> {
    let make = &make;
    std::thread::scope(|scope| {
        let threads: Vec<_> = rows.chunks(most).map(|rows| scope.spawn(move || make(rows))).collect();
        let ended = threads.into_iter().map(std::thread::ScopedJoinHandle::join);
        ended.map(|ended| ended.unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    })
}

fn lines(rows: &[Row], tasks: &[TaskInfo]) -> String {
    let writer = LineWriter::new(tasks);
    let mut text = String::new();
    for row in rows {
        writer.write(&mut text, row);
    }
    text
}

enum Writer {
    Jsonl(BufWriter<File>),
    Parquet(Box<ArrowWriter<File>>),
    Arrow(Box<FileWriter<BufWriter<File>>>),
}

/// A file of results under way. It is written beside its place, as `….partial`, and takes it when it is
/// whole: nobody reads half a file for a whole one.
pub(crate) struct RowFile {
    writer: Writer,
    path: PathBuf,
    partial: PathBuf,
    tasks: Arc<[TaskInfo]>,
    pending: Vec<Row>,
    /// What they hold.
    bytes: usize,
    tally: Tally,
}

impl RowFile {
    /// Begins the file that the suffix asks for.
    pub(crate) fn create(path: &Path, tasks: Arc<[TaskInfo]>) -> Result<Self, WriteError> {
        let format = Format::of(path).filter(|format| *format != Format::Csv);
        let format = format.ok_or_else(|| WriteError::Suffix(path.display().to_string()))?;
        folder_of(path)?;
        if path.is_dir() {
            // The system has a number and a text for it.
            OpenOptions::new().write(true).open(path)?;
        }
        let mut partial = path.as_os_str().to_owned();
        partial.push(".partial");
        let partial = PathBuf::from(partial);
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(&partial)?;
        // Some file systems know no locks: there nothing is lost but this.
        if matches!(file.try_lock(), Err(TryLockError::WouldBlock)) {
            let message = format!("`{}` is being written by another run", partial.display());
            return Err(WriteError::Other(message));
        }
        file.set_len(0)?;
        let writer = match format {
            Format::Parquet => {
                let properties = WriterProperties::builder()
                    .set_compression(Compression::ZSTD(ZstdLevel::default()))
                    .set_max_row_group_row_count(Some(GROUP))
                    .set_max_row_group_bytes(Some(GROUP_BYTES))
                    .build();
                Writer::Parquet(Box::new(ArrowWriter::try_new(file, schema(), Some(properties))?))
            }
            Format::Arrow => Writer::Arrow(Box::new(FileWriter::try_new_buffered(file, &schema())?)),
            _ => Writer::Jsonl(BufWriter::new(file)),
        };
        let tally = Tally::new(&tasks);
        Ok(Self { writer, path: path.to_owned(), partial, tasks, pending: Vec::new(), bytes: 0, tally })
    }

    /// Writes rows that are held elsewhere.
    pub(crate) fn write(&mut self, rows: &[Row]) -> Result<(), WriteError> {
        let mut left = rows;
        while !left.is_empty() {
            let tasks = &self.tasks;
            let (rows, later) = left.split_at(together(left, tasks));
            left = later;
            let most = rows.len().div_ceil(THREADS);
            match &mut self.writer {
                Writer::Jsonl(file) => {
                    for text in apart(rows, most, |rows| lines(rows, tasks)) {
                        file.write_all(text.as_bytes())?;
                    }
                }
                Writer::Parquet(writer) => {
                    for batch in apart(rows, most, |rows| batch(rows, tasks)) {
                        writer.write(&batch?)?;
                    }
                }
                Writer::Arrow(writer) => {
                    for batch in apart(rows, most, |rows| batch(rows, tasks)) {
                        writer.write(&batch?)?;
                    }
                }
            }
            for row in rows {
                self.tally.add(row);
            }
        }
        Ok(())
    }

    /// Gives it up: nothing is left of it.
    pub(crate) fn discard(self) {
        let Self { writer, partial, .. } = self;
        drop(writer);
        // There is nothing more to do where it cannot be removed: it is no whole file, and its name says so.
        let _ = std::fs::remove_file(partial);
    }

    /// Ends the file; where it is `whole`, it takes its place, otherwise it stays beside it. Where it cannot be
    /// ended, the lines that were written stay, and nothing of a table, which would have no end.
    pub(crate) fn finish(mut self, whole: bool) -> (Tally, PathBuf, Result<(), WriteError>) {
        let pending = std::mem::take(&mut self.pending);
        let written = self.write(&pending);
        let Self { writer, path, partial, tally, .. } = self;
        let is_text = matches!(writer, Writer::Jsonl(..));
        let ended = written.and_then(|()| {
            let file = match writer {
                Writer::Jsonl(file) => file.into_inner().map_err(io::IntoInnerError::into_error)?,
                Writer::Parquet(writer) => writer.into_inner()?,
                Writer::Arrow(mut writer) => {
                    writer.finish()?;
                    writer.into_inner()?.into_inner().map_err(io::IntoInnerError::into_error)?
                }
            };
            file.sync_all()?;
            if whole {
                std::fs::rename(&partial, &path)?;
            }
            Ok(())
        });
        if ended.is_err() && !is_text {
            let _ = std::fs::remove_file(&partial);
        }
        let place = if whole && ended.is_ok() { path } else { partial };
        (tally, place, ended)
    }
}

impl Sink for RowFile {
    type Error = WriteError;

    fn take(&mut self, rows: Vec<Row>) -> Result<(), WriteError> {
        self.bytes += rows.iter().map(Row::bytes).sum::<usize>();
        self.pending.extend(rows);
        if self.pending.len() < THREADS * records(&self.tasks) && self.bytes < TOGETHER {
            return Ok(());
        }
        self.bytes = 0;
        let rows = std::mem::take(&mut self.pending);
        self.write(&rows)
    }
}
