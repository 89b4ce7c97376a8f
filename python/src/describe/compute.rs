//! `DataProfiler`.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};
use indexmap::IndexMap;
use pyo3::prelude::*;
use scouter_drift::column::Column;
use scouter_drift::profile::{NumericState, NumericStats, TextState, TextStats};
use scouter_drift::psi::MOST_BINS;
use scouter_engine::{Clock, SystemClock};
use scouter_tasks::profile::{DataProfile, FeatureProfile, TimeStats};

use super::correlate::{Pairs, correlations};
use super::profile::PyDataProfile;
use crate::drift::{Needed, PyDataType, fold};
use crate::errors;
use crate::intake::{Cells, Intake, Nothing, Wanted, gathered};
use crate::spread::Spread;

/// How many words of a column are told.
const WORDS: usize = 100;

/// What is known of a column.
enum State {
    /// So many rows without a value, which tell nothing of what others hold.
    Missing(usize),
    Numbers(NumericState),
    Times(NumericState),
    Texts(Box<TextState>),
    /// All of it was there at once.
    Whole(NumericStats),
    WholeTimes(NumericStats),
}

impl Default for State {
    fn default() -> Self {
        Self::Missing(0)
    }
}

impl State {
    fn take(&mut self, cells: &Cells<'_>, bins: usize, is_whole: bool) -> Result<(), String> {
        // Numbers that are all missing may be what a data frame makes of a column of nothing.
        if let (Self::Numbers(state), Cells::Texts(_) | Cells::Times(_)) = (&*self, cells)
            && state.shape().extent().rows() == state.shape().extent().missing()
        {
            *self = Self::Missing(usize::try_from(state.shape().extent().missing()).unwrap_or(usize::MAX));
        }
        if let Self::Missing(before) = *self {
            let numbers = || {
                let mut state = NumericState::default();
                Nothing(before).each_chunk(&mut |chunk| state.add(chunk));
                state
            };
            *self = match cells {
                Cells::Missing(rows) => Self::Missing(before + rows),
                Cells::Numbers(numbers) if is_whole => Self::Whole(described(&**numbers, bins)),
                Cells::Times(times) if is_whole => Self::WholeTimes(described(&**times, bins)),
                Cells::Numbers(_) => Self::Numbers(numbers()),
                Cells::Times(_) => Self::Times(numbers()),
                Cells::Texts(_) => {
                    let mut state = TextState::default();
                    state.add(std::iter::repeat_n(None, before));
                    Self::Texts(Box::new(state))
                }
            };
        }
        match (self, cells) {
            (Self::Whole(_) | Self::WholeTimes(_) | Self::Missing(_), _) => {}
            (Self::Numbers(state), Cells::Numbers(numbers)) | (Self::Times(state), Cells::Times(numbers)) => {
                numbers.each_chunk(&mut |chunk| chunk.chunks(1 << 14).for_each(|part| state.add(part)));
            }
            (Self::Texts(state), Cells::Texts(texts)) => texts.describe(state),
            (Self::Numbers(state) | Self::Times(state), cells) if cells.is_missing() => {
                Nothing(cells.rows()).each_chunk(&mut |chunk| state.add(chunk));
            }
            (Self::Texts(state), cells) if cells.is_missing() => {
                state.add(std::iter::repeat_n(None, cells.rows()));
            }
            (_, cells) => return Err(format!("{} after something else", cells.kind())),
        }
        Ok(())
    }

    fn stats(self, bins: usize) -> (Option<NumericStats>, Option<TextStats>, Option<TimeStats>) {
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

fn described(column: &dyn Column, bins: usize) -> NumericStats {
    match gathered(column) {
        Some(values) => NumericStats::of(&values[..], bins),
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
    ///         numbers, Cramér's V of texts. For data in memory.
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
        if !(1..=MOST_BINS).contains(&bin_size) {
            return Err(errors::value(format!(
                "`bin_size` is `{bin_size}`: it must be from 1 to {MOST_BINS}"
            )));
        }
        let spread = Spread::new(py)?;
        let intake = Intake::of(data, &Wanted::default())?;
        let mut pairs: Option<(Pairs, Pairs)> = None;
        let is_whole = matches!(intake, Intake::Whole(_));
        if compute_correlations {
            match &intake {
                Intake::Whole(table) => pairs = Some(correlations(py, &spread, table)?),
                Intake::Parts(_) => {
                    let hint = "read them into memory first, or leave `compute_correlations` out";
                    return Err(errors::data(py, format!("correlations are of data in memory: {hint}")));
                }
            }
        }
        let rows = Mutex::new(IndexMap::<String, u64>::new());
        let folded = fold(py, &spread, intake, (&Needed::Any, None), |state: &mut State, column, _| {
            let more = column.cells.rows() as u64;
            *rows
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .entry(column.name.to_owned())
                .or_default() += more;
            state.take(&column.cells, bin_size, is_whole)
        })?;
        let rows = rows.into_inner().unwrap_or_else(PoisonError::into_inner);
        let timestamp: DateTime<Utc> = SystemClock.now().into();
        let (mut linear, mut ranked) = pairs.unzip();
        let feature = |(name, state): (String, State)| {
            let (numeric_stats, string_stats, datetime_stats) = state.stats(bin_size);
            let of = |pairs: &mut Option<Pairs>| {
                pairs.as_mut().map(|all| all.swap_remove(&name).unwrap_or_default())
            };
            let (correlations, spearman) = (of(&mut linear), of(&mut ranked));
            let spearman = spearman.filter(|_| numeric_stats.is_some());
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
        Ok(PyDataProfile(DataProfile {
            scouter_version: env!("CARGO_PKG_VERSION").to_owned(),
            rows: rows.values().copied().max().unwrap_or_default(),
            features: folded.columns.into_iter().map(feature).collect(),
        }))
    }
}
