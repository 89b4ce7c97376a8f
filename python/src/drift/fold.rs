//! Data through the states of its columns: part by part, and in each part column by column on all cores.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use indexmap::{IndexMap, IndexSet};
use pyo3::prelude::*;
use scouter_engine::nearest;
use scouter_tasks::profile::TextLengths;

use super::turns::{Push, Unit, in_turn, units};
use crate::errors;
use crate::intake::{Cells, Groups, Holds, Intake, Named, Split, Table};
use crate::spread::{Spread, locked};

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

    /// Looks whether all of them are there; so many rows came `before`.
    ///
    /// # Errors
    /// Some are not, with the one that may be it.
    pub(super) fn check<'a>(
        &self,
        py: Python<'_>,
        before: u64,
        known: impl Iterator<Item = &'a str>,
    ) -> PyResult<()> {
        let Self::These(names) = self else { return Ok(()) };
        let known: IndexSet<&str> = known.collect();
        let missing: Vec<_> = names.iter().filter(|name| !known.contains(**name)).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let all: Vec<String> = missing.iter().take(10).map(|name| format!("`{name}`")).collect();
        let more =
            if missing.len() > 10 { format!(" and {} more", missing.len() - 10) } else { String::new() };
        let place = if before > 0 { format!(" from row {before} on") } else { String::new() };
        let others = || known.iter().copied().filter(|name| !names.contains(name));
        let renamed = missing.iter().find_map(|name| Some((name, nearest(name, others())?)));
        let hint = renamed.map(|(name, near)| format!("; is `{name}` what they call `{near}`?"));
        Err(errors::data(
            py,
            format!(
                "the data have no column {}{more}{place}, which the profile has{}",
                all.join(", "),
                hint.unwrap_or_default()
            ),
        ))
    }
}

/// What of the data is looked at, and how.
pub(crate) struct Look<'a> {
    pub(crate) needed: Needed<'a>,
    /// What rows are told apart by.
    pub(crate) split: Option<&'a Split>,
    /// Columns of texts that are taken as their lengths.
    pub(crate) lengths: &'a TextLengths,
    /// What columns hold, where that is known before.
    pub(crate) known: &'a (dyn Fn(&str) -> Option<Holds> + Sync),
}

impl<'a> Look<'a> {
    /// Everything as it stands there.
    pub(crate) fn at_all(split: Option<&'a Split>, lengths: &'a TextLengths) -> Self {
        Self { needed: Needed::Any, split, lengths, known: &unknown }
    }
}

/// Of columns of which nothing is known.
pub(crate) fn unknown(_name: &str) -> Option<Holds> {
    None
}

/// A column under way.
struct Column<S> {
    state: S,
    /// What it holds; none until a row has a value.
    holds: Option<Holds>,
    /// What rows without a value look like.
    looks: Option<Holds>,
    /// Rows without a value that are held back until it is known of what: they tell nothing of what others hold.
    held: usize,
}

impl<S> Column<S> {
    /// Takes the next rows in. Whether any of these has a value is looked at where it is not clear from what they look like, if `closely`.
    fn add(
        &mut self,
        next: &Named<'_>,
        groups: &Rows<'_>,
        closely: bool,
        take: impl Fn(&mut S, &Named<'_>, Option<&Groups>) -> Result<(), String>,
    ) -> Result<(), String> {
        let looks = next.cells.holds();
        let unclear = looks != self.holds && (closely || self.holds.is_some());
        let is_missing = looks.is_none() || (unclear && next.cells.is_missing());
        if is_missing && self.holds.is_none() {
            self.looks = looks.or(self.looks);
            self.held += next.cells.rows();
            return Ok(());
        }
        self.holds = self.holds.or(looks);
        let nothing = |rows| Named { name: next.name, place: None, cells: Cells::Missing(rows, self.holds) };
        if self.held > 0 {
            take(&mut self.state, &nothing(self.held), groups.earlier.as_ref())?;
            self.held = 0;
        }
        if is_missing {
            take(&mut self.state, &nothing(next.cells.rows()), groups.now)
        } else {
            take(&mut self.state, next, groups.now)
        }
    }

    /// Takes in what was held back to the end: no row has a value.
    fn end(
        &mut self,
        name: &str,
        groups: Option<&Groups>,
        take: impl Fn(&mut S, &Named<'_>, Option<&Groups>) -> Result<(), String>,
    ) -> Result<(), String> {
        if self.held == 0 {
            return Ok(());
        }
        let nothing = Named { name, place: None, cells: Cells::Missing(self.held, self.looks) };
        take(&mut self.state, &nothing, groups)
    }
}

/// The groups of the rows of a part, and how many rows of each there were before.
struct Rows<'a> {
    now: Option<&'a Groups>,
    earlier: Option<Groups>,
}

/// Takes every part of the data into the states of its columns. `take` is told the column, the group of each row, and the state,
/// and says what is wrong with the column. Rows without a value it is told of as such, with what the column holds, once that is known. Where
/// rows lie one after another, and are not told apart, columns take turns that `push` has something for, so that memory is read once; it is told
/// how many rows will come.
pub(crate) fn fold<'py, 'p, S: Send + Default>(
    py: Python<'py>,
    spread: &Spread,
    intake: Intake<'py>,
    look: &Look<'_>,
    take: impl Fn(&mut S, &Named<'_>, Option<&Groups>) -> Result<(), String> + Sync,
    push: impl Fn(&str, usize) -> Option<Push<'p, S>>,
) -> PyResult<Folded<S>> {
    let Look { needed, split, lengths, known } = look;
    let mut states: IndexMap<String, Mutex<Column<S>>> = IndexMap::new();
    let mut groups = split.map(|_| Groups::default());
    let in_parts = matches!(intake, Intake::Parts(_));
    let mut begun = false;
    intake.each(py, |table| {
        let mut columns = table.columns();
        if let (Some(split), Some(groups)) = (split, &mut groups) {
            split.groups(py, table, &columns, groups)?;
        }
        if !table.is_open() {
            let there = columns.iter().map(|column| column.name).chain(table.there());
            needed.check(py, table.before(), there)?;
        }
        columns.retain(|column| needed.looks_at(column.name, *split));
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
        let held = usize::try_from(table.before()).unwrap_or(usize::MAX);
        for name in columns.iter().map(|column| column.name) {
            if !states.contains_key(name) {
                let column = Column { state: S::default(), holds: known(name), looks: None, held };
                states.insert(name.to_owned(), Mutex::new(column));
            }
        }
        let lacking = states.keys().filter(|name| !now.contains(name.as_str()));
        let lacking =
            lacking.map(|name| Named { name, place: None, cells: Cells::Missing(table.rows(), None) });
        let measured = |Named { name, place, cells }| match lengths.get(name) {
            None => Ok(Named { name, place, cells }),
            Some(length) => match cells.measured(*length) {
                Ok(cells) => Ok(Named { name, place, cells }),
                Err(kind) => {
                    Err(found(name, format!("it holds {kind}, and `text_lengths` names it as one of texts")))
                }
            },
        };
        let columns: Vec<Named<'_>> =
            columns.into_iter().chain(lacking).map(measured).collect::<PyResult<_>>()?;
        let rows = if split.is_none() { table.in_rows() } else { None };
        // What lies in rows is of numbers, which a column must be known to hold before they are taken chunk by chunk.
        let push = |name: &str| {
            let column = locked(&states[name]);
            let numbers = column.holds == Some(Holds::Numbers) && column.held == 0;
            if numbers || (!in_parts && column.holds.is_none()) { push(name, table.rows()) } else { None }
        };
        let units = units(&columns, rows.is_some(), spread.threads(), push);
        let is_late = states.values().any(|column| locked(column).held > 0);
        let earlier = groups.as_ref().filter(|_| is_late).map(Groups::earlier);
        let of = Rows { now: groups.as_ref(), earlier };
        let taken = spread.over(py, units.len(), |at| match &units[at] {
            Unit::Alone(column) => {
                let next = &columns[*column];
                vec![(*column, locked(&states[next.name]).add(next, &of, in_parts, &take))]
            }
            Unit::InTurn(turns) => rows.as_ref().map_or_else(Vec::new, |rows| {
                let state = |column: usize| locked(&states[columns[column].name]);
                in_turn(&**rows, &mut locked(turns), state, |column: &mut Column<S>| &mut column.state)
            }),
        })?;
        let wrong = taken.into_iter().flatten().filter_map(|(at, taken)| Some((at, taken.err()?)));
        match wrong.min_by_key(|(at, _)| *at) {
            Some((at, what)) => Err(found(columns[at].name, what)),
            None => Ok(()),
        }
    })?;
    needed.check(py, 0, states.keys().map(String::as_str))?;
    if let Some(groups) = &mut groups {
        groups.next();
    }
    let all = groups.as_ref().map(Groups::earlier);
    let ended = spread.over(py, states.len(), |at| {
        let Some((name, column)) = states.get_index(at) else { return Ok(()) };
        locked(column).end(name, all.as_ref(), &take).map_err(|what| format!("column `{name}`: {what}"))
    })?;
    ended.into_iter().collect::<Result<(), String>>().map_err(|what| errors::data(py, what))?;
    let whole = |column: Mutex<Column<S>>| column.into_inner().unwrap_or_else(PoisonError::into_inner).state;
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
