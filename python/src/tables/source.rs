//! Where the records of a dataset stand that are not Python objects.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use arrow_array::RecordBatch;
use arrow_ipc::reader::{FileReader, StreamReader};
use arrow_schema::{ArrowError, Schema, SchemaRef};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use pyo3::prelude::*;
use scouter_engine::Source;
use scouter_tasks::records::{
    Account, Ahead, Chunks, Csv, Lines, Mapping, Opener, ReadError, Shape, csv_columns, json_fields,
};
use scouter_tasks::run::{Records, Sealed};
use smol_str::SmolStr;

use super::batches::{Batches, Stream};
use super::value;
use crate::errors;
use crate::run::Fed;

/// How much of a file is read at once.
const BUFFER: usize = 256 << 10;

/// How many rows of a Parquet file are decoded at once: where one of them is damaged, all of them are lost.
const DECODED: usize = 256;

/// What a file of records may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Jsonl,
    Csv,
    Parquet,
    Arrow,
}

impl Format {
    /// What a path says by its suffix.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        Some(match path.extension()?.to_str()?.to_lowercase().as_str() {
            "jsonl" | "ndjson" => Self::Jsonl,
            "csv" => Self::Csv,
            "parquet" | "pq" => Self::Parquet,
            "arrow" | "feather" | "ipc" => Self::Arrow,
            _ => return None,
        })
    }

    /// What somebody calls it.
    pub(crate) fn named(name: &str) -> Option<Self> {
        [Self::Jsonl, Self::Csv, Self::Parquet, Self::Arrow].into_iter().find(|format| format.name() == name)
    }

    /// What it is called.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            Self::Parquet => "parquet",
            Self::Arrow => "arrow",
        }
    }
}

/// Where records stand.
#[derive(Clone, Debug)]
pub(crate) enum Location {
    /// In a file, which is read anew for every run.
    Path(PathBuf, Format),
    /// In memory that another library shares.
    Memory(SchemaRef, Vec<RecordBatch>),
}

impl Location {
    /// Whether it is this file, by whatever name.
    pub(crate) fn is(&self, path: &Path) -> bool {
        let Self::Path(file, _) = self else { return false };
        // What is not there is no file that could be replaced; and what is no file may wait where it is opened.
        let are_files = file.is_file() && path.is_file();
        are_files && same_file::is_same_file(file, path).unwrap_or(false)
    }

    /// What errors call it.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Path(path, _) => format!("`{}`", path.display()),
            Self::Memory(..) => "the table".to_owned(),
        }
    }
}

/// Records in a file or a table, and what of them becomes what.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) from: Location,
    pub(crate) mapping: Mapping,
    pub(crate) skip_bad: bool,
    /// How many there are, where that is known before they are read.
    pub(crate) rows: Option<usize>,
    /// A column that is called as one of ids is, where none is named to hold them.
    pub(crate) id_column: Option<String>,
    /// The columns that become nothing, since others are named.
    pub(crate) left_out: Vec<String>,
}

/// Why records cannot be had of a file or a table: of the system, or what is wrong with it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TableError {
    #[error("{0}")]
    Io(#[from] std::io::Error),
    #[error("{0}")]
    Wrong(String),
}

impl TableError {
    /// As Python raises it.
    pub(crate) fn told(&self, py: Python<'_>, from: &Location) -> PyErr {
        match (self, from) {
            (Self::Io(error), Location::Path(path, _)) => errors::file(py, error, path),
            (error, from) => errors::record(py, format!("{}: {error}", from.name())),
        }
    }
}

fn wrong(error: impl ToString) -> TableError {
    TableError::Wrong(error.to_string())
}

impl From<ReadError> for TableError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Io(error) => Self::Io(error),
            other => wrong(other),
        }
    }
}

impl Table {
    /// Looks whether there are records and what the mapping asks for, before anything is run.
    pub(crate) fn new(from: &Location, mapping: Mapping, skip_bad: bool) -> Result<Self, TableError> {
        let none = || TableError::Wrong("there are no records".to_owned());
        let (id_column, left_out) = (None, Vec::new());
        let mut table = Self { from: from.clone(), mapping, skip_bad, rows: None, id_column, left_out };
        match from {
            Location::Path(path, Format::Jsonl) => {
                let names = json_fields(text(path)?, table.mapping.asked())?.ok_or_else(none)?;
                table.look_at(names.iter().map(String::as_str))?;
            }
            Location::Path(path, Format::Csv) => {
                let (names, any) = csv_columns(text(path)?)?;
                if !any {
                    return Err(none());
                }
                table.look_at(names.iter().map(String::as_str))?;
            }
            Location::Path(path, Format::Parquet) => {
                let file = parquet(open(path)?)?;
                let rows = file.metadata().file_metadata().num_rows();
                table.rows = usize::try_from(rows).ok();
                table.look_at(columns(file.schema()))?;
            }
            Location::Path(path, Format::Arrow) => {
                let (schema, mut stream) = arrow(open(path)?)?;
                table.look_at(columns(&schema))?;
                let any =
                    |batch: Result<RecordBatch, ArrowError>| !batch.is_ok_and(|batch| batch.num_rows() == 0);
                if !stream.any(any) {
                    return Err(none());
                }
            }
            Location::Memory(schema, batches) => {
                table.look_at(columns(schema))?;
                table.rows = Some(batches.iter().map(RecordBatch::num_rows).sum());
            }
        }
        if table.rows == Some(0) { Err(none()) } else { Ok(table) }
    }

    /// Checks the mapping against the columns that there are.
    fn look_at<'n>(&mut self, names: impl Iterator<Item = &'n str> + Clone) -> Result<(), TableError> {
        self.mapping.check(names.clone()).map_err(wrong)?;
        let left_out = names.clone().filter(|name| self.mapping.leaves_out(name)).map(str::to_owned);
        self.left_out = left_out.collect();
        let mut ids = names.filter(|name| name.eq_ignore_ascii_case("id"));
        self.id_column = ids.next().filter(|_| self.mapping.id.is_none()).map(str::to_owned);
        Ok(())
    }

    /// Checks that what a suite needs of the columns can be had: see [`value::check`].
    pub(crate) fn check_columns(&self, shape: &Shape) -> Result<(), TableError> {
        let schema = match &self.from {
            Location::Path(path, Format::Parquet) => parquet(open(path)?)?.schema().clone(),
            Location::Path(path, Format::Arrow) => arrow(open(path)?)?.0,
            Location::Path(..) => return Ok(()),
            Location::Memory(schema, _) => schema.clone(),
        };
        let mut used = schema.fields().iter().filter(|field| shape.of(field.name()).is_some());
        used.try_for_each(|field| value::check(field))
            .map_err(|what| wrong(format!("{what}: leave it out of `columns`")))
    }

    /// Which records a run over it is over. Those of a table in memory are known by their ids, of which there are none
    /// where no column is theirs; a file, which is not read before its run, by its name.
    pub(crate) fn records(&self, trials: NonZeroU32) -> Records {
        match &self.from {
            Location::Path(path, _) => {
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                Records::File { name, trials }
            }
            Location::Memory(schema, batches) => {
                let column = self.mapping.id.as_deref().and_then(|name| schema.index_of(name).ok());
                let cells =
                    batches.iter().flat_map(|batch| (0..batch.num_rows()).map(move |row| (batch, row)));
                let id = |(batch, row): (&RecordBatch, usize)| {
                    let id = value::value(batch.column(column?).as_ref(), row);
                    // What is no id is told when it is its turn.
                    Some(id.as_text().map_or_else(|| SmolStr::from(id.to_string()), SmolStr::new))
                };
                Records::of(cells.map(id), trials)
            }
        }
    }

    /// The source of a run.
    pub(crate) fn source(&self, opener: Opener, workers: NonZeroUsize) -> Result<AnySource, TableError> {
        let ahead = workers.saturating_mul(NonZeroUsize::MIN.saturating_add(1));
        let ahead = Start { opener, ahead, skip_bad: self.skip_bad };
        Ok(match &self.from {
            Location::Path(path, Format::Jsonl) => AnySource::Jsonl(ahead.of(Lines::new(text(path)?))),
            Location::Path(path, Format::Csv) => AnySource::Csv(ahead.of(Csv::new(text(path)?)?)),
            Location::Path(path, Format::Parquet) => {
                let file = parquet(open(path)?)?;
                let roots = used(file.schema(), &ahead.opener.shape);
                let mask = ProjectionMask::roots(file.parquet_schema(), roots);
                let reader = file.with_projection(mask).with_batch_size(DECODED).build().map_err(wrong)?;
                AnySource::Batches(ahead.of(Batches::new(Box::new(reader))))
            }
            Location::Path(path, Format::Arrow) => {
                AnySource::Batches(ahead.of(Batches::new(arrow(open(path)?)?.1)))
            }
            Location::Memory(_, batches) => {
                let stream = batches.clone().into_iter().map(Ok);
                AnySource::Batches(ahead.of(Batches::new(Box::new(stream))))
            }
        })
    }
}

struct Start {
    opener: Opener,
    ahead: NonZeroUsize,
    skip_bad: bool,
}

impl Start {
    fn of<C: Chunks>(self, chunks: C) -> Ahead<C> {
        Ahead::new(chunks, self.opener, self.ahead, self.skip_bad)
    }
}

/// The places of the columns that are used; one at least, for rows are counted by it.
fn used(schema: &Schema, shape: &Shape) -> Vec<usize> {
    let places = schema.fields().iter().enumerate();
    let used: Vec<usize> =
        places.filter(|(_, field)| shape.of(field.name()).is_some()).map(|(at, _)| at).collect();
    if used.is_empty() { vec![0] } else { used }
}

fn columns(schema: &Schema) -> impl Iterator<Item = &str> + Clone {
    schema.fields().iter().map(|field| field.name().as_str())
}

/// A file, which is no folder.
pub(crate) fn open(path: &Path) -> Result<File, TableError> {
    let file = File::open(path)?;
    if file.metadata()?.is_dir() {
        // The system has a number and a text for it.
        (&file).read_exact(&mut [0])?;
    }
    Ok(file)
}

/// A file of text; what Windows calls "Unicode" is told before it makes nonsense of every line.
pub(crate) fn text(path: &Path) -> Result<BufReader<File>, TableError> {
    let mut file = open(path)?;
    let mut start = [0; 2];
    let read = file.read(&mut start)?;
    if read == 2 && (start == [0xFF, 0xFE] || start == [0xFE, 0xFF]) {
        return Err(wrong("the text is UTF-16: save it as UTF-8"));
    }
    file.seek(SeekFrom::Start(0))?;
    Ok(BufReader::with_capacity(BUFFER, file))
}

/// The reader of a Parquet file.
pub(crate) fn parquet(file: File) -> Result<ParquetRecordBatchReaderBuilder<File>, TableError> {
    ParquetRecordBatchReaderBuilder::try_new(file)
        .map_err(|error| wrong(format!("it is no Parquet file, or not a whole one: {error}")))
}

/// An Arrow file or stream (`.arrow` is used for both).
pub(crate) fn arrow(file: File) -> Result<(SchemaRef, Stream), TableError> {
    let no_arrow = |error: ArrowError| wrong(format!("it is no Arrow file, or not a whole one: {error}"));
    let mut reader = BufReader::with_capacity(BUFFER, file);
    let mut magic = [0; 6];
    let read = reader.read(&mut magic)?;
    reader.seek(SeekFrom::Start(0))?;
    if read == 6 && &magic == b"ARROW1" {
        let file = FileReader::try_new(reader, None).map_err(no_arrow)?;
        return Ok((file.schema(), Box::new(file)));
    }
    let stream = StreamReader::try_new(reader, None).map_err(no_arrow)?;
    Ok((stream.schema(), Box::new(stream)))
}

/// Where a run takes its records from.
pub(crate) enum AnySource {
    /// From Python, which feeds them.
    Fed(Fed),
    Jsonl(Ahead<Lines<BufReader<File>>>),
    Csv(Ahead<Csv<BufReader<File>>>),
    Batches(Ahead<Batches>),
}

impl AnySource {
    /// What became of the reading; of what is fed there is nothing to tell.
    pub(crate) fn account(&self) -> Option<Arc<Mutex<Account>>> {
        match self {
            Self::Fed(_) => None,
            Self::Jsonl(source) => Some(source.account()),
            Self::Csv(source) => Some(source.account()),
            Self::Batches(source) => Some(source.account()),
        }
    }
}

impl Source<Sealed> for AnySource {
    async fn take(&mut self, most: NonZeroUsize) -> Vec<Sealed> {
        match self {
            Self::Fed(source) => source.take(most).await,
            Self::Jsonl(source) => source.take(most).await,
            Self::Csv(source) => source.take(most).await,
            Self::Batches(source) => source.take(most).await,
        }
    }
}
