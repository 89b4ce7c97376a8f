//! A column as it was collected.

use scouter_drift::column::Tally;
use smol_str::SmolStr;

use super::cell::{Cell, Holds};

/// A column of many records.
#[derive(Clone, Debug)]
pub struct Series {
    /// What its values are.
    pub holds: Holds,
    /// Its values.
    pub data: Data,
    /// Records that are not in it: gates of theirs were closed, or a task came to no value.
    pub left_out: u64,
    /// Values that it cannot hold.
    pub wrong: Option<Wrong>,
}

/// The values of a column.
#[derive(Clone, Debug)]
pub enum Data {
    /// In the order of the records; NaN where one has none.
    Numbers(Vec<f64>),
    /// How often each category occurs.
    Texts(Tally),
}

/// Values that a column cannot hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// How many there are.
    pub count: u64,
    /// What the first of them is, in words.
    pub what: SmolStr,
    /// The record that it is of.
    pub record: String,
}

impl Series {
    /// No values yet.
    pub fn new(holds: Holds) -> Self {
        let data = match holds {
            Holds::Numbers | Holds::Moments | Holds::Lengths(_) => Data::Numbers(Vec::new()),
            Holds::Texts => Data::Texts(Tally::default()),
        };
        Self { holds, data, left_out: 0, wrong: None }
    }

    /// Takes what a record adds; `record` is asked for its name where that is needed.
    pub fn push(&mut self, cell: Cell, record: impl FnOnce() -> String) {
        match (&mut self.data, cell) {
            (Data::Numbers(numbers), Cell::Number(number)) => numbers.push(number),
            (Data::Numbers(numbers), Cell::Missing) => numbers.push(f64::NAN),
            (Data::Texts(tally), Cell::Text(text)) => tally.add([Some(text.as_str())]),
            (Data::Texts(tally), Cell::Missing) => tally.add([None]),
            (_, Cell::Wrong(what)) => self.wrong(what, record),
            (Data::Numbers(_), Cell::Text(_)) => self.wrong("text".into(), record),
            (Data::Texts(_), Cell::Number(_)) => self.wrong("a number".into(), record),
        }
    }

    fn wrong(&mut self, what: SmolStr, record: impl FnOnce() -> String) {
        match &mut self.wrong {
            Some(wrong) => wrong.count += 1,
            None => self.wrong = Some(Wrong { count: 1, what, record: record() }),
        }
    }

    /// How many records have a value that it holds.
    pub fn values(&self) -> u64 {
        match &self.data {
            Data::Numbers(numbers) => numbers.iter().filter(|number| !number.is_nan()).count() as u64,
            Data::Texts(tally) => tally.rows() - tally.missing(),
        }
    }

    /// How many records are in it and have no value.
    pub fn missing(&self) -> u64 {
        match &self.data {
            Data::Numbers(numbers) => numbers.len() as u64 - self.values(),
            Data::Texts(tally) => tally.missing(),
        }
    }
}
