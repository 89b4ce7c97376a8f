//! Files of columns, a part at a time: Parquet, Arrow and CSV.

use std::path::{Path, PathBuf};

use parquet::arrow::ProjectionMask;
use pyo3::prelude::*;

use super::csv::Csv;
use super::source::{Parts, Wanted, check_schema, check_some, held};
use super::table::{Held, Table, unique};
use crate::errors;
use crate::tables::source::{arrow, open as opened, parquet};
use crate::tables::{Format, Stream, TableError};

/// Rows of a part of a Parquet file.
const PART: usize = 1 << 16;

/// The parts of a file.
pub(super) fn open(py: Python<'_>, path: PathBuf, wanted: Wanted) -> PyResult<Box<dyn Parts + '_>> {
    let wrong = |error| told(py, &path, error);
    match Format::of(&path) {
        Some(Format::Parquet) => {
            let reader = opened(&path).and_then(parquet).map_err(wrong)?;
            let schema = reader.schema().clone();
            check_schema(py, &schema, &wanted)?;
            check_some(py, &schema, &wanted)?;
            let roots = schema.fields().iter().enumerate().filter(|(_, field)| wanted.has(field.name()));
            let mask = ProjectionMask::roots(reader.parquet_schema(), roots.map(|(at, _)| at));
            let reader = reader.with_projection(mask).with_batch_size(PART).build();
            let reader = reader.map_err(|error| broken(py, &path, error.to_string()))?;
            Ok(Box::new(Batches { path, stream: Box::new(reader), wanted, read: 0 }))
        }
        Some(Format::Arrow) => {
            let (schema, stream) = opened(&path).and_then(arrow).map_err(wrong)?;
            check_schema(py, &schema, &wanted)?;
            check_some(py, &schema, &wanted)?;
            Ok(Box::new(Batches { path, stream, wanted, read: 0 }))
        }
        Some(Format::Csv) => {
            let csv = Csv::open(&path, &wanted).map_err(wrong)?;
            unique(py, csv.names())?;
            Ok(Box::new(Lines { path, csv }))
        }
        Some(Format::Jsonl) | None => {
            let message = "its suffix says no format of columns: `.parquet`, `.csv` and `.arrow` are read";
            Err(broken(py, &path, message.to_owned()))
        }
    }
}

fn broken(py: Python<'_>, path: &Path, what: String) -> PyErr {
    errors::data(py, format!("`{}`: {what}", path.display()))
}

fn told(py: Python<'_>, path: &Path, error: TableError) -> PyErr {
    match error {
        TableError::Io(error) => errors::file(py, &error, path),
        TableError::Wrong(what) => broken(py, path, what),
    }
}

struct Batches {
    path: PathBuf,
    stream: Stream,
    wanted: Wanted,
    read: u64,
}

impl Parts for Batches {
    fn next<'py>(&mut self, py: Python<'py>) -> PyResult<Option<Table<'py>>> {
        let stream = &mut self.stream;
        let Some(batch) = py.detach(|| stream.next()) else { return Ok(None) };
        let batch =
            batch.map_err(|error| broken(py, &self.path, format!("after row {}: {error}", self.read)))?;
        let mut table = Table::after(self.read);
        self.read += batch.num_rows() as u64;
        for (name, held) in held(&batch.schema(), std::slice::from_ref(&batch), &self.wanted) {
            table.push(py, name, held)?;
        }
        Ok(Some(table))
    }
}

struct Lines {
    path: PathBuf,
    csv: Csv,
}

impl Parts for Lines {
    fn next<'py>(&mut self, py: Python<'py>) -> PyResult<Option<Table<'py>>> {
        let csv = &mut self.csv;
        let before = csv.read;
        let part = py.detach(|| csv.next()).map_err(|error| told(py, &self.path, error))?;
        let Some(columns) = part else { return Ok(None) };
        let mut table = Table::after(before);
        for (name, column) in columns {
            table.push(py, name, Held::Made(column))?;
        }
        Ok(Some(table))
    }
}
