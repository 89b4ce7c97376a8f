//! What data is, told by its look, and in which parts it comes.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::rc::Rc;

use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, Schema};
use numpy::Ix2;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyIterator, PyList, PyString, PyTuple};

use super::array::{Kind, Typed, native};
use super::cells::spelled;
use super::gathered::Room;
use super::table::{Held, Table, unique};
use super::{arrow, files, pandas, rows};
use crate::convert::class;
use crate::errors;
use crate::tables::Stream;

/// Which columns are read, and how.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    /// Only these; all where it is `None`.
    pub(crate) only: Option<HashSet<String>>,
    /// Columns of text whatever they look like, where that is a question, and how they are spelled.
    pub(crate) texts: HashMap<String, Spelling>,
}

/// How texts are spelled that look like numbers.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Spelling {
    /// As they stand there.
    AsWritten,
    /// As numbers are that become categories: `1` for `1.0`.
    AsNumbers,
}

impl Spelling {
    /// How later texts are spelled beside these categories: as numbers are, unless one of them is not.
    pub(crate) fn of<'a>(mut categories: impl Iterator<Item = &'a str>) -> Self {
        if categories.all(|text| spelled(text) == text) { Self::AsNumbers } else { Self::AsWritten }
    }
}

impl Wanted {
    pub(super) fn has(&self, name: &str) -> bool {
        self.only.as_ref().is_none_or(|only| only.contains(name))
    }
}

/// Why there is nothing to read in data with columns of these names: they are all others than those wanted. None of data without columns.
pub(super) fn none_of<'a>(there: impl Iterator<Item = &'a str>, wanted: &Wanted) -> Option<String> {
    let only = wanted.only.as_ref()?;
    let there: Vec<&str> = there.collect();
    if there.is_empty() || only.is_empty() || there.iter().any(|name| only.contains(*name)) {
        return None;
    }
    let mut only: Vec<&str> = only.iter().map(String::as_str).collect();
    only.sort_unstable();
    Some(format!(
        "the data have no column {}, which the profile has; they have {}",
        listed(&only),
        listed(&there)
    ))
}

/// Names of columns in words: the first ten, and how many more there are.
pub(crate) fn listed(names: &[&str]) -> String {
    const MOST: usize = 10;
    let first: Vec<String> = names.iter().take(MOST).map(|name| format!("`{name}`")).collect();
    let more = names.len().saturating_sub(MOST);
    if more == 0 { first.join(", ") } else { format!("{} and {more} more", first.join(", ")) }
}

/// Checks that there is a wanted column.
pub(super) fn check_some(py: Python<'_>, schema: &Schema, wanted: &Wanted) -> PyResult<()> {
    match none_of(schema.fields().iter().map(|field| field.name().as_str()), wanted) {
        Some(why) => Err(errors::data(py, why)),
        None => Ok(()),
    }
}

/// Data that comes in parts.
pub(crate) trait Parts {
    /// The next part; none after the last.
    fn next<'py>(&mut self, py: Python<'py>) -> PyResult<Option<Table<'py>>>;
}

/// Data, as a whole or in parts.
pub(crate) enum Intake<'py> {
    /// In memory: it can be read more than once.
    Whole(Table<'py>),
    /// Read once, in bounded memory.
    Parts(Box<dyn Parts + 'py>),
}

impl<'py> Intake<'py> {
    /// Looks what it is.
    pub(crate) fn of(data: &Bound<'py, PyAny>, wanted: &Wanted) -> PyResult<Self> {
        let py = data.py();
        let path = data.cast::<PyString>().is_ok() || data.hasattr("__fspath__")?;
        if path {
            return files::open(py, data.extract::<PathBuf>()?, wanted.clone()).map(Self::Parts);
        }
        if data.hasattr("to_frame")? {
            let hint = "give a table, such as `series.to_frame()`";
            return Err(errors::data(py, format!("data is a `{}`, a single column: {hint}", class(data))));
        }
        if data.hasattr("__arrow_c_stream__")? && !data.hasattr("__len__")? {
            let stream = crate::tables::reader(data)?;
            let schema = arrow_array::RecordBatchReader::schema(&stream);
            check_schema(py, &schema, wanted)?;
            check_some(py, &schema, wanted)?;
            let (stream, wanted): (Stream, _) = (Box::new(stream), wanted.clone());
            return Ok(Self::Parts(Box::new(Streamed { stream, wanted, read: 0 })));
        }
        if let Some(mut table) = whole(data, wanted)? {
            if let Some(only) = &wanted.only
                && (table.is_empty() || (!table.is_open() && table.columns().len() < only.len()))
            {
                // Once more, for the names of what is there.
                let all = whole(data, &Wanted::default()).ok().flatten().unwrap_or_default();
                let there: Vec<String> = all.columns().iter().map(|column| column.name.to_owned()).collect();
                if let Some(why) = none_of(there.iter().map(String::as_str), wanted) {
                    return Err(errors::data(py, why));
                }
                table.there = there;
            }
            return Ok(Self::Whole(table));
        }
        if let Ok(parts) = data.try_iter() {
            return Ok(Self::Parts(Box::new(Iterated {
                parts: parts.unbind(),
                wanted: wanted.clone(),
                read: 0,
            })));
        }
        Err(errors::data(
            py,
            format!(
                "data is a `{}`: give a data frame (pandas, polars), an Arrow table, an array of NumPy with two \
                 dimensions, a list of dicts or models, a dict of columns, an iterator of such, or the path of a \
                 Parquet, Arrow or CSV file",
                class(data)
            ),
        ))
    }

    /// The same, of which each part is shown to `look` before anything else is done with it.
    pub(crate) fn beside<'s>(
        self,
        py: Python<'py>,
        mut look: impl FnMut(Python<'_>, &Table<'_>) -> PyResult<()> + 's,
    ) -> PyResult<Intake<'s>>
    where
        'py: 's,
    {
        match self {
            Self::Whole(table) => {
                look(py, &table)?;
                Ok(Intake::Whole(table))
            }
            Self::Parts(parts) => Ok(Intake::Parts(Box::new(Beside { parts, look }))),
        }
    }

    /// How much of it may be copied at a time.
    pub(crate) fn room(&self) -> Room {
        match self {
            Self::Whole(table) => Room::beside(table.bytes()),
            Self::Parts(_) => Room::beside(0),
        }
    }

    /// Calls `visit` with each part, of which there is at least one, with at least one row and one column.
    pub(crate) fn each(
        self,
        py: Python<'py>,
        mut visit: impl FnMut(&Table<'_>) -> PyResult<()>,
    ) -> PyResult<()> {
        let none = |what: &str| Err(errors::data(py, format!("the data have no {what}")));
        let mut rows = 0;
        match self {
            Self::Whole(table) => {
                rows += table.rows();
                if table.is_empty() {
                    return none("columns");
                }
                if rows > 0 {
                    visit(&table)?;
                }
            }
            Self::Parts(mut parts) => {
                while let Some(table) = parts.next(py)? {
                    if table.is_empty() {
                        return none("columns");
                    }
                    if table.rows() > 0 {
                        rows += table.rows();
                        visit(&table)?;
                    }
                }
            }
        }
        if rows == 0 { none("rows") } else { Ok(()) }
    }
}

/// Parts that are looked at as they go by.
struct Beside<'s, L> {
    parts: Box<dyn Parts + 's>,
    look: L,
}

impl<L: FnMut(Python<'_>, &Table<'_>) -> PyResult<()>> Parts for Beside<'_, L> {
    fn next<'py>(&mut self, py: Python<'py>) -> PyResult<Option<Table<'py>>> {
        let table = self.parts.next(py)?;
        if let Some(table) = &table {
            (self.look)(py, table)?;
        }
        Ok(table)
    }
}

/// A table of what is in memory; `None` where it is something else.
fn whole<'py>(data: &Bound<'py, PyAny>, wanted: &Wanted) -> PyResult<Option<Table<'py>>> {
    let py = data.py();
    if pandas::is_frame(data)? {
        return pandas::table(data, wanted).map(Some);
    }
    if data.hasattr("__arrow_c_stream__")? {
        let mut table = Table::default();
        for (name, held) in of_stream(data, wanted)? {
            table.push(py, name, held)?;
        }
        return Ok(Some(table));
    }
    if data.hasattr("__array_interface__")? {
        return matrix(data, wanted).map(Some);
    }
    if let Ok(dict) = data.cast::<PyDict>() {
        return rows::columns(dict, wanted).map(Some);
    }
    let listed = data.cast::<PyList>().is_ok() || data.cast::<PyTuple>().is_ok();
    if listed && (data.len()? == 0 || rows::is_row(&data.get_item(0)?)?) {
        return rows::table(py, data.try_iter()?, wanted, 0).map(Some);
    }
    Ok(None)
}

/// The columns of an array of two dimensions, `feature_0` and so on.
fn matrix<'py>(data: &Bound<'py, PyAny>, wanted: &Wanted) -> PyResult<Table<'py>> {
    let py = data.py();
    let shape: Vec<usize> = data.getattr("shape")?.extract()?;
    let &[_, width] = shape.as_slice() else {
        let message = format!(
            "the array has the shape {shape:?}: give one with a row for each record and a column for each feature, such as `array.reshape(-1, 1)`"
        );
        return Err(errors::data(py, message));
    };
    let mut table = Table::default();
    let names = (0..width).map(|at| (at, format!("feature_{at}"))).filter(|(_, name)| wanted.has(name));
    if let (Kind::Numbers, array) = native(data)?
        && let Some(typed) = Typed::<Ix2>::read(&array)?
    {
        let matrix = Rc::new(typed);
        for (at, name) in names.filter(|(at, _)| *at < matrix.width()) {
            table.push(py, name, Held::Matrix(matrix.clone(), at))?;
        }
        return Ok(table);
    }
    let columns = data.getattr("T")?;
    for (at, name) in names {
        table.push_array(name, &columns.get_item(at)?)?;
    }
    Ok(table)
}

/// The columns of anything that gives an Arrow stream.
pub(super) fn of_stream<'py>(
    table: &Bound<'py, PyAny>,
    wanted: &Wanted,
) -> PyResult<Vec<(String, Held<'py>)>> {
    let py = table.py();
    let (schema, batches) = crate::tables::import(table, errors::data)?;
    check_schema(py, &schema, wanted)?;
    Ok(held(&schema, &batches, wanted))
}

/// Checks that the wanted columns can be read, and that each is there once.
pub(super) fn check_schema(py: Python<'_>, schema: &Schema, wanted: &Wanted) -> PyResult<()> {
    let fields = || schema.fields().iter().filter(|field| wanted.has(field.name()));
    unique(py, fields().map(|field| field.name().as_str()))?;
    match fields().find(|field| !arrow::is_readable(field.data_type())) {
        None => Ok(()),
        Some(field) => {
            let (name, kind) = (field.name(), field.data_type());
            let message = format!(
                "column `{name}` holds `{kind}`, which is neither numbers, moments nor texts: leave it out"
            );
            Err(errors::data(py, message))
        }
    }
}

/// The wanted columns of batches.
pub(super) fn held<'py>(
    schema: &Schema,
    batches: &[RecordBatch],
    wanted: &Wanted,
) -> Vec<(String, Held<'py>)> {
    let places = schema.fields().iter().enumerate().filter(|(_, field)| wanted.has(field.name()));
    let column = |at: usize| batches.iter().map(|batch| batch.column(at).clone()).collect();
    places
        .map(|(at, field)| (field.name().clone(), Held::Arrow(field.data_type().clone(), column(at))))
        .collect()
}

/// A stream of batches of somebody else's.
struct Streamed {
    stream: Stream,
    wanted: Wanted,
    read: u64,
}

impl Parts for Streamed {
    fn next<'py>(&mut self, py: Python<'py>) -> PyResult<Option<Table<'py>>> {
        let stream = &mut self.stream;
        let Some(batch) = py.detach(|| stream.next()) else { return Ok(None) };
        let batch: Result<RecordBatch, ArrowError> = batch;
        let batch = batch.map_err(|error| {
            errors::data(py, format!("the stream broke off after row {}: {error}", self.read))
        })?;
        let mut table = Table::after(self.read);
        self.read += batch.num_rows() as u64;
        for (name, held) in held(&batch.schema(), std::slice::from_ref(&batch), &self.wanted) {
            table.push(py, name, held)?;
        }
        Ok(Some(table))
    }
}

/// An iterator of parts, or of single rows.
struct Iterated {
    parts: Py<PyIterator>,
    wanted: Wanted,
    read: u64,
}

/// How many single rows are looked at together.
const TOGETHER: usize = 1 << 13;

impl Parts for Iterated {
    fn next<'py>(&mut self, py: Python<'py>) -> PyResult<Option<Table<'py>>> {
        let mut parts = self.parts.bind(py).clone();
        let Some(first) = parts.next().transpose()? else { return Ok(None) };
        let mut table = if rows::is_row(&first)? {
            let some = std::iter::once(Ok(first)).chain(parts).take(TOGETHER);
            rows::table(py, some, &self.wanted, self.read)?
        } else {
            let class = first.get_type().fully_qualified_name()?;
            whole(&first, &self.wanted)?.ok_or_else(|| {
                errors::data(
                    py,
                    format!("a part of the data is a `{class}`, which is neither a table nor a row"),
                )
            })?
        };
        table.before = self.read;
        self.read += table.rows() as u64;
        Ok(Some(table))
    }
}
