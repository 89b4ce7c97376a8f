//! Columns of rows that lie one after another, taken onto control charts before all other columns: the rows are divided among the threads, and not
//! the columns, so that memory is read once.

use std::collections::HashMap;
use std::sync::Mutex;

use pyo3::prelude::*;
use scouter_drift::spc::{PartSums, PartWork, SideBySide};

use super::turns::FETCHED;
use crate::intake::Intake;
use crate::spread::{Spread, locked};

/// Does the work for each of so many parts on all cores.
pub(super) type Run<'r> = dyn Fn(usize, &PartWork<'_>) -> PyResult<Vec<PartSums>> + 'r;

/// The states of the columns that are done, until each is fetched.
pub(super) struct Done<S>(Mutex<HashMap<String, S>>);

impl<S> Done<S> {
    /// Whether this column is one of them.
    pub(super) fn has(&self, name: &str) -> bool {
        locked(&self.0).contains_key(name)
    }

    /// The state of a column, if it is one of them.
    pub(super) fn fetch(&self, name: &str) -> Option<S> {
        locked(&self.0).remove(name)
    }
}

/// Takes the columns that have a `size` for their subgroups, where data are rows of `float64` in memory; none where there are so few rows that
/// dividing the columns serves more threads.
///
/// # Errors
///
/// Those of [`Spread::over`].
pub(super) fn side_by_side<S>(
    py: Python<'_>,
    spread: &Spread,
    intake: &Intake<'_>,
    size: impl Fn(&str) -> Option<usize>,
    take: impl FnOnce(&SideBySide<'_>, &Run<'_>) -> PyResult<Vec<Option<S>>>,
) -> PyResult<Done<S>> {
    let none = Done(Mutex::new(HashMap::new()));
    let Intake::Whole(table) = intake else { return Ok(none) };
    let rows = table.in_rows();
    let Some(doubles) = rows.as_ref().and_then(|rows| rows.as_doubles()) else { return Ok(none) };
    let columns = table.columns();
    let sized = columns.iter().filter_map(|column| Some((size(column.name)?, column.name, column.place?)));
    let sized: Vec<_> = sized.collect();
    // Profiles have one size. Of features that were put into one by hand, those of another size take turns.
    let Some((size, ..)) = sized.first().copied() else { return Ok(none) };
    let alike = sized.into_iter().filter(|(own, ..)| *own == size);
    let (names, places): (Vec<_>, Vec<_>) = alike.map(|(_, name, place)| (name.to_owned(), place)).unzip();
    let enough = spread.threads().min(places.len().div_ceil(FETCHED)).max(2);
    let beside = SideBySide::new(doubles, places, size).filter(|beside| beside.parts() >= enough);
    let Some(beside) = beside else { return Ok(none) };
    let states = take(&beside, &|parts, work| spread.over(py, parts, work))?;
    let done = names.into_iter().zip(states).filter_map(|(name, state)| Some((name, state?)));
    Ok(Done(Mutex::new(done.collect())))
}
