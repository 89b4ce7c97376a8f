//! Data through the states of its columns: part by part, and in each part column by column on all cores.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use indexmap::{IndexMap, IndexSet};
use pyo3::prelude::*;
use scouter_drift::column::{Column, Tally};

use super::turns::{Push, Unit, in_turn, locked, units};
use crate::errors;
use crate::intake::{Cells, Groups, Intake, Named, Nothing, Split, Table, all_missing, tally_numbers};
use crate::spread::Spread;

/// What a column is in one group of rows.
pub(crate) enum Piece<'a> {
    /// The whole column.
    Column(&'a (dyn Column + Send + Sync + 'a)),
    /// The rows of a group.
    Values(Vec<f64>),
    /// Categories.
    Tally(Tally),
    /// So many rows without a value.
    Missing(usize),
}

impl Piece<'_> {
    /// The numbers; none of categories.
    pub(crate) fn numbers(&self, visit: &mut dyn FnMut(&[f64])) {
        match self {
            Self::Column(column) => column.each_chunk(visit),
            Self::Values(values) => values[..].each_chunk(visit),
            Self::Tally(_) => {}
            Self::Missing(rows) => Nothing(*rows).each_chunk(visit),
        }
    }

    /// How many rows there are of numbers, where none of them has a value.
    pub(crate) fn missing(&self) -> Option<usize> {
        match self {
            Self::Column(column) => all_missing(*column).then(|| column.rows()),
            Self::Values(values) => all_missing(&values[..]).then_some(values.len()),
            Self::Tally(_) => None,
            Self::Missing(rows) => Some(*rows),
        }
    }
}

/// Rows without a value, by group.
pub(crate) fn missing(rows: usize, groups: Option<&Groups>) -> Vec<Piece<'static>> {
    match groups {
        None => vec![Piece::Missing(rows)],
        Some(groups) => groups.sizes().iter().copied().map(Piece::Missing).collect(),
    }
}

/// A column as numbers, by group.
pub(crate) fn numbers<'a>(
    numbers: &'a (dyn Column + Send + Sync + 'a),
    groups: Option<&Groups>,
) -> Vec<Piece<'a>> {
    match groups {
        None => vec![Piece::Column(numbers)],
        Some(groups) => groups.numbers(numbers).into_iter().map(Piece::Values).collect(),
    }
}

/// A column as categories, by group.
pub(crate) fn categories(cells: &Cells<'_>, groups: Option<&Groups>) -> Vec<Piece<'static>> {
    let tallies = groups.map_or_else(
        || {
            let mut tally = Tally::default();
            match cells {
                Cells::Texts(texts) => texts.tally(&mut tally),
                Cells::Numbers(numbers) | Cells::Times(numbers) => tally_numbers(&**numbers, &mut tally),
                Cells::Missing(rows) => tally.weigh(None, *rows as u64),
            }
            vec![tally]
        },
        |groups| groups.tallies(cells),
    );
    tallies.into_iter().map(Piece::Tally).collect()
}

/// The columns of some data with what was made of each, and the names of the groups of rows.
pub(crate) struct Folded<S> {
    pub(crate) columns: IndexMap<String, S>,
    /// `None` where rows were not told apart.
    pub(crate) groups: Option<Vec<String>>,
}

/// Which columns there must be.
pub(crate) enum Needed<'a> {
    /// Any.
    Any,
    /// These, and no others are looked at.
    These(IndexSet<&'a str>),
}

impl Needed<'_> {
    fn looks_at(&self, name: &str, split: Option<&Split>) -> bool {
        match self {
            // What rows are told apart by is the same all over a group.
            Self::Any => split.is_none_or(|split| split.column() != name),
            Self::These(names) => names.contains(&name),
        }
    }

    fn check<'a>(&self, py: Python<'_>, before: u64, known: impl Iterator<Item = &'a str>) -> PyResult<()> {
        let Self::These(names) = self else { return Ok(()) };
        let known: HashSet<&str> = known.collect();
        let missing: Vec<_> = names.iter().filter(|name| !known.contains(**name)).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let all: Vec<String> = missing.iter().take(10).map(|name| format!("`{name}`")).collect();
        let more =
            if missing.len() > 10 { format!(" and {} more", missing.len() - 10) } else { String::new() };
        let place = if before > 0 { format!(" from row {before} on") } else { String::new() };
        Err(errors::data(
            py,
            format!("the data have no column {}{more}{place}, which the profile has", all.join(", ")),
        ))
    }
}

/// Takes every part of the data into the states of its columns. `take` is told the column, the group of each row, and the state,
/// and says what is wrong with the column. Where rows lie one after another, and are not told apart, columns take turns that `push` has
/// something for, so that memory is read once.
pub(crate) fn fold<'py, 'p, S: Send + Default>(
    py: Python<'py>,
    spread: &Spread,
    intake: Intake<'py>,
    (needed, split): (&Needed<'_>, Option<&Split>),
    take: impl Fn(&mut S, &Named<'_>, Option<&Groups>) -> Result<(), String> + Sync,
    push: impl Fn(&str) -> Option<Push<'p, S>>,
) -> PyResult<Folded<S>> {
    let mut states: IndexMap<String, Mutex<S>> = IndexMap::new();
    let mut groups = split.map(|_| Groups::default());
    let mut begun = false;
    intake.each(py, |table| {
        let mut columns = table.columns();
        if let (Some(split), Some(groups)) = (split, &mut groups) {
            split.groups(py, table, &columns, groups)?;
        }
        if !table.is_open() {
            needed.check(py, table.before(), columns.iter().map(|column| column.name))?;
        }
        columns.retain(|column| needed.looks_at(column.name, split));
        let now: HashSet<&str> = columns.iter().map(|column| column.name).collect();
        if begun && !table.is_open() {
            if let Some(name) = now.iter().find(|name| !states.contains_key(**name)) {
                return Err(changed(py, name, "new", table));
            }
            if let Some(name) = states.keys().find(|name| !now.contains(name.as_str())) {
                return Err(changed(py, name, "missing", table));
            }
        }
        begun = true;
        let found = |name: &str, what: String| {
            let place =
                if table.before() > 0 { format!(", from row {} on", table.before()) } else { String::new() };
            errors::data(py, format!("column `{name}`{place}: {what}"))
        };
        for name in columns.iter().map(|column| column.name) {
            if states.contains_key(name) {
                continue;
            }
            let mut state = S::default();
            if let Some(rows) = usize::try_from(table.before()).ok().filter(|rows| *rows > 0) {
                let earlier = groups.as_ref().map(Groups::earlier);
                take(&mut state, &Named { name, place: None, cells: Cells::Missing(rows) }, earlier.as_ref())
                    .map_err(|what| found(name, what))?;
            }
            states.insert(name.to_owned(), Mutex::new(state));
        }
        let lacking = states.keys().filter(|name| !now.contains(name.as_str()));
        let lacking = lacking.map(|name| Named { name, place: None, cells: Cells::Missing(table.rows()) });
        let columns: Vec<Named<'_>> = columns.into_iter().chain(lacking).collect();
        let rows = if split.is_none() { table.in_rows() } else { None };
        let units = units(&columns, rows.is_some(), spread.threads(), &push);
        let taken = spread.over(py, units.len(), |at| match &units[at] {
            Unit::Alone(column) => {
                let state = &mut *locked(&states[columns[*column].name]);
                vec![(*column, take(state, &columns[*column], groups.as_ref()))]
            }
            Unit::InTurn(turns) => rows.as_ref().map_or_else(Vec::new, |rows| {
                in_turn(&**rows, &mut locked(turns), |column| locked(&states[columns[column].name]))
            }),
        })?;
        let wrong = taken.into_iter().flatten().filter_map(|(at, taken)| Some((at, taken.err()?)));
        match wrong.min_by_key(|(at, _)| *at) {
            Some((at, what)) => Err(found(columns[at].name, what)),
            None => Ok(()),
        }
    })?;
    needed.check(py, 0, states.keys().map(String::as_str))?;
    let whole = |state: Mutex<S>| state.into_inner().unwrap_or_else(PoisonError::into_inner);
    let columns = states.into_iter().map(|(name, state)| (name, whole(state))).collect();
    Ok(Folded { columns, groups: groups.map(|groups| groups.names) })
}

fn changed(py: Python<'_>, name: &str, how: &str, table: &Table<'_>) -> PyErr {
    errors::data(
        py,
        format!("column `{name}` is {how} from row {} on: parts must have the same columns", table.before()),
    )
}

/// What data came to by group, and the names of groups that had nothing to be compared with.
pub(crate) type Compared<M> = (Vec<(Option<String>, M)>, Vec<String>);

/// What there is of every column of every group.
pub(crate) type Grouped<T> = Vec<(Option<String>, IndexMap<String, T>)>;

/// What becomes of the state of every column of every group, worked out on all cores.
pub(crate) fn finished<S: Send, T: Send>(
    py: Python<'_>,
    spread: &Spread,
    groups: Grouped<S>,
    work: impl Fn(Option<&str>, &str, S) -> T + Sync,
) -> PyResult<Grouped<T>> {
    let (names, columns): (Vec<_>, Vec<_>) = groups.into_iter().unzip();
    // States are taken out, for they are large.
    let states = columns.into_iter().enumerate().flat_map(|(group, columns)| {
        columns.into_iter().map(move |(name, state)| (group, name, Mutex::new(Some(state))))
    });
    let states: Vec<(usize, String, Mutex<Option<S>>)> = states.collect();
    let made = spread.over(py, states.len(), |at| {
        let (group, name, state) = &states[at];
        Some(work(names[*group].as_deref(), name, locked(state).take()?))
    })?;
    let mut all: Vec<_> = names.into_iter().map(|name| (name, IndexMap::new())).collect();
    for ((group, name, _), made) in states.into_iter().zip(made) {
        all[group].1.extend(made.map(|made| (name, made)));
    }
    Ok(all)
}

/// A state for each group, with room for the groups that were found since.
pub(crate) fn by_group<S: Default>(states: &mut Vec<S>, groups: Option<&Groups>) {
    let count = groups.map_or(1, |groups| groups.names.len());
    states.resize_with(count.max(states.len()), S::default);
}

/// Groups with the states of their columns, in the order of their names.
pub(crate) fn turned<S: Default>(folded: Folded<Vec<S>>) -> Vec<(Option<String>, IndexMap<String, S>)> {
    let Folded { columns, groups } = folded;
    let names: Vec<Option<String>> = match groups {
        None => vec![None],
        Some(names) => names.into_iter().map(Some).collect(),
    };
    let mut all: Vec<_> = names.into_iter().map(|name| (name, IndexMap::new())).collect();
    for (column, mut states) in columns {
        states.resize_with(all.len(), S::default);
        for ((_, group), state) in all.iter_mut().zip(states) {
            group.insert(column.clone(), state);
        }
    }
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all
}
