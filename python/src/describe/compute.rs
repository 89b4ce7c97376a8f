//! `DataProfiler`.

use chrono::{DateTime, Utc};
use indexmap::IndexMap;
use pyo3::prelude::*;
use scouter_drift::column::Column;
use scouter_drift::profile::{NumericState, NumericStats};
use scouter_drift::psi::MOST_BINS;
use scouter_engine::{Clock, SystemClock};
use scouter_tasks::profile::{
    ColumnState, ColumnStats, DataProfile, DataState, FeatureProfile, StateFormat, TextLengths, TimeStats,
};

use super::correlate::Together;
use super::profile::PyDataProfile;
use crate::drift::{
    Grouped, Kept, Look, MOST_KEPT, PyDataType, by_group, finished, fold, turned, whole_columns,
};
use crate::errors;
use crate::intake::{Cells, Groups, Holds, Intake, Named, Room, Split, Table, Wanted, gathered};
use crate::spread::Spread;

/// What is known of a column.
enum State {
    /// It is read in parts.
    Parts(ColumnState),
    /// All of it was there at once.
    Whole(NumericStats),
    WholeTimes(NumericStats),
}

/// What a column looks like, and what is kept to put it together with other rows.
type Described = (ColumnStats, Option<ColumnState>);

impl Default for State {
    fn default() -> Self {
        Self::Parts(ColumnState::default())
    }
}

impl State {
    fn take(&mut self, cells: &Cells<'_>, bins: usize, room: Option<&Room>) -> Result<(), String> {
        if let Self::Parts(ColumnState::Missing(before)) = *self {
            *self = match (cells, room) {
                (Cells::Numbers(numbers), Some(room)) => Self::Whole(stats(&**numbers, bins, room)),
                (Cells::Times(times), Some(room)) => Self::WholeTimes(stats(&**times, bins, room)),
                (cells, _) => Self::Parts(match cells.holds() {
                    None => ColumnState::Missing(before + cells.rows() as u64),
                    Some(Holds::Numbers) => ColumnState::Numbers(NumericState::default()),
                    Some(Holds::Times) => ColumnState::Times(NumericState::default()),
                    Some(Holds::Texts) => ColumnState::Texts(Box::default()),
                }),
            };
        }
        let Self::Parts(state) = self else { return Ok(()) };
        match (state, cells) {
            (ColumnState::Missing(_), _) => {}
            (ColumnState::Numbers(state), Cells::Numbers(numbers))
            | (ColumnState::Times(state), Cells::Times(numbers)) => state.add_column(&**numbers),
            (ColumnState::Texts(state), Cells::Texts(texts)) => texts.describe(state),
            (state, Cells::Missing(rows, _)) => state.add_missing(*rows as u64),
            (_, cells) => return Err(format!("{} after something else", cells.kind())),
        }
        Ok(())
    }

    /// How many values it keeps.
    fn kept(&self) -> usize {
        match self {
            Self::Parts(ColumnState::Numbers(state) | ColumnState::Times(state)) => state.kept(),
            Self::Parts(ColumnState::Texts(state)) => state.kept(),
            Self::Parts(ColumnState::Missing(_)) | Self::Whole(_) | Self::WholeTimes(_) => 0,
        }
    }

    fn described(self, bins: usize, mergeable: bool) -> Described {
        match self {
            Self::Parts(state) => (state.stats(bins), mergeable.then_some(state)),
            Self::Whole(stats) => ((Some(stats), None, None), None),
            Self::WholeTimes(stats) => ((None, None, Some(TimeStats(stats))), None),
        }
    }
}

fn stats(column: &dyn Column, bins: usize, room: &Room) -> NumericStats {
    match gathered(column, room) {
        Some(values) => NumericStats::of(&values, bins),
        None => NumericStats::of(column, bins),
    }
}

/// Describes data, column by column: counts, missing values, moments, quantiles, distinct values, histograms, texts, words.
///
/// Data is all that `Drifter` reads. In memory it is described exactly, but for the number of distinct values where there
/// are many; files, streams and iterators are read a part at a time, and quantiles and histograms then come from a sketch with a
/// stated error where there are more than some thousand rows.
#[pyclass(module = "scouter.profile", name = "DataProfiler", frozen, skip_from_py_object)]
#[derive(Debug, Default)]
pub(crate) struct PyDataProfiler;

#[pymethods]
impl PyDataProfiler {
    #[new]
    fn new() -> Self {
        Self
    }

    /// Describes data.
    ///
    /// Args:
    ///     data: The data.
    ///     data_type: In which library the data stands; told by its look.
    ///     bin_size: How many bins a histogram has, from 1 to 10,000.
    ///     compute_correlations: Whether to tell how columns hang together: Pearson's and Spearman's correlation of
    ///         numbers, Cramér's V of texts. Ranks are kept of up to 2,097,152 rows, and 33,554,432 numbers.
    ///     mergeable: Whether to keep what `DataProfile.merge` puts parts together with, also in what is saved: up to half a megabyte of
    ///         a column, and more of texts with long words. Data in memory are then described as those of a file are. With
    ///         `compute_correlations` also what these are made of: 11 bytes of every number whose rank is kept, 22 of every pair of
    ///         categories that stand in the same row, up to 16,777,216 different ones, and 64 of every pair of columns of numbers.
    ///
    /// Raises:
    ///     DataError: Where the data cannot be read, with column and row; where it has no rows.
    ///     ValueError: Where `bin_size` is out of range.
    #[pyo3(signature = (data, data_type=None, bin_size=20, compute_correlations=false, *, mergeable=false))]
    fn create_data_profile<'py>(
        &self,
        py: Python<'py>,
        data: &Bound<'py, PyAny>,
        data_type: Option<PyDataType>,
        bin_size: usize,
        compute_correlations: bool,
        mergeable: bool,
    ) -> PyResult<PyDataProfile> {
        let _ = data_type;
        let bins = bins(bin_size)?;
        let spread = Spread::new(py)?;
        let intake = Intake::of(data, &Wanted::default())?;
        let is_all = matches!(intake, Intake::Whole(_));
        let mut together = compute_correlations.then(|| Together::new(mergeable));
        let described = match &mut together {
            None => described(py, &spread, intake, bins, None, mergeable)?,
            Some(together) => {
                let look = |py: Python<'_>, table: &Table<'_>| together.take(py, &spread, table, is_all);
                described(py, &spread, intake.beside(py, look)?, bins, None, mergeable)?
            }
        };
        let columns = described.into_iter().flat_map(|(_, columns)| columns).collect();
        let mut profile = profile(columns, SystemClock.now().into(), mergeable.then_some(bins));
        if let Some(together) = together {
            let (found, known) = together.found(py, &spread)?;
            profile.relate(found);
            if let Some(state) = &mut profile.state {
                state.correlations = known;
            }
        }
        Ok(PyDataProfile(profile))
    }

    /// Describes the rows of each segment, or of each window of time, apart.
    ///
    /// Args:
    ///     data: The data.
    ///     by: A column: the rows of each of its values are described. Rows in which it is missing are in none.
    ///     time: A column of moments: the rows of each window of time are described.
    ///     every: How wide windows are: `"hour"`, `"day"`, `"week"`, `"month"`, `"quarter"` or `"year"`, in UTC. They go
    ///         by their first day.
    ///     bin_size: How many bins a histogram has, from 1 to 10,000.
    ///
    /// Raises:
    ///     DataError: Where the data cannot be read, with column and row; where it has no rows.
    ///     ValueError: Where neither `by` is given, nor `time` and `every`.
    #[pyo3(signature = (data, *, by=None, time=None, every=None, bin_size=20))]
    fn create_data_profiles<'py>(
        &self,
        py: Python<'py>,
        data: &Bound<'py, PyAny>,
        by: Option<String>,
        time: Option<String>,
        every: Option<&str>,
        bin_size: usize,
    ) -> PyResult<IndexMap<String, PyDataProfile>> {
        let bins = bins(bin_size)?;
        let split = Split::of(by, time, every)?;
        let split = split.ok_or_else(|| errors::value("give `by`, or `time` and `every`"))?;
        let spread = Spread::new(py)?;
        let intake = Intake::of(data, &Wanted::default())?;
        let now: DateTime<Utc> = SystemClock.now().into();
        let described = described(py, &spread, intake, bins, Some(&split), false)?.into_iter();
        Ok(described
            .filter_map(|(group, columns)| Some((group?, PyDataProfile(profile(columns, now, None)))))
            .collect())
    }
}

fn bins(bin_size: usize) -> PyResult<usize> {
    if (1..=MOST_BINS).contains(&bin_size) {
        return Ok(bin_size);
    }
    Err(errors::value(format!("`bin_size` is `{bin_size}`: it must be from 1 to {MOST_BINS}")))
}

/// What the columns of each group of rows look like.
fn described<'py>(
    py: Python<'py>,
    spread: &Spread,
    intake: Intake<'py>,
    bins: usize,
    split: Option<&Split>,
    mergeable: bool,
) -> PyResult<Grouped<Described>> {
    // What is described at once leaves nothing that could be put together with other rows.
    let room = (!mergeable && matches!(intake, Intake::Whole(_))).then(|| intake.room());
    let kept = Kept::of(&intake, MOST_KEPT);
    let taken = |state: &mut State, cells: &Cells<'_>| {
        let before = state.kept();
        state.take(cells, bins, room.as_ref())?;
        kept.change_in_groups(before, state.kept())
    };
    let take = |states: &mut Vec<State>, column: &Named<'_>, groups: Option<&Groups>| {
        by_group(states, groups);
        match groups {
            None => taken(&mut states[0], &column.cells),
            Some(groups) => {
                let cells = groups.cells(&column.cells);
                let mut states = states.iter_mut().zip(&cells);
                states.try_for_each(|(state, cells)| taken(state, cells))
            }
        }
    };
    let lengths = TextLengths::new();
    let folded = fold(py, spread, intake, &Look::at_all(split, &lengths), take, whole_columns)?;
    finished(py, spread, turned(folded), |_, _, state: State| state.described(bins, mergeable))
}

/// The profile of columns. Where it can be put together with others, `kept` is how many bins histograms have.
fn profile(
    columns: IndexMap<String, Described>,
    timestamp: DateTime<Utc>,
    kept: Option<usize>,
) -> DataProfile {
    let (mut rows, mut states) = (0, IndexMap::new());
    let feature = |(name, (stats, state)): (String, Described)| {
        states.extend(state.map(|state| (name.clone(), state)));
        let (numbers, texts, times) = &stats;
        let counts = [
            numbers.as_ref().map(|stats| stats.rows),
            texts.as_ref().map(|stats| stats.rows),
            times.as_ref().map(|stats| stats.0.rows),
        ];
        rows = counts.into_iter().flatten().fold(rows, u64::max);
        (name.clone(), FeatureProfile::of(name, timestamp, stats))
    };
    let features = columns.into_iter().map(feature).collect();
    let state =
        kept.map(|bin_size| DataState { format: StateFormat, bin_size, columns: states, correlations: None });
    DataProfile { scouter_version: env!("CARGO_PKG_VERSION").to_owned(), rows, features, state }
}
