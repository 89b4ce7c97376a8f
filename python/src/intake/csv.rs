//! CSV files, a part at a time. What a column holds is told by the cells of the first part in which it has any.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use csv::{Position, Reader, StringRecord};
use scouter_tasks::counted::counted;
use scouter_tasks::records::{Limited, Room, TooLong};

use super::cell::{Cell, Growing, Grown, micros};
use super::cells::spelled;
use super::moment::moment;
use super::source::{Spelling, Wanted, none_of};
use crate::tables::TableError;
use crate::tables::source::text;

/// Rows of a part, and bytes after which it has no more of them.
const PART: usize = 1 << 16;
const BYTES: usize = 64 << 20;

/// Cells that stand for a missing value, as in other tools.
const MISSING: [&str; 9] = ["", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "<NA>"];

/// A file under way.
pub(super) struct Csv {
    reader: Reader<Limited<BufReader<File>>>,
    room: Room,
    columns: Vec<Column>,
    pub(super) read: u64,
}

struct Column {
    place: usize,
    name: String,
    /// Texts in any case, and how they are spelled.
    texts: Option<Spelling>,
    /// What it holds, once that is known.
    holds: Option<Holds>,
}

/// What the cells of a column are.
#[derive(Clone, Copy)]
enum Holds {
    Numbers,
    Truths,
    Moments,
    Texts,
    /// Numbers that are categories.
    Codes,
}

/// What became of reading the row behind so many.
fn failed(rows: u64) -> impl FnOnce(csv::Error) -> TableError {
    move |error| {
        let text = error.to_string();
        match error.into_kind() {
            csv::ErrorKind::Io(error) if TooLong::caused(&error) => {
                TableError::Wrong(format!("after {}: {TooLong}", counted(rows, "row")))
            }
            csv::ErrorKind::Io(error) => TableError::Io(error),
            _ => TableError::Wrong(text),
        }
    }
}

impl Csv {
    pub(super) fn open(path: &Path, wanted: &Wanted) -> Result<Self, TableError> {
        let (limited, room) = Limited::new(text(path)?);
        let mut reader = Reader::from_reader(limited);
        let head = reader.headers().map_err(failed(0))?.clone();
        if let Some(why) = none_of(head.iter(), wanted) {
            return Err(TableError::Wrong(why));
        }
        let columns = head.iter().enumerate().filter(|(_, name)| wanted.has(name));
        let column = |(place, name): (usize, &str)| Column {
            place,
            name: name.to_owned(),
            texts: wanted.texts.get(name).copied(),
            holds: None,
        };
        Ok(Self { columns: columns.map(column).collect(), reader, room, read: 0 })
    }

    /// The names of the columns that are read.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.name.as_str())
    }

    /// The columns of the next rows; none after the last.
    pub(super) fn next(&mut self) -> Result<Option<Vec<(String, Grown)>>, TableError> {
        let mut rows = Vec::with_capacity(PART);
        let mut bytes = 0;
        while rows.len() < PART && bytes < BYTES {
            self.room.begin();
            let mut row = StringRecord::new();
            let after = self.read + rows.len() as u64;
            if !self.reader.read_record(&mut row).map_err(failed(after))? {
                break;
            }
            bytes += row.as_slice().len();
            rows.push(row);
        }
        if rows.is_empty() {
            return Ok(None);
        }
        self.read += rows.len() as u64;
        let column = |column: &mut Column| -> Result<(String, Grown), TableError> {
            Ok((column.name.clone(), column.grow(&rows)?))
        };
        self.columns.iter_mut().map(column).collect::<Result<_, _>>().map(Some)
    }
}

impl Column {
    fn grow(&mut self, rows: &[StringRecord]) -> Result<Grown, TableError> {
        let place = self.place;
        let present = |cell: &&str| !MISSING.contains(cell);
        let cells = || rows.iter().map(move |row| row.get(place).map(str::trim).filter(present));
        if self.holds.is_none() && cells().any(|cell| cell.is_some()) {
            self.holds = Some(Holds::of(self.texts, &|| cells().flatten()));
        }
        let mut growing = Growing::default();
        for (cell, row) in cells().zip(rows) {
            let cell = match (cell, self.holds) {
                (None, _) | (_, None) => Cell::Missing,
                (Some(text), Some(holds)) => {
                    holds.cell(text).ok_or_else(|| wrong(&self.name, row, text, holds))?
                }
            };
            growing.push(cell).map_err(TableError::Wrong)?;
        }
        Ok(growing.grown())
    }
}

impl Holds {
    fn of<'a, I: Iterator<Item = &'a str>>(texts: Option<Spelling>, cells: &impl Fn() -> I) -> Self {
        let all = |holds: Self| cells().all(|cell| holds.cell(cell).is_some());
        match texts {
            Some(Spelling::AsNumbers) if all(Self::Numbers) => Self::Codes,
            Some(_) => Self::Texts,
            None => [Self::Numbers, Self::Truths, Self::Moments]
                .into_iter()
                .find(|h| all(*h))
                .unwrap_or(Self::Texts),
        }
    }

    fn cell(self, text: &str) -> Option<Cell> {
        Some(match self {
            Self::Numbers => Cell::Number(text.parse().ok()?),
            Self::Truths => match text {
                "true" | "True" | "TRUE" => Cell::Number(1.0),
                "false" | "False" | "FALSE" => Cell::Number(0.0),
                _ => return None,
            },
            Self::Moments => Cell::Time(micros(moment(text)?)),
            Self::Texts => Cell::Text(text.to_owned()),
            Self::Codes => Cell::Text(spelled(text).into_owned()),
        })
    }
}

fn wrong(name: &str, row: &StringRecord, text: &str, holds: Holds) -> TableError {
    let line = row.position().map_or(0, Position::line);
    let text: String = text.chars().take(40).collect();
    let (what, began) = match holds {
        Holds::Truths => ("neither true nor false", "truths"),
        Holds::Moments => ("no moment", "moments"),
        Holds::Numbers | Holds::Texts | Holds::Codes => ("no number", "numbers"),
    };
    TableError::Wrong(format!(
        "column `{name}`, line {line}: `{text}` is {what}, and the column began with {began}; name it among \
         `categorical_features` if it holds texts"
    ))
}
