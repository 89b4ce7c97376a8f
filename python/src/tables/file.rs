//! Rows into files.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_ipc::writer::FileWriter;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use pyo3::prelude::*;
use scouter_tasks::result::{Row, Tally, write_lines};
use scouter_tasks::run::Sink;
use scouter_tasks::suite::TaskInfo;

use super::columns::{batch, records, schema};
use super::source::Format;
use crate::errors;

/// How many rows of Parquet make a row group: what is kept in memory until it is written.
const GROUP: usize = 1 << 18;

/// Why rows cannot be written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WriteError {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error("failed to write: {0}")]
    Other(String),
    #[error(
        "`{0}` says by its suffix no format that results can be written in: use `.jsonl`, `.parquet` or `.arrow`"
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

enum Writer {
    Jsonl(BufWriter<File>, String),
    Parquet(Box<ArrowWriter<File>>),
    Arrow(FileWriter<BufWriter<File>>),
}

/// A file of results under way. It is written beside its place, as `….partial`, and takes it when it is
/// whole: nobody reads half a file for a whole one.
pub(crate) struct RowFile {
    writer: Writer,
    path: PathBuf,
    partial: PathBuf,
    tasks: Arc<[TaskInfo]>,
    pending: Vec<Row>,
    tally: Tally,
}

impl RowFile {
    /// Begins the file that the suffix asks for.
    pub(crate) fn create(path: &Path, tasks: Arc<[TaskInfo]>) -> Result<Self, WriteError> {
        let format = Format::of(path).filter(|format| *format != Format::Csv);
        let format = format.ok_or_else(|| WriteError::Suffix(path.display().to_string()))?;
        if path.is_dir() {
            // The system has a number and a text for it.
            OpenOptions::new().write(true).open(path)?;
        }
        let mut partial = path.as_os_str().to_owned();
        partial.push(".partial");
        let partial = PathBuf::from(partial);
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(&partial)?;
        if file.try_lock().is_err() {
            let message = format!("`{}` is being written by another run", partial.display());
            return Err(WriteError::Other(message));
        }
        file.set_len(0)?;
        let writer = match format {
            Format::Parquet => {
                let properties = WriterProperties::builder()
                    .set_compression(Compression::ZSTD(ZstdLevel::default()))
                    .set_max_row_group_row_count(Some(GROUP))
                    .build();
                Writer::Parquet(Box::new(ArrowWriter::try_new(file, schema(), Some(properties))?))
            }
            Format::Arrow => Writer::Arrow(FileWriter::try_new_buffered(file, &schema())?),
            _ => Writer::Jsonl(BufWriter::new(file), String::new()),
        };
        let tally = Tally::new(tasks.clone());
        Ok(Self { writer, path: path.to_owned(), partial, tasks, pending: Vec::new(), tally })
    }

    /// Writes rows that are held elsewhere.
    pub(crate) fn write(&mut self, rows: &[Row]) -> Result<(), WriteError> {
        for rows in rows.chunks(records(&self.tasks)) {
            match &mut self.writer {
                Writer::Jsonl(file, text) => {
                    text.clear();
                    rows.iter().for_each(|row| write_lines(text, row, &self.tasks));
                    file.write_all(text.as_bytes())?;
                }
                Writer::Parquet(writer) => writer.write(&batch(rows, &self.tasks)?)?,
                Writer::Arrow(writer) => writer.write(&batch(rows, &self.tasks)?)?,
            }
            rows.iter().for_each(|row| self.tally.add(row));
        }
        Ok(())
    }

    /// Ends the file; where it is `whole`, it takes its place, otherwise it stays beside it.
    pub(crate) fn finish(mut self, whole: bool) -> (Tally, PathBuf, Result<(), WriteError>) {
        let pending = std::mem::take(&mut self.pending);
        let written = self.write(&pending);
        let Self { writer, path, partial, tally, .. } = self;
        let ended = written.and_then(|()| {
            let file = match writer {
                Writer::Jsonl(file, _) => file.into_inner().map_err(io::IntoInnerError::into_error)?,
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
        let place = if whole && ended.is_ok() { path } else { partial };
        (tally, place, ended)
    }
}

impl Sink for RowFile {
    type Error = WriteError;

    fn take(&mut self, rows: Vec<Row>) -> Result<(), WriteError> {
        self.pending.extend(rows);
        if self.pending.len() < records(&self.tasks) {
            return Ok(());
        }
        let rows = std::mem::take(&mut self.pending);
        self.write(&rows)
    }
}
