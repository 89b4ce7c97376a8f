//! Columns side by side, with what they borrow from.

use std::collections::HashSet;
use std::rc::Rc;

use arrow_array::ArrayRef;
use arrow_schema::DataType;
use numpy::{Ix1, Ix2};
use pyo3::prelude::*;
use scouter_tasks::counted::counted;

use super::array::{InRows, Kind, Missing, Typed, native};
use super::arrow;
use super::cell::{Coding, Growing, Grown, cell};
use super::cells::{Cells, Coded, Numbers, Plain, Scaled};
use crate::errors;

/// Columns of the same length.
#[derive(Default)]
pub(crate) struct Table<'py> {
    columns: Vec<(String, Held<'py>)>,
    rows: usize,
    /// How many rows were read before these.
    pub(super) before: u64,
    /// Whether a column that is not there has no value in these rows, as a key that dicts lack.
    pub(super) is_open: bool,
    /// The names of all columns of the data, where a wanted one is not among them; of rows, what else the first has.
    pub(super) there: Vec<String>,
}

/// What a column borrows from.
pub(super) enum Held<'py> {
    /// An array of numbers, with flags of what is missing.
    Array(Typed<'py, Ix1>, Option<Missing<'py>>),
    /// Whole numbers that count time from 1970: a microsecond is so many units, or, of lengths, a second.
    Times(Typed<'py, Ix1>, f64),
    Spans(Typed<'py, Ix1>, f64),
    /// A column of an array of two dimensions; all columns of its table are of the same.
    Matrix(Rc<Typed<'py, Ix2>>, usize),
    /// Pieces of Arrow.
    Arrow(DataType, Vec<ArrayRef>),
    /// Codes of categories.
    Codes(Typed<'py, Ix1>, Vec<String>),
    /// What had to be made.
    Made(Grown),
}

impl Held<'_> {
    fn rows(&self) -> usize {
        match self {
            Self::Array(array, _) | Self::Times(array, _) | Self::Spans(array, _) | Self::Codes(array, _) => {
                array.rows()
            }
            Self::Matrix(matrix, _) => matrix.rows(),
            Self::Arrow(_, pieces) => pieces.iter().map(|piece| piece.len()).sum(),
            Self::Made(Grown::Missing(rows)) => *rows,
            Self::Made(Grown::Numbers(values) | Grown::Times(values)) => values.len(),
            Self::Made(Grown::Texts(coding)) => coding.codes.len(),
        }
    }

    /// How much memory it takes; of a column of a matrix, its share.
    fn bytes(&self) -> usize {
        match self {
            Self::Array(array, _) | Self::Times(array, _) | Self::Spans(array, _) | Self::Codes(array, _) => {
                array.bytes()
            }
            Self::Matrix(matrix, _) => matrix.bytes() / matrix.width().max(1),
            Self::Arrow(_, pieces) => pieces.iter().map(|piece| piece.get_buffer_memory_size()).sum(),
            Self::Made(Grown::Missing(_)) => 0,
            Self::Made(Grown::Numbers(values) | Grown::Times(values)) => size_of_val(&values[..]),
            Self::Made(Grown::Texts(coding)) => size_of_val(&coding.codes[..]),
        }
    }

    fn cells(&self) -> Cells<'_> {
        match self {
            Self::Array(array, missing) => {
                let missing = missing.as_ref().and_then(|missing| missing.as_slice().ok());
                Cells::Numbers(array.numbers(missing))
            }
            Self::Times(array, unit) => Cells::Times(in_units(array, *unit)),
            Self::Spans(array, unit) => Cells::Numbers(in_units(array, *unit)),
            Self::Matrix(matrix, column) => Cells::Numbers(matrix.numbers(*column)),
            Self::Arrow(kind, pieces) => arrow::cells(kind, pieces),
            Self::Codes(codes, categories) => Cells::Texts(codes.texts(categories)),
            Self::Made(Grown::Missing(rows)) => Cells::Missing(*rows, None),
            Self::Made(Grown::Numbers(values)) => Cells::Numbers(Box::new(Plain(values.as_slice()))),
            Self::Made(Grown::Times(values)) => Cells::Times(Box::new(Plain(values.as_slice()))),
            Self::Made(Grown::Texts(Coding { codes, categories, .. })) => {
                let categories = categories.iter().map(|text| Some(text.as_str())).collect();
                Cells::Texts(Box::new(Coded { codes: &codes[..], categories, mask: None }))
            }
        }
    }
}

/// The value that NumPy has for a moment that is none.
const NOT_A_TIME: f64 = i64::MIN as f64;

fn in_units<'a>(array: &'a Typed<'_, Ix1>, unit: f64) -> Numbers<'a> {
    Box::new(Scaled { numbers: array.numbers(None), factor: 1.0 / unit, missing: Some(NOT_A_TIME) })
}

/// A column as it is read.
pub(crate) struct Named<'a> {
    pub(crate) name: &'a str,
    /// Where it stands in the rows that it is a part of.
    pub(crate) place: Option<usize>,
    pub(crate) cells: Cells<'a>,
}

impl<'py> Table<'py> {
    /// No columns yet, of rows that come after so many others.
    pub(super) fn after(before: u64) -> Self {
        Self { before, ..Self::default() }
    }

    /// Adds a column.
    ///
    /// # Errors
    /// It is not as long as the others.
    pub(super) fn push(&mut self, py: Python<'_>, name: String, held: Held<'py>) -> PyResult<()> {
        let rows = held.rows();
        if !self.columns.is_empty() && rows != self.rows {
            let first = &self.columns[0].0;
            let message =
                format!("column `{name}` has {}, and column `{first}` {}", counted(rows, "row"), self.rows);
            return Err(errors::data(py, message));
        }
        self.rows = rows;
        self.columns.push((name, held));
        Ok(())
    }

    /// Adds a column that is an array of NumPy.
    pub(super) fn push_array(&mut self, name: String, array: &Bound<'py, PyAny>) -> PyResult<()> {
        let py = array.py();
        let (kind, array) = native(array).map_err(|error| of_column(py, &name, error))?;
        let held = match kind {
            Kind::Objects => Held::Made(objects(py, &name, &array)?),
            kind => {
                let typed = Typed::<Ix1>::read(&array)?;
                let typed = typed
                    .ok_or_else(|| errors::data(py, format!("column `{name}`: its cells are arrays")))?;
                match kind {
                    Kind::Times(unit) => Held::Times(typed, unit),
                    Kind::Spans(unit) => Held::Spans(typed, unit),
                    Kind::Numbers | Kind::Objects => Held::Array(typed, None),
                }
            }
        };
        self.push(py, name, held)
    }

    /// How many rows there are.
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// How much memory its columns take.
    pub(crate) fn bytes(&self) -> usize {
        self.columns.iter().map(|(_, held)| held.bytes()).sum()
    }

    /// How many rows there were before these.
    pub(crate) fn before(&self) -> u64 {
        self.before
    }

    /// Whether a column that is not there has no value in these rows.
    pub(crate) fn is_open(&self) -> bool {
        self.is_open
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// The names of all columns of the data, where a wanted one is not among them, otherwise none; of rows, what else the first has.
    pub(crate) fn there(&self) -> impl Iterator<Item = &str> {
        self.there.iter().map(String::as_str)
    }

    /// The columns.
    pub(crate) fn columns<'s>(&'s self) -> Vec<Named<'s>> {
        let place = |held: &Held<'py>| match held {
            Held::Matrix(_, at) => Some(*at),
            _ => None,
        };
        let named =
            |(name, held): &'s (String, Held<'py>)| Named { name, place: place(held), cells: held.cells() };
        self.columns.iter().map(named).collect()
    }

    /// The rows, where all columns are of rows that lie one after another.
    pub(crate) fn in_rows(&self) -> Option<InRows<'_>> {
        match self.columns.first() {
            Some((_, Held::Matrix(matrix, _))) => matrix.in_rows(),
            _ => None,
        }
    }
}

/// Checks that no name is there twice.
pub(super) fn unique<'a>(py: Python<'_>, names: impl IntoIterator<Item = &'a str>) -> PyResult<()> {
    let mut seen = HashSet::new();
    match names.into_iter().find(|name| !seen.insert(*name)) {
        None => Ok(()),
        Some(name) => Err(errors::data(
            py,
            format!("column `{name}` is there more than once: give each a name of its own"),
        )),
    }
}

/// The error of a column.
pub(super) fn of_column(py: Python<'_>, name: &str, error: PyErr) -> PyErr {
    errors::data(py, format!("column `{name}`: {}", error.value(py)))
}

/// Hears signals, and lets other threads of Python run: what is read here are their objects.
pub(super) fn pause(py: Python<'_>) -> PyResult<()> {
    py.detach(|| ());
    py.check_signals()
}

/// What any sequence of Python objects holds.
pub(super) fn objects(py: Python<'_>, name: &str, cells: &Bound<'_, PyAny>) -> PyResult<Grown> {
    let mut column = Growing::default();
    for (row, object) in cells.try_iter()?.enumerate() {
        let pushed = cell(&object?).and_then(|cell| column.push(cell));
        pushed.map_err(|what| wrong_cell(py, name, row as u64, &what))?;
        if row % (1 << 14) == 0 {
            pause(py)?;
        }
    }
    Ok(column.grown())
}

/// A cell that cannot be read.
pub(super) fn wrong_cell(py: Python<'_>, name: &str, row: u64, what: &str) -> PyErr {
    let hint = "a column holds numbers, moments or texts, and no two of them";
    errors::data(py, format!("column `{name}`, row {row}: {what}; {hint}"))
}
