//! Single Python objects as cells, and columns that are built of them.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyFloat, PyInt, PyString};

use super::moment::moment_of;

/// What a cell holds.
pub(super) enum Cell {
    Missing,
    Number(f64),
    /// Microseconds since 1970 in UTC.
    Time(f64),
    Text(String),
}

/// The cell of an object.
///
/// # Errors
/// With what it is, where it is neither number, text nor moment.
pub(super) fn cell(object: &Bound<'_, PyAny>) -> Result<Cell, String> {
    if object.is_none() {
        return Ok(Cell::Missing);
    }
    if let Ok(text) = object.cast::<PyString>() {
        let text = text.to_str().map_err(|_| "text with half a surrogate pair".to_owned())?;
        return Ok(Cell::Text(text.to_owned()));
    }
    if let Ok(number) = object.cast::<PyFloat>() {
        return Ok(number_or_missing(number.extract().unwrap_or(f64::NAN)));
    }
    if let Ok(truth) = object.cast::<PyBool>() {
        return Ok(Cell::Number(f64::from(u8::from(truth.is_true()))));
    }
    if object.cast::<PyInt>().is_ok() {
        let number = object.extract::<f64>().map_err(|_| "a number beyond the largest".to_owned())?;
        return Ok(Cell::Number(number));
    }
    other(object)
}

fn number_or_missing(number: f64) -> Cell {
    if number.is_nan() { Cell::Missing } else { Cell::Number(number) }
}

fn other(object: &Bound<'_, PyAny>) -> Result<Cell, String> {
    let class = object.get_type();
    let name = class.name().map(|name| name.to_string()).unwrap_or_default();
    match name.as_str() {
        "NAType" | "NaTType" => return Ok(Cell::Missing),
        "Decimal" => {
            return object.extract::<f64>().map(number_or_missing).map_err(|error| error.to_string());
        }
        _ => {}
    }
    if let Some(moment) = moment_of(object) {
        return Ok(Cell::Time(micros(moment)));
    }
    // Scalars of NumPy.
    if class.hasattr("dtype").unwrap_or(false)
        && let Ok(item) = object.call_method0("item")
        && !item.is(object)
        && !item.hasattr("dtype").unwrap_or(true)
    {
        return cell(&item);
    }
    Err(format!("an object of `{name}`"))
}

pub(crate) fn micros(moment: NaiveDateTime) -> f64 {
    moment.and_utc().timestamp_micros() as f64
}

/// A column that grows cell by cell. What its first value is, all are.
#[derive(Default)]
pub(super) struct Growing {
    rows: usize,
    kind: Kind,
}

#[derive(Default)]
enum Kind {
    /// Nothing but missing cells so far.
    #[default]
    Unknown,
    Numbers(Vec<f64>),
    Times(Vec<f64>),
    Texts(Coding),
}

impl Kind {
    fn name(&self) -> &'static str {
        match self {
            Self::Unknown => "nothing",
            Self::Numbers(_) => "numbers",
            Self::Times(_) => "moments",
            Self::Texts(_) => "texts",
        }
    }
}

/// Texts as codes.
#[derive(Default)]
pub(super) struct Coding {
    /// −1 where a cell is missing.
    pub(super) codes: Vec<i64>,
    pub(super) categories: Vec<String>,
    places: HashMap<String, i64>,
}

impl Coding {
    pub(super) fn push(&mut self, text: Option<&str>) {
        let Some(text) = text else { return self.codes.push(-1) };
        let next = i64::try_from(self.categories.len()).unwrap_or(i64::MAX);
        let code = self.places.get(text).copied().unwrap_or(next);
        if code == next {
            self.places.insert(text.to_owned(), code);
            self.categories.push(text.to_owned());
        }
        self.codes.push(code);
    }
}

/// A column that is whole.
pub(super) enum Grown {
    /// So many rows without a value.
    Missing(usize),
    Numbers(Vec<f64>),
    Times(Vec<f64>),
    Texts(Coding),
}

impl Growing {
    /// Cells without a value, up to this number of rows.
    pub(super) fn fill(&mut self, rows: usize) {
        while self.rows < rows {
            self.rows += 1;
            match &mut self.kind {
                Kind::Unknown => {}
                Kind::Numbers(values) | Kind::Times(values) => values.push(f64::NAN),
                Kind::Texts(coding) => coding.push(None),
            }
        }
    }

    /// # Errors
    /// With what the cell holds, where that is another kind of value than those before it.
    pub(super) fn push(&mut self, cell: Cell) -> Result<(), String> {
        if matches!(cell, Cell::Missing) {
            self.fill(self.rows + 1);
            return Ok(());
        }
        if let Kind::Unknown = self.kind {
            let before = vec![f64::NAN; self.rows];
            self.kind = match &cell {
                Cell::Missing => return Ok(()),
                Cell::Number(_) => Kind::Numbers(before),
                Cell::Time(_) => Kind::Times(before),
                Cell::Text(_) => Kind::Texts(Coding { codes: vec![-1; self.rows], ..Coding::default() }),
            };
        }
        match (&mut self.kind, cell) {
            (Kind::Numbers(values), Cell::Number(value)) | (Kind::Times(values), Cell::Time(value)) => {
                values.push(value);
            }
            (Kind::Texts(coding), Cell::Text(text)) => coding.push(Some(&text)),
            (kind, cell) => {
                let found = match cell {
                    Cell::Text(text) => format!("the text `{}`", text.chars().take(40).collect::<String>()),
                    Cell::Number(number) => format!("the number `{number}`"),
                    Cell::Time(_) | Cell::Missing => "a moment".to_owned(),
                };
                return Err(format!("{found} after {}", kind.name()));
            }
        }
        self.rows += 1;
        Ok(())
    }

    pub(super) fn grown(self) -> Grown {
        match self.kind {
            Kind::Unknown => Grown::Missing(self.rows),
            Kind::Numbers(values) => Grown::Numbers(values),
            Kind::Times(values) => Grown::Times(values),
            Kind::Texts(coding) => Grown::Texts(coding),
        }
    }
}
