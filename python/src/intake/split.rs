//! Rows by what a column says of them: segments by category, windows by time.

use std::collections::HashMap;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use pyo3::prelude::*;
use scouter_drift::column::{Column, Tally};
use scouter_engine::nearest;

use super::cells::{Cells, tally_numbers};
use super::table::{Named, Table};
use crate::errors;

/// How wide windows of time are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Window {
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl Window {
    const ALL: [(&'static str, Self); 6] = [
        ("hour", Self::Hour),
        ("day", Self::Day),
        ("week", Self::Week),
        ("month", Self::Month),
        ("quarter", Self::Quarter),
        ("year", Self::Year),
    ];

    /// The window of this name.
    fn named(name: &str) -> PyResult<Self> {
        let found = Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, window)| *window);
        found.ok_or_else(|| {
            let known: Vec<String> = Self::ALL.iter().map(|(name, _)| format!("`{name}`")).collect();
            errors::value(format!("`every` is `{name}`: windows are one {} each", known.join(", ")))
        })
    }

    /// When the window of a moment begins, as text that sorts by time.
    fn begin(self, micros: f64) -> Option<String> {
        if micros.is_nan() {
            return None;
        }
        #[expect(clippy::cast_possible_truncation, reason = "moments are whole microseconds")]
        let moment: DateTime<Utc> = DateTime::from_timestamp_micros(micros.floor() as i64)?;
        let day = moment.date_naive();
        let begin: NaiveDate = match self {
            Self::Hour => {
                let hour = moment.time().format("%H").to_string();
                return Some(format!("{day}T{hour}:00"));
            }
            Self::Day => day,
            Self::Week => day - TimeDelta::days(day.weekday().num_days_from_monday().into()),
            Self::Month => day.with_day(1)?,
            Self::Quarter => NaiveDate::from_ymd_opt(day.year(), day.month0() / 3 * 3 + 1, 1)?,
            Self::Year => NaiveDate::from_ymd_opt(day.year(), 1, 1)?,
        };
        Some(begin.to_string())
    }

    /// From when to when moments are in the same window as one; a window is at least an hour, and begins at a full one.
    fn same(micros: f64) -> (f64, f64) {
        const HOUR: f64 = 3.6e9;
        let begin = (micros / HOUR).floor() * HOUR;
        (begin, begin + HOUR)
    }
}

/// What tells rows apart.
#[derive(Clone, Debug)]
pub(crate) enum Split {
    /// The values of a column.
    By(String),
    /// The windows of a column of moments.
    Every(String, Window),
}

/// More groups than this are no groups.
const MOST: usize = 10_000;

/// The group of every row.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    /// What each is called, in the order in which they were found.
    pub(crate) names: Vec<String>,
    places: HashMap<String, u32>,
    /// By row; `u32::MAX` for rows that belong to none, since the value is missing.
    pub(super) codes: Vec<u32>,
    /// How many rows there are of each, and how many there were in earlier parts.
    pub(super) sizes: Vec<usize>,
    before: Vec<usize>,
}

const NONE: u32 = u32::MAX;

impl Split {
    /// What arguments of these names ask for; `None` where none is given.
    pub(crate) fn of(
        by: Option<String>,
        time: Option<String>,
        every: Option<&str>,
    ) -> PyResult<Option<Self>> {
        match (by, time, every) {
            (None, None, None) => Ok(None),
            (Some(by), None, None) => Ok(Some(Self::By(by))),
            (None, Some(time), Some(every)) => Ok(Some(Self::Every(time, Window::named(every)?))),
            (Some(_), ..) => Err(errors::value("give either `by`, or `time` and `every`")),
            (None, ..) => {
                Err(errors::value("`time` is the column of moments, `every` how wide windows are: give both"))
            }
        }
    }

    /// The column that decides.
    pub(crate) fn column(&self) -> &str {
        match self {
            Self::By(name) | Self::Every(name, _) => name,
        }
    }

    /// Finds the groups of the rows of a part, beside those that are known from earlier ones.
    pub(crate) fn groups(
        &self,
        py: Python<'_>,
        table: &Table<'_>,
        columns: &[Named<'_>],
        groups: &mut Groups,
    ) -> PyResult<()> {
        groups.next();
        let name = self.column();
        let nothing = Cells::Missing(table.rows(), None);
        let cells = match columns.iter().find(|column| column.name == name) {
            Some(column) => &column.cells,
            None if table.is_open() && !groups.names.is_empty() => &nothing,
            None => {
                let known = columns.iter().map(|column| column.name).chain(table.there());
                let near = nearest(name, known).map(|near| format!("; did you mean `{near}`?"));
                let near = near.unwrap_or_default();
                return Err(errors::data(py, format!("there is no column `{name}` to split by{near}")));
            }
        };
        py.detach(|| self.find(cells, groups)).map_err(|what| {
            let hint = match self {
                Self::By(_) => "split by its windows instead, with `time` and `every`",
                Self::Every(..) if matches!(cells, Cells::Texts(_)) => {
                    "windows are of moments, made of texts by `datetime.fromisoformat`, or in a frame by `pd.to_datetime`"
                }
                Self::Every(..) => "windows are of moments",
            };
            errors::data(py, format!("column `{name}` holds {what}: {hint}"))
        })?;
        if groups.names.len() > MOST {
            let message = format!("column `{name}` splits the data into more than {MOST} groups");
            return Err(errors::data(py, message));
        }
        groups.count();
        Ok(())
    }

    /// # Errors
    /// With what the column holds, where that does not tell rows apart.
    fn find(&self, cells: &Cells<'_>, groups: &mut Groups) -> Result<(), &'static str> {
        match (self, cells) {
            (_, Cells::Missing(rows, _)) => groups.codes.resize(*rows, NONE),
            (Self::By(_), Cells::Texts(texts)) => texts.each(&mut |text| groups.push(text)),
            (Self::By(_), Cells::Numbers(numbers)) => {
                let mut whole: HashMap<i128, u32> = HashMap::new();
                let known = numbers.each_whole(&mut |v| {
                    let code =
                        v.map_or(NONE, |v| *whole.entry(v).or_insert_with(|| groups.code(&v.to_string())));
                    groups.codes.push(code);
                });
                if known {
                    return Ok(());
                }
                let mut known: HashMap<u64, u32> = HashMap::new();
                numbers.each_chunk(&mut |chunk| {
                    for v in chunk {
                        let code = if v.is_nan() {
                            NONE
                        } else {
                            let v = v + 0.0;
                            *known.entry(v.to_bits()).or_insert_with(|| groups.code(&v.to_string()))
                        };
                        groups.codes.push(code);
                    }
                });
            }
            (Self::Every(_, window), Cells::Times(times)) => {
                let mut last = (f64::INFINITY, f64::NEG_INFINITY, NONE);
                times.each_chunk(&mut |chunk| {
                    for v in chunk {
                        // Moments often follow each other.
                        if !(*v >= last.0 && *v < last.1) {
                            let (begin, end) = Window::same(*v);
                            let code = window.begin(*v).map_or(NONE, |name| groups.code(&name));
                            last = (begin, end, code);
                        }
                        groups.codes.push(last.2);
                    }
                });
            }
            (Self::By(_) | Self::Every(..), cells) => return Err(cells.kind()),
        }
        Ok(())
    }
}

impl Groups {
    /// Goes on to the next part, of which nothing is known yet.
    pub(crate) fn next(&mut self) {
        self.before.resize(self.names.len(), 0);
        for (before, size) in self.before.iter_mut().zip(&self.sizes) {
            *before += size;
        }
        self.codes.clear();
    }

    fn count(&mut self) {
        self.sizes.clear();
        self.sizes.resize(self.names.len(), 0);
        for code in self.codes.iter().filter(|code| **code != NONE) {
            self.sizes[*code as usize] += 1;
        }
    }

    /// How many rows of this part each group has.
    pub(crate) fn sizes(&self) -> &[usize] {
        &self.sizes
    }

    /// The groups with as many rows as earlier parts had, for a column that was not there then. Which row is whose is forgotten.
    pub(crate) fn earlier(&self) -> Self {
        let mut sizes = self.before.clone();
        sizes.resize(self.names.len(), 0);
        Self { names: self.names.clone(), sizes, ..Self::default() }
    }

    fn push(&mut self, name: Option<&str>) {
        let code = name.map_or(NONE, |name| self.code(name));
        self.codes.push(code);
    }

    fn code(&mut self, name: &str) -> u32 {
        if let Some(code) = self.places.get(name) {
            return *code;
        }
        let code = u32::try_from(self.names.len()).unwrap_or(NONE);
        self.places.insert(name.to_owned(), code);
        self.names.push(name.to_owned());
        code
    }

    /// The numbers of a column by group, in the order of their rows.
    pub(crate) fn numbers(&self, column: &(impl Column + ?Sized)) -> Vec<Vec<f64>> {
        let mut parts: Vec<Vec<f64>> = self.sizes.iter().copied().map(Vec::with_capacity).collect();
        let mut codes = self.codes.iter();
        column.each_chunk(&mut |chunk| {
            for (v, code) in chunk.iter().zip(codes.by_ref()) {
                if let Some(part) = parts.get_mut(*code as usize) {
                    part.push(*v);
                }
            }
        });
        parts
    }

    /// The texts of a column by group.
    pub(crate) fn tallies(&self, cells: &Cells<'_>) -> Vec<Tally> {
        let mut parts = vec![Tally::default(); self.names.len()];
        match cells {
            Cells::Texts(texts) => {
                let mut codes = self.codes.iter();
                texts.each(&mut |text| {
                    if let Some(part) = codes.next().and_then(|code| parts.get_mut(*code as usize)) {
                        part.add([text]);
                    }
                });
            }
            Cells::Numbers(numbers) | Cells::Times(numbers) => {
                let mut codes = self.codes.iter();
                let known = numbers.each_whole(&mut |v| {
                    if let Some(part) = codes.next().and_then(|code| parts.get_mut(*code as usize)) {
                        part.add([v.map(|v| v.to_string()).as_deref()]);
                    }
                });
                if known {
                    return parts;
                }
                for (part, numbers) in parts.iter_mut().zip(self.numbers(&**numbers)) {
                    tally_numbers(&numbers[..], part);
                }
            }
            Cells::Missing(..) => {
                for (part, rows) in parts.iter_mut().zip(&self.sizes) {
                    part.weigh(None, *rows as u64);
                }
            }
        }
        parts
    }
}
