//! Where the values of a profile's features stand in a row: rows hold them by place, not by name.

use std::ops::Range;

use indexmap::IndexMap;
use scouter_drift::column::Unit;
use scouter_drift::psi::Counts;

use super::Profile;

/// Parts of a feature's counts beside its bins: other, unseen, missing.
const BESIDE_BINS: usize = 3;

/// Where the value of a feature stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// So far into the numbers of a row.
    Number(usize),
    /// So far into the numbers of a row, where it stands in microseconds since 1970 in UTC.
    Moment(usize),
    /// So far into its texts.
    Text(usize),
}

/// Where everything of a profile stands in its rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layout {
    /// Features, or metrics, by name.
    pub places: IndexMap<String, Place>,
    /// How many numbers a row has.
    pub numbers: usize,
    /// How many texts.
    pub texts: usize,
    /// Where the counts of a feature stand in a row of counts: its bins, then other, unseen and missing. Only of the stability index.
    pub counts: IndexMap<String, Range<usize>>,
}

impl Layout {
    /// That of a profile.
    pub fn of(profile: &Profile) -> Self {
        let mut layout = Self::default();
        match profile {
            Profile::Psi(profile) => {
                let mut end = 0;
                for (name, feature) in &profile.features {
                    layout.add(name, feature.baseline.bins.unit());
                    let start = end;
                    end += feature.baseline.counts.bins.len() + BESIDE_BINS;
                    layout.counts.insert(name.clone(), start..end);
                }
            }
            Profile::Spc(profile) => {
                let texts = profile.config.feature_map.as_ref().map(|map| &map.features);
                for (name, feature) in &profile.features {
                    let is_text = texts.is_some_and(|texts| texts.contains_key(name));
                    layout.add(name, (!is_text).then_some(feature.baseline.unit));
                }
            }
            Profile::Custom(profile) => {
                for metric in &profile.custom_metrics {
                    layout.add(&metric.name, Some(Unit::Number));
                }
            }
            // Contexts are kept as they were sent.
            Profile::GenAI(_) => {}
        }
        layout
    }

    /// The counts of a feature in a row of counts. What is below zero was never written.
    pub fn counts_of(&self, name: &str, row: &[i64]) -> Counts {
        let range = self.counts.get(name).cloned().unwrap_or_default();
        let counts = row.get(range).unwrap_or_default().iter();
        let counts: Vec<u64> = counts.map(|count| u64::try_from(*count).unwrap_or(0)).collect();
        match &counts[..] {
            [bins @ .., other, unseen, missing] => {
                Counts { bins: bins.to_vec(), other: *other, unseen: *unseen, missing: *missing }
            }
            _ => Counts::default(),
        }
    }

    /// Gives a feature its place: among the numbers, where it has a unit of them.
    fn add(&mut self, name: &str, unit: Option<Unit>) {
        let next = if unit.is_some() { &mut self.numbers } else { &mut self.texts };
        let place = match unit {
            Some(Unit::Number) => Place::Number(*next),
            Some(Unit::Moment) => Place::Moment(*next),
            None => Place::Text(*next),
        };
        *next += 1;
        self.places.insert(name.to_owned(), place);
    }
}
