//! Where the values of a profile's features stand in a row: rows hold them by place, not by name.

use std::ops::Range;

use indexmap::IndexMap;
use scouter_drift::psi::Bins;

use super::Profile;

/// Parts of a feature's counts beside its bins: other, unseen, missing.
const BESIDE_BINS: usize = 3;

/// Where the value of a feature stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// So far into the numbers of a row.
    Number(usize),
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
                    layout.add(name, matches!(feature.baseline.bins, Bins::Category(_)));
                    let start = end;
                    end += feature.baseline.counts.bins.len() + BESIDE_BINS;
                    layout.counts.insert(name.clone(), start..end);
                }
            }
            Profile::Spc(profile) => {
                let texts = profile.config.feature_map.as_ref().map(|map| &map.features);
                for name in profile.features.keys() {
                    layout.add(name, texts.is_some_and(|texts| texts.contains_key(name)));
                }
            }
            Profile::Custom(profile) => {
                for metric in &profile.custom_metrics {
                    layout.add(&metric.name, false);
                }
            }
        }
        layout
    }

    fn add(&mut self, name: &str, is_text: bool) {
        let next = if is_text { &mut self.texts } else { &mut self.numbers };
        let place = if is_text { Place::Text(*next) } else { Place::Number(*next) };
        *next += 1;
        self.places.insert(name.to_owned(), place);
    }
}
