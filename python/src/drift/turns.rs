//! Columns of rows that lie one after another. Taken one by one, each would fetch the memory of all; so they take turns, chunk by chunk.

use std::ops::DerefMut;
use std::sync::Mutex;

use scouter_drift::column::Rows;

use crate::intake::Named;

/// Takes the next chunk of a column into its state, and says what is wrong with the column.
pub(crate) type Push<'a, S> = Box<dyn FnMut(&mut S, &[f64]) -> Result<(), String> + Send + 'a>;

/// A column that is never taken chunk by chunk.
pub(crate) fn whole_columns<'a, S>(_name: &str, _rows: usize) -> Option<Push<'a, S>> {
    None
}

/// What one thread does without a pause.
pub(super) enum Unit<'p, S> {
    /// A column.
    Alone(usize),
    /// Columns of rows, which take turns.
    InTurn(Mutex<Vec<Turn<'p, S>>>),
}

/// One of the columns that take turns: its number, its place in the rows, and what becomes of its chunks.
pub(super) struct Turn<'p, S> {
    column: usize,
    place: usize,
    push: Push<'p, S>,
}

/// Neighbouring columns are fetched together, eight numbers at a time.
pub(super) const FETCHED: usize = 8;

/// How columns are divided among threads.
pub(super) fn units<'p, S>(
    columns: &[Named<'_>],
    are_rows: bool,
    threads: usize,
    push: impl Fn(&str) -> Option<Push<'p, S>>,
) -> Vec<Unit<'p, S>> {
    let (mut units, mut turns) = (Vec::new(), Vec::new());
    for (column, named) in columns.iter().enumerate() {
        let place = named.place.filter(|_| are_rows);
        match place.and_then(|place| Some((place, push(named.name)?))) {
            Some((place, push)) => turns.push(Turn { column, place, push }),
            None => units.push(Unit::Alone(column)),
        }
    }
    let together = turns.len().div_ceil(threads.max(1)).max(FETCHED);
    while !turns.is_empty() {
        let rest = turns.split_off(together.min(turns.len()));
        units.push(Unit::InTurn(Mutex::new(turns)));
        turns = rest;
    }
    units
}

/// Takes columns of rows, each into the state of what is kept of it.
pub(super) fn in_turn<S, C, G: DerefMut<Target = C>>(
    rows: &dyn Rows,
    turns: &mut [Turn<'_, S>],
    column: impl Fn(usize) -> G,
    state: impl Fn(&mut C) -> &mut S,
) -> Vec<(usize, Result<(), String>)> {
    let places: Vec<usize> = turns.iter().map(|turn| turn.place).collect();
    let mut columns: Vec<G> = turns.iter().map(|turn| column(turn.column)).collect();
    let mut taken: Vec<_> = turns.iter().map(|turn| (turn.column, Ok(()))).collect();
    rows.each_chunk_of(&places, &mut |at, chunk| {
        if taken[at].1.is_ok() {
            taken[at].1 = (turns[at].push)(state(&mut columns[at]), chunk);
        }
    });
    taken
}
