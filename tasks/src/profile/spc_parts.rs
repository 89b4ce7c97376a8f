//! Control charts of parts of the data, put together to those of the whole: what is kept of every column for that.

use chrono::{DateTime, Utc};
use indexmap::IndexMap;
use scouter_drift::{
    Absent,
    column::Unit,
    spc::{Limits, SpcBaseline, Subgroups},
};
use serde::{Deserialize, Serialize};

use super::{
    MergeError, SpcConfig, SpcProfile, StateFormat,
    merge::{check_counts, check_same},
};

/// What is known of a column that is read in parts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SpcColumn {
    /// Its rows in subgroups.
    pub groups: Subgroups,
    /// What its values are; none where there were none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Unit>,
}

/// What is kept of data beside their charts.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SpcState {
    /// Its version.
    #[serde(default)]
    pub format: StateFormat,
    /// The columns.
    pub columns: IndexMap<String, SpcColumn>,
}

impl SpcColumn {
    /// Its chart.
    ///
    /// # Errors
    /// As those of [`SpcBaseline::new`].
    pub fn baseline(&self, limits: Limits) -> Result<SpcBaseline, Absent> {
        let baseline = SpcBaseline::new(&self.groups, limits)?;
        Ok(baseline.of_unit(self.unit.unwrap_or_default()))
    }

    /// What its values are, where it has any.
    fn holds(&self) -> Option<Unit> {
        let values = self.groups.count() + self.groups.unused();
        self.unit.filter(|_| values > 0)
    }

    /// Takes in the rows that follow.
    fn merge(&mut self, name: &str, later: &Self) -> Result<(), MergeError> {
        let unit = match (self.holds(), later.holds()) {
            (Some(ours), Some(theirs)) if ours != theirs => {
                let (left, right) = (ours.plural(), theirs.plural());
                return Err(MergeError::Unlike { column: name.to_owned(), left, right });
            }
            (ours, theirs) => ours.or(theirs),
        };
        self.groups.merge(&later.groups).map_err(|_| MergeError::Config("sample_size"))?;
        self.unit = unit;
        Ok(())
    }
}

impl SpcProfile {
    /// The profile of the rows of both, those of the first before those of the other, and what is kept of these. Rows that are left over at
    /// the end of either, less than a subgroup, are in none. All but the charts is as in the first configuration.
    ///
    /// # Errors
    /// The configurations do not make the same charts, or a column holds different things, or counts more than can be counted.
    pub fn merge(
        (config, ours): (&SpcConfig, &SpcState),
        (other, theirs): (&SpcConfig, &SpcState),
        timestamp: DateTime<Utc>,
    ) -> Result<(Self, SpcState), MergeError> {
        check_same([
            ("sample_size", config.sample_size == other.sample_size),
            ("limits", config.limits == other.limits),
            ("text_lengths", config.text_lengths == other.text_lengths),
        ])?;
        let mut columns = ours.columns.clone();
        for (name, later) in &theirs.columns {
            match columns.get_mut(name) {
                // Rows without a value are in no subgroup, so there is nothing to say of those that lack the column.
                None => {
                    columns.insert(name.clone(), later.clone());
                }
                Some(column) => column.merge(name, later)?,
            }
        }
        check_counts(columns.iter().map(|(name, column)| (name, column.groups.rows())))?;
        let charts = columns.iter().map(|(name, column)| (name.clone(), column.baseline(config.limits)));
        // There are no charts of texts among them, which are numbered as they come, in each part in another way.
        let config = SpcConfig { feature_map: None, ..config.clone() };
        Ok((Self::of(charts, &config, timestamp), SpcState { format: StateFormat, columns }))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn config(size: usize) -> SpcConfig {
        SpcConfig { sample_size: Some(size), ..SpcConfig::default() }
    }

    fn state(values: &[f64], size: usize) -> SpcState {
        let column = SpcColumn { groups: Subgroups::of(values, size), unit: Some(Unit::Number) };
        SpcState { format: StateFormat, columns: [("x".to_owned(), column)].into_iter().collect() }
    }

    fn merged(left: &SpcState, right: &SpcState, size: usize) -> Result<(SpcProfile, SpcState), MergeError> {
        SpcProfile::merge((&config(size), left), (&config(size), right), DateTime::UNIX_EPOCH)
    }

    fn chart(state: &SpcState) -> Result<SpcBaseline, Absent> {
        state.columns["x"].baseline(Limits::default())
    }

    /// Sums of parts are added up in another order than those of the whole.
    fn near(parts: &SpcBaseline, whole: &SpcBaseline) -> bool {
        let lines = |chart: &SpcBaseline| [chart.center, chart.three_ucl, chart.mean_deviation];
        let near = lines(parts).iter().zip(lines(whole)).all(|(a, b)| (a - b).abs() < 1e-9);
        near && (parts.subgroups, parts.sample_size, parts.unit)
            == (whole.subgroups, whole.sample_size, whole.unit)
    }

    proptest! {
        #[test]
        fn charts_of_parts_that_end_on_whole_subgroups_are_those_of_the_whole(
            values in prop::collection::vec(-1e3..1e3, 40..300),
            size in 1_usize..9,
            cuts in prop::collection::vec(0_usize..300, 0..4),
        ) {
            let groups = values.len() / size;
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(groups) * size).chain([0, values.len()]).collect();
            cuts.sort_unstable();
            let mut whole = state(&values[..cuts[1]], size);
            for pair in cuts[1..].windows(2) {
                whole = merged(&whole, &state(&values[pair[0]..pair[1]], size), size).unwrap().1;
            }
            let (parts, at_once) = (chart(&whole).unwrap(), chart(&state(&values, size)).unwrap());
            prop_assert!(near(&parts, &at_once), "{:?} {:?}", parts, at_once);
        }

        #[test]
        fn rows_left_over_at_the_end_of_any_part_are_left_out(
            parts in prop::collection::vec(prop::collection::vec(-1e3..1e3, 10..60), 2..5),
            size in 2_usize..9,
        ) {
            let mut whole = state(&parts[0], size);
            for part in &parts[1..] {
                whole = merged(&whole, &state(part, size), size).unwrap().1;
            }
            let grouped: Vec<f64> = parts.iter().flat_map(|part| &part[..part.len() / size * size]).copied().collect();
            let at_once = chart(&state(&grouped, size)).unwrap();
            prop_assert!(near(&chart(&whole).unwrap(), &at_once));
            let unused = parts.iter().map(Vec::len).sum::<usize>() - grouped.len();
            prop_assert_eq!(whole.columns["x"].groups.unused(), unused as u64);
        }
    }

    #[test]
    fn a_column_without_a_value_takes_what_the_other_part_holds() {
        let nothing = |unit| {
            let column = SpcColumn { groups: Subgroups::of(&[f64::NAN; 4][..], 2), unit };
            SpcState { format: StateFormat, columns: [("x".to_owned(), column)].into_iter().collect() }
        };
        for unit in [None, Some(Unit::Moment)] {
            let (some, nothing) = (state(&[1.0, 2.0, 3.0, 5.0], 2), nothing(unit));
            for (left, right) in [(&nothing, &some), (&some, &nothing)] {
                let (profile, _) = merged(left, right, 2).unwrap();
                assert!(near(&profile.features["x"].baseline, &chart(&some).unwrap()));
            }
        }
    }

    #[test]
    fn a_column_that_a_part_lacks_is_that_of_the_others() {
        let (some, nothing) = (state(&[1.0, 2.0, 3.0, 5.0], 2), SpcState::default());
        for (left, right) in [(&some, &nothing), (&nothing, &some)] {
            let (profile, kept) = merged(left, right, 2).unwrap();
            assert_eq!((&kept, Ok(profile.features["x"].baseline)), (&some, chart(&some)));
        }
    }

    #[test]
    fn what_cannot_be_put_together_says_why() {
        let x = state(&[1.0, 2.0, 3.0, 5.0], 2);
        let mut moments = x.clone();
        moments.columns["x"].unit = Some(Unit::Moment);
        let unlike = merged(&x, &moments, 2).unwrap_err().to_string();
        assert_eq!(unlike, "column `x` holds numbers in one profile and moments in the other");
        let other = SpcProfile::merge((&config(2), &x), (&config(3), &x), DateTime::UNIX_EPOCH);
        assert_eq!(other.unwrap_err(), MergeError::Config("sample_size"));
    }
}
