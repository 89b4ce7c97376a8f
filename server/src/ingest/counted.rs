//! Rows of features, counted by bin when they are kept, so that no job has to read them again for the stability index.

use std::collections::HashMap;

use scouter_drift::column::Tally;
use scouter_drift::psi::Bins;
use uuid::Uuid;

use super::watched::{Profiles, Watched};
use crate::registry::Place;
use crate::store::{BinCountsRow, RecordRow};

/// Rows are counted where they have so many times as many values as there are counts, or more: counts of few rows would take more room than they save
/// time.
const VALUES: usize = 10;

/// What rows that are kept together come to by bin, of each profile that has enough of them.
pub(super) fn counted(profiles: &Profiles, rows: &[RecordRow]) -> Vec<BinCountsRow> {
    let mut by_profile: HashMap<Uuid, Vec<&RecordRow>> = HashMap::new();
    for row in rows {
        by_profile.entry(row.profile).or_default().push(row);
    }
    let of = |(profile, rows): (Uuid, Vec<&RecordRow>)| {
        let counts = profiles.known(profile)?.counted(&rows)?;
        let uid = rows.iter().map(|row| row.uid).max()?;
        Some(BinCountsRow { profile, uid, counts })
    };
    by_profile.into_iter().filter_map(of).collect()
}

impl Watched {
    /// What rows that fit come to, as rows of counts have it; none where there are too few, or nothing is counted of the profile.
    pub(super) fn counted(&self, rows: &[&RecordRow]) -> Option<Vec<i64>> {
        let (_, last) = self.layout.counts.last()?;
        if last.end * VALUES > rows.len() * self.layout.places.len() {
            return None;
        }
        let mut counts = Vec::with_capacity(last.end);
        let mut column = Vec::with_capacity(rows.len());
        for (bins, place) in self.bins.iter().zip(self.layout.places.values()) {
            let counted = match (bins, *place) {
                (Bins::Numeric(bins) | Bins::Moments(bins), Place::Number(at) | Place::Moment(at)) => {
                    column.clear();
                    column.extend(rows.iter().map(|row| row.numbers[at]));
                    bins.count(&column[..])
                }
                (Bins::Category(bins), Place::Text(at)) => {
                    let texts = rows.iter().map(|row| row.texts.as_ref());
                    let mut tally = Tally::default();
                    tally.add(texts.map(|texts| texts.and_then(|texts| texts[at].as_deref())));
                    bins.count(&tally)
                }
                _ => return None,
            };
            counts.extend(counted.parts().map(|(_, count)| i64::try_from(count).unwrap_or(i64::MAX)));
        }
        Some(counts)
    }
}
