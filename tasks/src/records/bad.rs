//! Records that cannot be read, and what ends the reading of a file.

use std::fmt;
use std::io;

use serde::{Deserialize, Serialize};

use crate::value::{Value, from_value, to_value};

/// How many of the records that were left out are described.
const TOLD: usize = 100;

/// What the records of a file are counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Lines of text.
    Line,
    /// Rows of a table.
    Row,
}

/// What is wrong with a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flaw {
    /// Where in its line, in bytes from 1, as far as that is known.
    pub column: Option<usize>,
    /// What is wrong.
    pub message: String,
}

impl From<String> for Flaw {
    fn from(message: String) -> Self {
        Self { column: None, message }
    }
}

/// A record that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BadRecord {
    /// What `number` counts.
    pub unit: Unit,
    /// Which line or row, from 1.
    pub number: u64,
    /// What is wrong with it.
    #[serde(flatten)]
    pub flaw: Flaw,
}

impl fmt::Display for BadRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            Unit::Line => "line",
            Unit::Row => "row",
        };
        write!(f, "{unit} {}", self.number)?;
        if let Some(column) = self.flaw.column {
            write!(f, ", column {column}")?;
        }
        write!(f, ": {}", self.flaw.message)
    }
}

/// The records that were left out of a run: how many, and what was wrong with the first of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BadRecords {
    /// How many there are.
    pub count: usize,
    /// The first 100 of them.
    pub first: Vec<BadRecord>,
}

impl BadRecords {
    /// As a value, for files of results.
    pub fn to_value(&self) -> Value {
        to_value(self).unwrap_or_default()
    }

    /// What [`BadRecords::to_value`] made.
    ///
    /// # Errors
    /// Where it is something else.
    pub fn from_value(value: &Value) -> Result<Self, serde::de::value::Error> {
        from_value(value)
    }

    /// One more was left out.
    pub fn add(&mut self, bad: BadRecord) {
        self.count += 1;
        if self.first.len() < TOLD {
            self.first.push(bad);
        }
    }
}

/// Why a file was not read to its end.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// A record in it is broken.
    #[error("{0}")]
    Bad(BadRecord),
    /// The file itself cannot be read any further.
    #[error("{message}, after {unit} {after}", unit = match .unit { Unit::Line => "line", Unit::Row => "row" })]
    Broken {
        /// What `after` counts.
        unit: Unit,
        /// The last line or row that could be read.
        after: u64,
        /// What is wrong.
        message: String,
    },
    /// The system could not read it.
    #[error("{0}")]
    Io(#[from] io::Error),
}
