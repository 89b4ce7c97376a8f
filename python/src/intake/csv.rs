//! CSV files, a part at a time. A column is one of numbers where every cell of the first part that has a value is one.

use std::fs::File;
use std::path::Path;

use csv::{Position, Reader, StringRecord};

use super::cell::{Cell, Growing, Grown};
use super::source::Wanted;

/// Rows of a part.
const PART: usize = 1 << 16;

/// Cells that stand for a missing value, as in other tools.
const MISSING: [&str; 9] = ["", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "<NA>"];

/// A file under way.
pub(super) struct Csv {
    reader: Reader<File>,
    /// Place, name and, once it is known, whether the column holds numbers.
    columns: Vec<(usize, String, Option<bool>)>,
    pub(super) read: u64,
}

/// Why a file cannot be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum CsvError {
    #[error("{0}")]
    Io(#[from] std::io::Error),
    #[error("{0}")]
    Wrong(String),
}

impl From<csv::Error> for CsvError {
    fn from(error: csv::Error) -> Self {
        let text = error.to_string();
        match error.into_kind() {
            csv::ErrorKind::Io(error) => Self::Io(error),
            _ => Self::Wrong(text),
        }
    }
}

impl Csv {
    pub(super) fn open(path: &Path, wanted: &Wanted) -> Result<Self, CsvError> {
        let mut reader = Reader::from_reader(File::open(path)?);
        let head = reader.headers()?.clone();
        let columns = head.iter().enumerate().filter(|(_, name)| wanted.has(name));
        let kind = |name: &str| wanted.is_text(name).then_some(false);
        let columns = columns.map(|(at, name)| (at, name.to_owned(), kind(name))).collect();
        Ok(Self { reader, columns, read: 0 })
    }

    /// The names of the columns that are read.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|(_, name, _)| name.as_str())
    }

    /// The columns of the next rows; none after the last.
    pub(super) fn next(&mut self) -> Result<Option<Vec<(String, Grown)>>, CsvError> {
        let mut rows = Vec::with_capacity(PART);
        while rows.len() < PART {
            let mut row = StringRecord::new();
            if !self.reader.read_record(&mut row)? {
                break;
            }
            rows.push(row);
        }
        if rows.is_empty() {
            return Ok(None);
        }
        self.read += rows.len() as u64;
        let column = |(at, name, kind): &mut (usize, String, Option<bool>)| {
            let (at, rows) = (*at, &rows);
            let present = |cell: &&str| !MISSING.contains(cell);
            let cells = || rows.iter().map(move |row| row.get(at).map(str::trim).filter(present));
            if kind.is_none() && cells().any(|cell| cell.is_some()) {
                *kind = Some(cells().flatten().all(|cell| cell.parse::<f64>().is_ok()));
            }
            let mut growing = Growing::default();
            for (cell, row) in cells().zip(rows) {
                let cell = match (cell, *kind) {
                    (None, _) => Cell::Missing,
                    (Some(text), Some(true)) => {
                        Cell::Number(text.parse().map_err(|_| wrong(name, row, text))?)
                    }
                    (Some(text), _) => Cell::Text(text.to_owned()),
                };
                growing.push(cell).map_err(CsvError::Wrong)?;
            }
            Ok((name.clone(), growing.grown()))
        };
        self.columns.iter_mut().map(column).collect::<Result<_, _>>().map(Some)
    }
}

fn wrong(name: &str, row: &StringRecord, text: &str) -> CsvError {
    let line = row.position().map_or(0, Position::line);
    let text: String = text.chars().take(40).collect();
    CsvError::Wrong(format!(
        "column `{name}`, line {line}: `{text}` is no number, and the column began with numbers; name it among \
         `categorical_features` if it holds texts"
    ))
}
