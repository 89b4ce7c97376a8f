//! Baselines in bins of parts of the data, put together to that of the whole: what is kept of every column for that.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use indexmap::IndexMap;
use scouter_drift::{
    Absent,
    column::{Tally, Unit},
    psi::{Bins, Part, PsiBaseline},
    sketch::{QuantileState, Shape},
};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{
    MergeError, PsiConfig, PsiFeature, PsiMap, PsiProfile, StateFormat,
    merge::{check_counts, check_same},
    psi::part_label,
    state::read_rows,
};
use crate::counted::{count, counted};

/// What is known of a column that is read in parts. Its size is bounded, whatever the number of rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PsiColumn {
    /// So many rows without a value, of a column that has none and no type.
    Missing(#[serde(deserialize_with = "read_rows")] u64),
    /// Numbers and booleans.
    Numbers(Shape),
    /// Moments, in microseconds since 1970 in UTC.
    Moments(Shape),
    /// Texts, and numbers that are categories.
    Categories(Tally),
    /// Categories of which enough is known to say that there will be no baseline.
    Absent(Absent),
}

impl Default for PsiColumn {
    fn default() -> Self {
        Self::Missing(0)
    }
}

/// What is kept of data beside their baselines.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PsiState {
    /// Its version.
    #[serde(default)]
    pub format: StateFormat,
    /// The columns.
    pub columns: IndexMap<String, PsiColumn>,
}

/// Why rows that were counted cannot take the place of those of a profile.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RecountError {
    /// Nothing was counted.
    #[error("there are no maps of drift to take the counts from")]
    NoMaps,
    /// A map is of another profile.
    #[error(
        "a map of drift has not counted `{0}` into the bins of this profile: make it by `compute_drift` with this profile"
    )]
    Other(String),
    /// Other rows were counted than those that the bins were made of.
    #[error(
        "maps of drift have categories of `{0}` that this profile does not know: count the rows that it was made of"
    )]
    Unseen(String),
    /// More rows were counted, or fewer.
    #[error(
        "maps of drift have counted {} of `{column}`, and this profile was made of {}: give one map of each part",
        counted(found, "row"),
        counted(made, "row")
    )]
    Rows {
        /// The feature.
        column: String,
        /// Rows that the maps have counted.
        found: u64,
        /// Rows that the bins were made of.
        made: u64,
    },
    /// As many rows were counted, and other ones.
    #[error(
        "maps of drift have counted {} of `{column}` in `{part}`, and this profile was made of {}: a part is left out, or given twice; \
         give one map of each part",
        counted(found, "row"),
        count(made)
    )]
    Counts {
        /// The feature.
        column: String,
        /// What its bin is called, or the place of rows without one.
        part: String,
        /// Rows that the maps have counted there.
        found: u64,
        /// Rows that are there in the profile.
        made: u64,
    },
}

impl PsiColumn {
    /// No rows yet, of numbers that are this.
    pub fn of_unit(unit: Unit) -> Self {
        match unit {
            Unit::Number => Self::Numbers(Shape::default()),
            Unit::Moment => Self::Moments(Shape::default()),
        }
    }

    /// What its numbers are; none of anything else.
    pub fn unit(&self) -> Option<Unit> {
        match self {
            Self::Numbers(_) => Some(Unit::Number),
            Self::Moments(_) => Some(Unit::Moment),
            Self::Missing(_) | Self::Categories(_) | Self::Absent(_) => None,
        }
    }

    /// Takes in so many rows without a value.
    pub fn add_missing(&mut self, rows: u64) {
        match self {
            Self::Missing(before) => *before += rows,
            Self::Numbers(shape) | Self::Moments(shape) => shape.add_missing(rows),
            Self::Categories(tally) => tally.weigh(None, rows),
            Self::Absent(_) => {}
        }
    }

    /// Gives up categories that are too many to be kept.
    pub fn bound(&mut self) {
        if let Self::Categories(tally) = self
            && let Err(absent) = tally.bounded()
        {
            *self = Self::Absent(absent);
        }
    }

    /// How many values are kept.
    pub fn kept(&self) -> usize {
        match self {
            Self::Numbers(shape) | Self::Moments(shape) => shape.quantiles().kept(),
            Self::Categories(tally) => tally.distinct(),
            Self::Missing(_) | Self::Absent(_) => 0,
        }
    }

    /// Its baseline.
    ///
    /// # Errors
    /// There are no rows, or none with a value that has a bin, or there are more different categories than are told apart.
    pub fn baseline(&self, config: &PsiConfig) -> Result<PsiBaseline, Absent> {
        let numbers = |shape| PsiBaseline::of_shape(shape, config.binning_strategy, config.zero_bins);
        match self {
            Self::Missing(0) => Err(Absent::NoRows),
            Self::Missing(_) => Err(Absent::AllMissing),
            Self::Numbers(shape) => numbers(shape),
            Self::Moments(shape) => numbers(shape).map(|baseline| baseline.of_unit(Unit::Moment)),
            Self::Categories(tally) => {
                PsiBaseline::of_categories(tally, config.max_categories, config.zero_bins)
            }
            Self::Absent(absent) => Err(*absent),
        }
    }

    /// Its rows, and how many of them have no value; none where that is no longer known.
    fn rows(&self) -> Option<(u64, u64)> {
        match self {
            Self::Missing(rows) => Some((*rows, *rows)),
            Self::Numbers(shape) | Self::Moments(shape) => {
                let extent = shape.extent();
                Some((extent.rows(), extent.missing()))
            }
            Self::Categories(tally) => Some((tally.rows(), tally.missing())),
            Self::Absent(_) => None,
        }
    }

    /// Its rows, where none has a value: such tell nothing of what others hold.
    fn rows_of_nothing(&self) -> Option<u64> {
        self.rows().filter(|(rows, missing)| rows == missing).map(|(rows, _)| rows)
    }

    fn holds(&self) -> &'static str {
        match self {
            Self::Missing(_) => "nothing",
            Self::Numbers(_) => "numbers",
            Self::Moments(_) => "moments",
            Self::Categories(_) | Self::Absent(_) => "categories",
        }
    }

    /// Takes in another part, or tells what both hold where that is not the same.
    fn merge(&mut self, other: &Self) -> Result<(), [&'static str; 2]> {
        let is_known = !matches!(self, Self::Missing(_));
        if let Some(rows) = other.rows_of_nothing().filter(|_| is_known) {
            self.add_missing(rows);
            return Ok(());
        }
        if let Some(rows) = self.rows_of_nothing() {
            *self = other.clone();
            self.add_missing(rows);
            return Ok(());
        }
        if matches!((&*self, other), (Self::Categories(_), Self::Absent(_))) {
            *self = other.clone();
            return Ok(());
        }
        match (&mut *self, other) {
            (Self::Numbers(ours), Self::Numbers(theirs)) | (Self::Moments(ours), Self::Moments(theirs)) => {
                ours.merge(theirs);
            }
            (Self::Categories(ours), Self::Categories(theirs)) => ours.merge(theirs),
            (Self::Absent(_), Self::Categories(_) | Self::Absent(_)) => {}
            (ours, theirs) => return Err([ours.holds(), theirs.holds()]),
        }
        self.bound();
        Ok(())
    }
}

impl PsiState {
    fn rows(&self) -> u64 {
        self.columns.values().filter_map(PsiColumn::rows).map(|(rows, _)| rows).max().unwrap_or(0)
    }

    /// What is kept of the rows of both. A column that one of them lacks has no value in its rows.
    fn merge(&self, other: &Self) -> Result<Self, MergeError> {
        let (before, later) = (self.rows(), other.rows());
        let mut columns = self.columns.clone();
        for (name, theirs) in &other.columns {
            let column = columns.entry(name.clone()).or_insert(PsiColumn::Missing(before));
            let unlike =
                |[left, right]: [&'static str; 2]| MergeError::Unlike { column: name.clone(), left, right };
            column.merge(theirs).map_err(unlike)?;
        }
        for (name, column) in &mut columns {
            if !other.columns.contains_key(name) {
                column.add_missing(later);
            }
        }
        check_counts(columns.iter().filter_map(|(name, column)| Some((name, column.rows()?.0))))?;
        Ok(Self { format: StateFormat, columns })
    }
}

impl PsiConfig {
    /// Checks that both make the same bins of the same data.
    fn check_bins(&self, other: &Self) -> Result<(), MergeError> {
        let categorical =
            |config: &Self| config.categorical_features.iter().cloned().collect::<BTreeSet<_>>();
        check_same([
            ("binning_strategy", self.binning_strategy == other.binning_strategy),
            ("zero_bins", self.zero_bins == other.zero_bins),
            ("max_categories", self.max_categories == other.max_categories),
            ("categorical_features", categorical(self) == categorical(other)),
            ("text_lengths", self.text_lengths == other.text_lengths),
        ])
    }
}

impl PsiProfile {
    /// The profile of the rows of both, as if they had been read one after the other, and what is kept of these. All but the bins is as
    /// in the first configuration.
    ///
    /// # Errors
    /// The configurations do not make the same bins, or a column holds different things, or counts more than can be counted.
    pub fn merge(
        (config, ours): (&PsiConfig, &PsiState),
        (other, theirs): (&PsiConfig, &PsiState),
        timestamp: DateTime<Utc>,
    ) -> Result<(Self, PsiState), MergeError> {
        config.check_bins(other)?;
        let state = ours.merge(theirs)?;
        let columns = state.columns.iter().map(|(name, column)| (name.clone(), column.baseline(config)));
        Ok((Self::of(columns, config, timestamp), state))
    }

    /// The same bins, with the rows that these maps have counted into them in the place of those that were counted before.
    ///
    /// # Errors
    /// There are no maps, one has not counted a feature into these bins, or they have counted other rows: categories that are new, more
    /// rows or fewer, or others in a place of which the count is exact as it is.
    pub fn recount<'a>(mut self, maps: impl IntoIterator<Item = &'a PsiMap>) -> Result<Self, RecountError> {
        let maps: Vec<&PsiMap> = maps.into_iter().collect();
        if maps.is_empty() {
            return Err(RecountError::NoMaps);
        }
        for (name, PsiFeature { baseline, .. }) in &mut self.features {
            let (bins, zero, exact) = (baseline.bin_forms(), baseline.bins.zero(), is_exact(baseline));
            let before = std::mem::replace(&mut baseline.counts, zero);
            for map in &maps {
                let other = || RecountError::Other(name.clone());
                let drift = map.features.get(name).filter(|drift| drift.bins == bins).ok_or_else(other)?;
                baseline.counts.merge(&drift.counts).map_err(|_| other())?;
            }
            if baseline.counts.unseen > 0 {
                return Err(RecountError::Unseen(name.clone()));
            }
            let (found, made) = (baseline.counts.rows(), before.rows());
            if found != made {
                return Err(RecountError::Rows { column: name.clone(), found, made });
            }
            let unlike = baseline.counts.parts().zip(before.parts()).find(|((part, found), (_, made))| {
                // Rows without a value are counted, however many there are.
                found != made && (exact || *part == Part::Missing)
            });
            if let Some(((part, found), (_, made))) = unlike {
                let part = part_label(&bins, part);
                return Err(RecountError::Counts { column: name.clone(), part, found, made });
            }
        }
        Ok(self)
    }
}

/// Whether each count is that of the rows, even if the baseline was read in parts: of categories, and of numbers that were all kept. The same
/// numbers, counted into the same bins, come to the same then.
fn is_exact(baseline: &PsiBaseline) -> bool {
    let values = baseline.counts.rows() - baseline.counts.missing;
    match baseline.bins {
        Bins::Category(_) => true,
        Bins::Numeric(_) | Bins::Moments(_) => values <= QuantileState::MOST_EXACT as u64,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use scouter_drift::{column::MOST_ROWS, psi::Binning};

    use super::*;

    fn numbers(values: &[f64]) -> PsiColumn {
        let mut shape = Shape::default();
        shape.add(values);
        PsiColumn::Numbers(shape)
    }

    fn categories(values: &[Option<&str>]) -> PsiColumn {
        let mut tally = Tally::default();
        tally.add(values.iter().copied());
        PsiColumn::Categories(tally)
    }

    fn state(columns: impl IntoIterator<Item = (&'static str, PsiColumn)>) -> PsiState {
        let columns = columns.into_iter().map(|(name, column)| (name.to_owned(), column)).collect();
        PsiState { format: StateFormat, columns }
    }

    fn merged(left: &PsiState, right: &PsiState) -> Result<(PsiProfile, PsiState), MergeError> {
        let config = PsiConfig::default();
        PsiProfile::merge((&config, left), (&config, right), DateTime::UNIX_EPOCH)
    }

    fn profile(state: &PsiState) -> PsiProfile {
        let config = PsiConfig::default();
        let columns = state.columns.iter().map(|(name, column)| (name.clone(), column.baseline(&config)));
        PsiProfile::of(columns, &config, DateTime::UNIX_EPOCH)
    }

    fn value() -> impl Strategy<Value = f64> {
        prop_oneof![9 => -9.0..9.0, 2 => (-3..3).prop_map(f64::from), 1 => Just(f64::NAN), 1 => Just(f64::INFINITY)]
    }

    /// Where rows are cut: from the first to behind the last.
    fn places(rows: usize, cuts: Vec<usize>) -> Vec<usize> {
        let mut places: Vec<usize> = cuts.into_iter().map(|cut| cut.min(rows)).chain([0, rows]).collect();
        places.sort_unstable();
        places
    }

    proptest! {
        #[test]
        fn the_profile_of_any_parts_is_that_of_the_whole(
            rows in prop::collection::vec((value(), prop::option::of("[a-c]{1,2}")), 0..300),
            cuts in prop::collection::vec(0_usize..300, 0..4),
        ) {
            let values: Vec<f64> = rows.iter().map(|(value, _)| *value).collect();
            let texts: Vec<Option<&str>> = rows.iter().map(|(_, text)| text.as_deref()).collect();
            let cuts = places(rows.len(), cuts);
            let part = |from: usize, to: usize| state([("x", numbers(&values[from..to])), ("s", categories(&texts[from..to]))]);
            let mut whole = part(0, cuts[1]);
            for pair in cuts[1..].windows(2) {
                whole = merged(&whole, &part(pair[0], pair[1])).unwrap().1;
            }
            prop_assert_eq!(profile(&whole), profile(&part(0, rows.len())));
            let config = PsiConfig::default();
            let at_once = PsiBaseline::of_numbers(&values[..], config.binning_strategy, config.zero_bins);
            prop_assert_eq!(whole.columns["x"].baseline(&config), at_once);
        }

        #[test]
        fn rows_that_are_counted_once_more_in_any_parts_come_to_the_same_where_counts_are_exact(
            rows in prop::collection::vec((value(), prop::option::of("[a-c]{1,2}")), 1..300),
            cuts in prop::collection::vec(0_usize..300, 0..4),
        ) {
            let values: Vec<f64> = rows.iter().map(|(value, _)| *value).collect();
            let texts: Vec<Option<&str>> = rows.iter().map(|(_, text)| text.as_deref()).collect();
            let bins = profile(&state([("x", numbers(&values)), ("s", categories(&texts))]));
            let map = |from: usize, to: usize| {
                let mut tally = Tally::default();
                tally.add(texts[from..to].iter().copied());
                let counts = |baseline: &PsiBaseline| match baseline.bins {
                    Bins::Category(_) => baseline.count_categories(&tally).unwrap(),
                    Bins::Numeric(_) | Bins::Moments(_) => baseline.count_numbers(&values[from..to]).unwrap(),
                };
                bins.compare(bins.features.iter().map(|(name, feature)| (name.clone(), counts(&feature.baseline))))
            };
            let parts = places(rows.len(), cuts);
            let parts = parts.windows(2).filter(|pair| pair[0] < pair[1]);
            let maps: Vec<PsiMap> = parts.map(|pair| map(pair[0], pair[1])).collect();
            prop_assert_eq!(bins.clone().recount(&maps), Ok(bins));
        }
    }

    #[test]
    fn a_column_that_a_part_lacks_or_has_no_value_of_is_missing_there() {
        let left = state([("late", PsiColumn::Missing(2)), ("x", categories(&[None, None]))]);
        let right = state([("x", numbers(&[1.0])), ("new", numbers(&[2.0]))]);
        for whole in [merged(&left, &right).unwrap().0, merged(&right, &left).unwrap().0] {
            for name in ["x", "new"] {
                let counts = &whole.features[name].baseline.counts;
                assert_eq!((counts.rows(), counts.missing), (3, 2), "{name}");
            }
            assert_eq!(whole.absent["late"], Absent::AllMissing);
        }
    }

    #[test]
    fn more_rows_than_can_be_counted_are_told_with_their_column() {
        let late = |rows| state([("late", PsiColumn::Missing(rows))]);
        assert!(merged(&late(MOST_ROWS - 1), &late(1)).is_ok());
        assert_eq!(merged(&late(MOST_ROWS), &late(1)).unwrap_err(), MergeError::TooMany("late".to_owned()));
    }

    #[test]
    fn categories_that_are_too_many_in_a_part_are_too_many_in_the_whole() {
        let many = state([("x", PsiColumn::Absent(Absent::TooMany { most: 100_000 }))]);
        let few = state([("x", categories(&[Some("a")]))]);
        for (left, right) in [(&many, &few), (&few, &many), (&many, &many)] {
            let absent = merged(left, right).unwrap().0.absent;
            assert_eq!(absent["x"], Absent::TooMany { most: 100_000 });
        }
    }

    #[test]
    fn what_cannot_be_put_together_says_why() {
        let x = state([("x", numbers(&[1.0]))]);
        let unlike = merged(&x, &state([("x", categories(&[Some("a")]))])).unwrap_err().to_string();
        assert_eq!(unlike, "column `x` holds numbers in one profile and categories in the other");
        let five = PsiConfig { binning_strategy: Binning::Quantile { num_bins: 5 }, ..PsiConfig::default() };
        let other = PsiProfile::merge((&PsiConfig::default(), &x), (&five, &x), DateTime::UNIX_EPOCH);
        assert_eq!(other.unwrap_err(), MergeError::Config("binning_strategy"));
    }

    fn map_of(bins: &PsiProfile, values: &[f64]) -> PsiMap {
        let counts = bins.features["x"].baseline.count_numbers(values).unwrap();
        bins.compare([("x".to_owned(), counts)])
    }

    #[test]
    fn counts_of_maps_take_the_place_of_estimates() {
        let values: Vec<f64> = (0..20_000).map(f64::from).collect();
        let mut bins = profile(&state([("x", numbers(&values))]));
        let exact = bins.features["x"].baseline.count_numbers(&values[..]).unwrap();
        let mut estimated = exact.clone();
        estimated.bins[0] += 7;
        estimated.bins[1] -= 7;
        bins.features["x"].baseline.counts = estimated;
        let maps = [map_of(&bins, &values[..3000]), map_of(&bins, &values[3000..])];
        let counted = bins.clone().recount(&maps).unwrap();
        assert_eq!(counted.features["x"].baseline.counts, exact);
        assert_eq!(counted.features["x"].baseline.bins, bins.features["x"].baseline.bins);
    }

    #[test]
    fn a_part_in_the_place_of_another_of_as_many_rows_is_told_where_numbers_are_all_kept() {
        let values: Vec<f64> = (0..100).map(f64::from).collect();
        let bins = profile(&state([("x", numbers(&values))]));
        let twice = [map_of(&bins, &values[..50]), map_of(&bins, &values[..50])];
        assert_eq!(
            bins.recount(&twice).unwrap_err().to_string(),
            "maps of drift have counted 20 rows of `x` in `≤ 9.9`, and this profile was made of 10: a part is left out, or given twice; give \
             one map of each part"
        );
    }

    #[test]
    fn a_part_in_the_place_of_another_of_as_many_rows_is_told_by_categories() {
        let parts = [[Some("a"), Some("a")], [Some("a"), Some("b")]];
        let bins = profile(&state([("x", categories(&parts.concat()))]));
        let mut tally = Tally::default();
        tally.add(parts[0]);
        let counts = bins.features["x"].baseline.count_categories(&tally).unwrap();
        let map = bins.compare([("x".to_owned(), counts)]);
        let told = RecountError::Counts { column: "x".to_owned(), part: "a".to_owned(), found: 4, made: 3 };
        assert_eq!(bins.recount(&[map.clone(), map]), Err(told));
    }

    #[test]
    fn a_part_in_the_place_of_another_of_as_many_rows_is_told_by_missing_values_where_counts_are_estimates() {
        let full: Vec<f64> = (0..10_000).map(f64::from).collect();
        let holed: Vec<f64> =
            full.iter().map(|value| if *value < 10.0 { f64::NAN } else { *value }).collect();
        let bins = profile(&state([("x", numbers(&[&full[..], &holed[..]].concat()))]));
        let twice = [map_of(&bins, &full), map_of(&bins, &full)];
        let told =
            RecountError::Counts { column: "x".to_owned(), part: "missing".to_owned(), found: 0, made: 10 };
        assert_eq!(bins.recount(&twice), Err(told));
    }

    #[test]
    fn counts_in_other_bins_take_the_place_of_none() {
        let bins = |values: &[f64]| profile(&state([("x", numbers(values))]));
        let (ours, theirs) = (bins(&[1.0, 2.0, 3.0]), bins(&[10.0, 20.0, 40.0]));
        let counts = theirs.features["x"].baseline.counts.clone();
        let map = theirs.compare([("x".to_owned(), counts)]);
        assert_eq!(ours.clone().recount(&[map]), Err(RecountError::Other("x".to_owned())));
        assert_eq!(ours.recount(&[]), Err(RecountError::NoMaps));
    }

    #[test]
    fn counts_of_more_rows_or_fewer_take_the_place_of_none() {
        let values = [1.0, 2.0, 3.0];
        let bins = profile(&state([("x", numbers(&values))]));
        let map = |part: &[f64]| {
            bins.compare([("x".to_owned(), bins.features["x"].baseline.count_numbers(part).unwrap())])
        };
        let told = |maps: &[PsiMap]| bins.clone().recount(maps).unwrap_err().to_string();
        assert_eq!(
            told(&[map(&values[..1])]),
            "maps of drift have counted 1 row of `x`, and this profile was made of 3 rows: give one map of each part"
        );
        assert!(told(&[map(&values), map(&values)]).starts_with("maps of drift have counted 6 rows of `x`"));
    }

    #[test]
    fn counts_of_new_categories_take_the_place_of_none() {
        let few = profile(&state([("x", categories(&[Some("a")]))]));
        let mut tally = Tally::default();
        tally.add([Some("a"), Some("new")]);
        let map =
            few.compare([("x".to_owned(), few.features["x"].baseline.count_categories(&tally).unwrap())]);
        assert_eq!(few.recount(&[map]), Err(RecountError::Unseen("x".to_owned())));
    }
}
