//! `DataProfiler`.

use chrono::{DateTime, Utc};
use indexmap::IndexMap;
use pyo3::prelude::*;
use scouter_drift::column::Column;
use scouter_drift::profile::{NumericState, NumericStats, TextState, TextStats};
use scouter_drift::psi::MOST_BINS;
use scouter_engine::{Clock, SystemClock};
use scouter_tasks::profile::{DataProfile, FeatureProfile, TextLengths, TimeStats};

use super::correlate::{Pairs, Together};
use super::profile::PyDataProfile;
use crate::drift::{
    Grouped, Kept, Look, MOST_KEPT, PyDataType, by_group, finished, fold, turned, whole_columns,
};
use crate::errors;
use crate::intake::{Cells, Groups, Holds, Intake, Named, Nothing, Room, Split, Table, Wanted, gathered};
use crate::spread::Spread;

/// How many words of a column are told.
const WORDS: usize = 100;

/// What is known of a column.
enum State {
    /// So many rows without a value, of a column that has none.
    Missing(usize),
    Numbers(NumericState),
    Times(NumericState),
    Texts(Box<TextState>),
    /// All of it was there at once.
    Whole(NumericStats),
    WholeTimes(NumericStats),
}

/// What a column looks like, as one of these.
type Stats = (Option<NumericStats>, Option<TextStats>, Option<TimeStats>);

impl Default for State {
    fn default() -> Self {
        Self::Missing(0)
    }
}

impl State {
    fn take(&mut self, cells: &Cells<'_>, bins: usize, room: Option<&Room>) -> Result<(), String> {
        if let Self::Missing(before) = *self {
            *self = match (cells, room) {
                (Cells::Numbers(numbers), Some(room)) => Self::Whole(stats(&**numbers, bins, room)),
                (Cells::Times(times), Some(room)) => Self::WholeTimes(stats(&**times, bins, room)),
                (cells, _) => match cells.holds() {
                    None => Self::Missing(before + cells.rows()),
                    Some(Holds::Numbers) => Self::Numbers(NumericState::default()),
                    Some(Holds::Times) => Self::Times(NumericState::default()),
                    Some(Holds::Texts) => Self::Texts(Box::default()),
                },
            };
        }
        match (self, cells) {
            (Self::Whole(_) | Self::WholeTimes(_) | Self::Missing(_), _) => {}
            (Self::Numbers(state), Cells::Numbers(numbers)) | (Self::Times(state), Cells::Times(numbers)) => {
                state.add_column(&**numbers);
            }
            (Self::Texts(state), Cells::Texts(texts)) => texts.describe(state),
            (Self::Numbers(state) | Self::Times(state), Cells::Missing(rows, _)) => {
                state.add_column(&Nothing(*rows));
            }
            (Self::Texts(state), Cells::Missing(rows, _)) => state.add(std::iter::repeat_n(None, *rows)),
            (_, cells) => return Err(format!("{} after something else", cells.kind())),
        }
        Ok(())
    }

    /// How many values it keeps.
    fn kept(&self) -> usize {
        match self {
            Self::Numbers(state) | Self::Times(state) => state.kept(),
            Self::Texts(state) => state.kept(),
            Self::Missing(_) | Self::Whole(_) | Self::WholeTimes(_) => 0,
        }
    }

    fn stats(self, bins: usize) -> Stats {
        match self {
            Self::Missing(rows) => (Some(NumericStats::of(&Nothing(rows), bins)), None, None),
            Self::Numbers(state) => (Some(state.stats(bins)), None, None),
            Self::Times(state) => (None, None, Some(TimeStats(state.stats(bins)))),
            Self::Texts(state) => (None, Some(state.stats(WORDS)), None),
            Self::Whole(stats) => (Some(stats), None, None),
            Self::WholeTimes(stats) => (None, None, Some(TimeStats(stats))),
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
    ///
    /// Raises:
    ///     DataError: Where the data cannot be read, with column and row; where it has no rows.
    #[pyo3(signature = (data, data_type=None, bin_size=20, compute_correlations=false))]
    fn create_data_profile<'py>(
        &self,
        py: Python<'py>,
        data: &Bound<'py, PyAny>,
        data_type: Option<PyDataType>,
        bin_size: usize,
        compute_correlations: bool,
    ) -> PyResult<PyDataProfile> {
        let _ = data_type;
        let bins = bins(bin_size)?;
        let spread = Spread::new(py)?;
        let intake = Intake::of(data, &Wanted::default())?;
        let is_all = matches!(intake, Intake::Whole(_));
        let mut together = compute_correlations.then(Together::default);
        let described = match &mut together {
            None => described(py, &spread, intake, bins, None)?,
            Some(together) => {
                let look = |py: Python<'_>, table: &Table<'_>| together.take(py, &spread, table, is_all);
                described(py, &spread, intake.beside(py, look)?, bins, None)?
            }
        };
        let pairs = together.map(|together| together.pairs(py, &spread)).transpose()?;
        let columns = described.into_iter().flat_map(|(_, columns)| columns).collect();
        Ok(PyDataProfile(profile(columns, pairs, SystemClock.now().into())))
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
        let described = described(py, &spread, intake, bins, Some(&split))?.into_iter();
        Ok(described
            .filter_map(|(group, columns)| Some((group?, PyDataProfile(profile(columns, None, now)))))
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
) -> PyResult<Grouped<Stats>> {
    let room = matches!(intake, Intake::Whole(_)).then(|| intake.room());
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
    finished(py, spread, turned(folded), |_, _, state: State| state.stats(bins))
}

/// The profile of columns, with how they hang together.
fn profile(
    columns: IndexMap<String, Stats>,
    pairs: Option<(Pairs, Pairs)>,
    timestamp: DateTime<Utc>,
) -> DataProfile {
    let (mut linear, mut ranked) = pairs.unzip();
    let mut rows = 0;
    let feature = |(name, (numeric_stats, string_stats, datetime_stats)): (String, Stats)| {
        let of =
            |pairs: &mut Option<Pairs>| pairs.as_mut().map(|all| all.swap_remove(&name).unwrap_or_default());
        let (correlations, spearman) = (of(&mut linear), of(&mut ranked));
        let spearman = spearman.filter(|_| numeric_stats.is_some());
        let counts = [
            numeric_stats.as_ref().map(|stats| stats.rows),
            string_stats.as_ref().map(|stats| stats.rows),
            datetime_stats.as_ref().map(|stats| stats.0.rows),
        ];
        rows = counts.into_iter().flatten().fold(rows, u64::max);
        let profile = FeatureProfile {
            id: name.clone(),
            timestamp,
            numeric_stats,
            string_stats,
            datetime_stats,
            correlations,
            spearman,
        };
        (name, profile)
    };
    let features = columns.into_iter().map(feature).collect();
    DataProfile { scouter_version: env!("CARGO_PKG_VERSION").to_owned(), rows, features }
}
