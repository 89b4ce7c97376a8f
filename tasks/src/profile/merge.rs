//! Profiles of parts of the data, put together to the profile of the whole: what is kept of every column for that.

use chrono::{DateTime, Utc};
use indexmap::IndexMap;
use scouter_drift::column::MOST_ROWS;
use scouter_drift::profile::{
    Associations, NumericState, NumericStats, TextState, TextStats, TooManyColumns,
};
use scouter_drift::psi::MOST_BINS;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{DataProfile, FeatureProfile, StateFormat, TimeStats, state::read_rows};

/// How many words of a column are told.
const WORDS: usize = 100;

/// What a column looks like, as one of these.
pub type ColumnStats = (Option<NumericStats>, Option<TextStats>, Option<TimeStats>);

/// What is known of a column that is read in parts. Its size is bounded, whatever the number of rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnState {
    /// So many rows without a value, of a column that has none and no type.
    Missing(#[serde(deserialize_with = "read_rows")] u64),
    /// Numbers and booleans.
    Numbers(NumericState),
    /// Moments, in microseconds since 1970 in UTC.
    Times(NumericState),
    /// Texts and categories.
    Texts(Box<TextState>),
}

impl Default for ColumnState {
    fn default() -> Self {
        Self::Missing(0)
    }
}

/// What is kept of data beside what they look like.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DataState {
    /// Its version.
    #[serde(default)]
    pub format: StateFormat,
    /// How many bins histograms have.
    pub bin_size: usize,
    /// The columns.
    pub columns: IndexMap<String, ColumnState>,
    /// How they hang together; none where that was not asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correlations: Option<Associations>,
}

/// Why two profiles cannot be put together.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MergeError {
    /// One of them has but what data look like.
    #[error(
        "both profiles must be made with `mergeable=True`: in one of them nothing is kept to put it together with others"
    )]
    NotKept,
    /// Their histograms differ.
    #[error("`bin_size` is `{0}` in one profile and `{1}` in the other: it must be the same")]
    Bins(usize, usize),
    /// One of them tells how columns hang together, and the other does not.
    #[error(
        "there are correlations in one profile and none in the other: make both with `compute_correlations=True`, or neither"
    )]
    Correlations,
    /// Both together have more columns than are compared.
    #[error(transparent)]
    TooManyColumns(#[from] TooManyColumns),
    /// Baselines were made in different ways.
    #[error("`{0}` is not the same in the configurations of both profiles: it must be")]
    Config(&'static str),
    /// More is counted of a column than there can be: what was kept of it was changed since.
    #[error(
        "column `{0}` has more rows or characters in both profiles together than can be counted: one of them is damaged, make it \
         again"
    )]
    TooMany(String),
    /// A column holds different things.
    #[error("column `{column}` holds {left} in one profile and {right} in the other")]
    Unlike {
        /// The column.
        column: String,
        /// What it holds here.
        left: &'static str,
        /// What it holds there.
        right: &'static str,
    },
}

/// Looks whether two configurations are the same in all of these fields.
///
/// # Errors
/// They are not; the first that differs.
pub(super) fn check_same(fields: impl IntoIterator<Item = (&'static str, bool)>) -> Result<(), MergeError> {
    match fields.into_iter().find(|(_, same)| !same) {
        None => Ok(()),
        Some((field, _)) => Err(MergeError::Config(field)),
    }
}

/// Looks whether no column counts more than can be counted, so that counts of both parts never wrap.
///
/// # Errors
/// One does; the first.
pub(super) fn check_counts<'a>(
    counts: impl IntoIterator<Item = (&'a String, u64)>,
) -> Result<(), MergeError> {
    match counts.into_iter().find(|(_, most)| *most > MOST_ROWS) {
        None => Ok(()),
        Some((column, _)) => Err(MergeError::TooMany(column.clone())),
    }
}

impl ColumnState {
    /// Takes in so many rows without a value.
    pub fn add_missing(&mut self, rows: u64) {
        match self {
            Self::Missing(before) => *before += rows,
            Self::Numbers(state) | Self::Times(state) => state.add_missing(rows),
            Self::Texts(state) => state.add_missing(rows),
        }
    }

    /// What the column looks like, with so many bins in its histogram.
    pub fn stats(&self, bins: usize) -> ColumnStats {
        match self {
            Self::Missing(rows) => {
                let mut state = NumericState::default();
                state.add_missing(*rows);
                (Some(state.stats(bins)), None, None)
            }
            Self::Numbers(state) => (Some(state.stats(bins)), None, None),
            Self::Times(state) => (None, None, Some(TimeStats(state.stats(bins)))),
            Self::Texts(state) => (None, Some(state.stats(WORDS)), None),
        }
    }

    /// Its rows, and how many of them have no value.
    fn rows(&self) -> (u64, u64) {
        match self {
            Self::Missing(rows) => (*rows, *rows),
            Self::Numbers(state) | Self::Times(state) => {
                let extent = state.shape().extent();
                (extent.rows(), extent.missing())
            }
            Self::Texts(state) => (state.rows(), state.missing()),
        }
    }

    /// The greatest of all that is counted of it.
    fn most(&self) -> u64 {
        match self {
            Self::Missing(_) | Self::Numbers(_) | Self::Times(_) => self.rows().0,
            Self::Texts(state) => state.most(),
        }
    }

    /// Its rows, where none has a value: such tell nothing of what others hold.
    fn rows_of_nothing(&self) -> Option<u64> {
        let (rows, missing) = self.rows();
        (rows == missing).then_some(rows)
    }

    fn holds(&self) -> &'static str {
        match self {
            Self::Missing(_) => "nothing",
            Self::Numbers(_) => "numbers",
            Self::Times(_) => "moments",
            Self::Texts(_) => "texts",
        }
    }

    /// Takes in another part, or tells what both hold where that is not the same.
    fn merge(&mut self, other: &Self) -> Result<(), [&'static str; 2]> {
        let nothing = if matches!(self, Self::Missing(_)) || other.rows_of_nothing().is_none() {
            self.rows_of_nothing()
        } else {
            None
        };
        if let Some(rows) = nothing {
            *self = other.clone();
            self.add_missing(rows);
            return Ok(());
        }
        if let Some(rows) = other.rows_of_nothing() {
            self.add_missing(rows);
            return Ok(());
        }
        match (self, other) {
            (Self::Numbers(ours), Self::Numbers(theirs)) | (Self::Times(ours), Self::Times(theirs)) => {
                ours.merge(theirs);
                Ok(())
            }
            (Self::Texts(ours), Self::Texts(theirs)) => {
                ours.merge(theirs);
                Ok(())
            }
            (ours, theirs) => Err([ours.holds(), theirs.holds()]),
        }
    }
}

impl DataState {
    fn rows(&self) -> u64 {
        self.columns.values().map(|column| column.rows().0).max().unwrap_or(0)
    }
}

/// The columns that only the first has, and those that only the other has.
pub fn alone<'a, C>(first: &'a IndexMap<String, C>, other: &'a IndexMap<String, C>) -> [Vec<&'a str>; 2] {
    let only = |of: &'a IndexMap<String, C>, beside: &IndexMap<String, C>| -> Vec<&'a str> {
        of.keys().filter(|name| !beside.contains_key(*name)).map(String::as_str).collect()
    };
    [only(first, other), only(other, first)]
}

impl DataProfile {
    /// The columns that only this one has, and those that only the other has, where both have such: one that was renamed is
    /// among both.
    pub fn apart<'a>(&'a self, other: &'a Self) -> Option<[Vec<&'a str>; 2]> {
        let found = alone(&self.features, &other.features);
        found.iter().all(|names| !names.is_empty()).then_some(found)
    }

    /// The profile of the rows of both, as if they had been read one after the other. A column that one of them lacks has no value in its
    /// rows. How columns hang together is in what it keeps; [`relate`](Self::relate) tells it, once the caller has worked it out.
    ///
    /// # Errors
    /// Nothing was kept for that in one of them, their histograms have different numbers of bins, one of them alone has correlations or both
    /// have too many columns for them, or a column holds different things, or counts more than can be counted.
    pub fn merge(&self, other: &Self, timestamp: DateTime<Utc>) -> Result<Self, MergeError> {
        let (Some(ours), Some(theirs)) = (&self.state, &other.state) else { return Err(MergeError::NotKept) };
        if ours.bin_size != theirs.bin_size {
            return Err(MergeError::Bins(ours.bin_size, theirs.bin_size));
        }
        let correlations = match (&ours.correlations, &theirs.correlations) {
            (Some(ours), Some(theirs)) => {
                let mut both = ours.clone();
                both.merge(theirs)?;
                Some(both)
            }
            (None, None) => None,
            _ => return Err(MergeError::Correlations),
        };
        let (before, later) = (ours.rows(), theirs.rows());
        let mut columns = ours.columns.clone();
        for (name, state) in &theirs.columns {
            let column = columns.entry(name.clone()).or_insert(ColumnState::Missing(before));
            let unlike =
                |[left, right]: [&'static str; 2]| MergeError::Unlike { column: name.clone(), left, right };
            column.merge(state).map_err(unlike)?;
        }
        for (name, column) in &mut columns {
            if !theirs.columns.contains_key(name) {
                column.add_missing(later);
            }
        }
        check_counts(columns.iter().map(|(name, column)| (name, column.most())))?;
        let feature = |(name, state): (&String, &ColumnState)| {
            let stats = state.stats(ours.bin_size.clamp(1, MOST_BINS));
            (name.clone(), FeatureProfile::of(name.clone(), timestamp, stats))
        };
        Ok(Self {
            scouter_version: env!("CARGO_PKG_VERSION").to_owned(),
            rows: before + later,
            features: columns.iter().map(feature).collect(),
            state: Some(DataState { format: StateFormat, bin_size: ours.bin_size, columns, correlations }),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::{DocumentError, read, write};
    use crate::value::{from_json, from_value};

    fn numbers(values: &[f64]) -> ColumnState {
        let mut state = NumericState::default();
        state.add(values);
        ColumnState::Numbers(state)
    }

    fn texts(values: &[Option<&str>]) -> ColumnState {
        let mut state = TextState::default();
        state.add(values.iter().copied());
        ColumnState::Texts(Box::new(state))
    }

    fn profile(rows: u64, columns: impl IntoIterator<Item = (&'static str, ColumnState)>) -> DataProfile {
        let columns = columns.into_iter().map(|(name, state)| (name.to_owned(), state)).collect();
        let state = Some(DataState { format: StateFormat, bin_size: 20, columns, correlations: None });
        DataProfile { scouter_version: String::new(), rows, features: IndexMap::new(), state }
    }

    fn merged(left: &DataProfile, right: &DataProfile) -> Result<DataProfile, MergeError> {
        left.merge(right, DateTime::UNIX_EPOCH)
    }

    #[test]
    fn columns_of_parts_are_those_of_the_whole() {
        let left = profile(
            3,
            [("x", numbers(&[1.0, f64::NAN, 3.0])), ("s", texts(&[Some("a b"), None, Some("a")]))],
        );
        let right = profile(2, [("x", numbers(&[7.0, 9.0])), ("s", texts(&[None, Some("c")]))]);
        let whole = merged(&left, &right).unwrap();
        let state = whole.state.as_ref().unwrap();
        assert_eq!(whole.rows, 5);
        assert_eq!(state.columns["x"].stats(20), numbers(&[1.0, f64::NAN, 3.0, 7.0, 9.0]).stats(20));
        assert_eq!(state.columns["s"], texts(&[Some("a b"), None, Some("a"), None, Some("c")]));
        assert_eq!(whole.features["x"].numeric_stats, state.columns["x"].stats(20).0);
    }

    #[test]
    fn a_column_that_a_part_lacks_or_has_no_value_of_is_missing_there() {
        let all_missing = texts(&[None, None]);
        let left = profile(2, [("late", ColumnState::Missing(2)), ("x", all_missing)]);
        let right = profile(1, [("x", numbers(&[1.0])), ("new", numbers(&[2.0]))]);
        for whole in [merged(&left, &right).unwrap(), merged(&right, &left).unwrap()] {
            let stats = |name: &str| whole.features[name].numeric_stats.clone().unwrap();
            for (name, missing) in [("x", 2), ("new", 2), ("late", 3)] {
                assert_eq!((stats(name).rows, stats(name).missing), (3, missing), "{name}");
            }
        }
    }

    #[test]
    fn columns_that_each_side_has_alone_are_told_apart() {
        let of = |names: &[&'static str]| {
            let columns = names.iter().map(|name| (*name, numbers(&[1.0])));
            merged(&profile(1, columns), &profile(0, [])).unwrap()
        };
        let [before, renamed, more] = [&["x", "age"][..], &["x", "Age"], &["x", "age", "late"]].map(of);
        assert_eq!(before.apart(&renamed), Some([vec!["age"], vec!["Age"]]));
        assert_eq!(before.apart(&more), None);
        assert_eq!(before.apart(&before), None);
    }

    #[test]
    fn what_cannot_be_put_together_says_why() {
        let x = profile(1, [("x", numbers(&[1.0]))]);
        let told = |other: &DataProfile| merged(&x, other).unwrap_err().to_string();
        let holds = "column `x` holds numbers in one profile and texts in the other";
        assert_eq!(told(&profile(1, [("x", texts(&[Some("a")]))])), holds);
        assert!(told(&DataProfile { state: None, ..x.clone() }).contains("`mergeable=True`"));
        let mut other = x.clone();
        other.state.as_mut().unwrap().bin_size = 30;
        assert!(told(&other).contains("`bin_size` is `20` in one profile and `30` in the other"));
        let mut other = x.clone();
        other.state.as_mut().unwrap().correlations = Some(Associations::default());
        assert!(told(&other).contains("there are correlations in one profile and none in the other"));
    }

    #[test]
    fn more_rows_than_can_be_counted_are_told_with_their_column() {
        let late = |rows| profile(rows, [("late", ColumnState::Missing(rows))]);
        assert!(merged(&late(MOST_ROWS - 1), &late(1)).is_ok());
        let told = merged(&late(MOST_ROWS), &late(1)).unwrap_err();
        assert_eq!(told, MergeError::TooMany("late".to_owned()));
    }

    #[test]
    fn more_rows_than_can_be_counted_are_not_read() {
        let read =
            |rows| from_value::<ColumnState>(&from_json(&format!(r#"{{"missing": {rows}}}"#)).unwrap());
        assert_eq!(read(MOST_ROWS), Ok(ColumnState::Missing(MOST_ROWS)));
        assert!(read(MOST_ROWS + 1).is_err() && read(u64::MAX).is_err());
    }

    #[test]
    fn what_was_kept_without_correlations_is_read() {
        let kept = profile(1, [("x", numbers(&[1.0]))]).state;
        let value = crate::value::to_value(&kept).unwrap();
        assert!(value.get("correlations").is_none());
        assert_eq!(from_value::<Option<DataState>>(&value).unwrap(), kept);
    }

    /// A profile whose state says that it is of this format, or says nothing of it.
    fn of_format(format: Option<i64>) -> Result<DataProfile, DocumentError> {
        let document = write(&profile(1, [("x", numbers(&[1.0]))])).unwrap().to_string();
        let said = format.map(|format| format!(r#""format":{format},"#)).unwrap_or_default();
        let changed = document.replace(r#""state":{"format":1,"#, &format!(r#""state":{{{said}"#));
        assert!(changed != document || format == Some(1));
        read(&from_json(&changed).unwrap())
    }

    #[test]
    fn what_a_later_version_kept_says_so() {
        assert_eq!(of_format(Some(2)), Err(DocumentError::NewerState(2)));
    }

    #[test]
    fn what_was_kept_before_there_were_versions_is_read() {
        assert_eq!(of_format(None), of_format(Some(1)));
        assert!(of_format(None).unwrap().state.is_some());
    }

    #[test]
    fn correlations_are_put_together_and_told() {
        let part = |values: [f64; 2]| {
            let mut correlations = Associations::default();
            correlations.open(["x", "y"], []).unwrap();
            correlations.add_values(2, [(0, &values[..]), (1, &values[..])]);
            let mut part = profile(2, [("x", numbers(&values)), ("y", numbers(&values))]);
            part.state.as_mut().unwrap().correlations = Some(correlations);
            part
        };
        let mut whole = merged(&part([1.0, 2.0]), &part([4.0, 3.0])).unwrap();
        let known = whole.state.as_ref().unwrap().correlations.as_ref().unwrap();
        let ranks = known.ranks(0).and_then(|x| x.correlation(&known.ranks(1)?));
        assert!((ranks.unwrap() - 1.0).abs() < 1e-12);
        let found = known.told([ranks], []);
        whole.relate(found);
        let spearman = whole.features["x"].spearman.as_ref().unwrap();
        assert_eq!(spearman["y"].value(), ranks.ok());
    }
}
