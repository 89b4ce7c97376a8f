//! The counts of a window by the stability index: of rows that clients have counted, of those that were counted when they were kept, and of those
//! that are counted here.

use indexmap::IndexMap;
use scouter_drift::column::Tally;
use scouter_drift::psi::Counts;
use scouter_tasks::profile::PsiProfile;
use scouter_tasks::window::State;

use super::columns::{Cells, Which, each_piece, skipped};
use super::find::JobError;
use super::gathered::Gathered;
use crate::registry::Layout;
use crate::store::{Awaited, Measures, Store, StoreError};

pub(super) async fn gather(
    store: &Store,
    awaited: Awaited,
    psi: &PsiProfile,
    layout: &Layout,
) -> Result<Gathered, JobError> {
    let mut counts = counted(store, awaited, layout).await?;
    each_piece(store, awaited, Which::Uncounted, layout, |columns| {
        for ((name, feature), counts) in psi.features.iter().zip(counts.values_mut()) {
            let more = match columns.cells(layout.places[name]) {
                Cells::Numbers(numbers) => feature.baseline.count_numbers(numbers)?,
                Cells::Texts(texts) => {
                    let mut tally = Tally::default();
                    tally.add(texts.iter().map(Option::as_deref));
                    feature.baseline.count_categories(&tally)?
                }
            };
            counts.merge(&more)?;
        }
        Ok(())
    })
    .await?;
    // Every feature has each row, so that the first tells how many there are.
    let rows = counts.values().next().map_or(0, Counts::rows);
    let parts = counts.values().flat_map(Counts::parts);
    let parts = parts.map(|(_, count)| i64::try_from(count).unwrap_or(i64::MAX)).collect();
    let measures = Measures { counts: parts, ..Measures::default() };
    let states = counts.into_iter().map(|(name, counts)| (name, State::Counts(counts))).collect();
    Ok(Gathered { rows, states, measures })
}

/// What was counted before, by feature.
async fn counted(
    store: &Store,
    awaited: Awaited,
    layout: &Layout,
) -> Result<IndexMap<String, Counts>, JobError> {
    let len = layout.counts.values().last().map_or(0, |last| last.end);
    let mut sums = vec![0_i64; len];
    let (mut rows, mut odd) = (0, 0);
    let add = |row: Vec<i64>| {
        rows += 1;
        if row.len() == len && row.iter().all(|count| *count >= 0) {
            sums.iter_mut().zip(row).for_each(|(sum, count)| *sum = sum.saturating_add(count));
        } else {
            odd += 1;
        }
        Ok::<_, StoreError>(())
    };
    store.bin_counts(awaited, add).await?;
    if awaited.is_beyond(rows) {
        return Err(JobError::TooMuch);
    }
    skipped(awaited, odd);
    Ok(layout.counts.keys().map(|name| (name.clone(), layout.counts_of(name, &sums))).collect())
}
