//! What a window says by the stability index: rows that clients have counted, and rows that are counted here.

use std::ops::Range;

use indexmap::IndexMap;
use scouter_drift::column::Tally;
use scouter_drift::psi::Counts;
use scouter_tasks::profile::{PsiMap, PsiProfile};
use uuid::Uuid;

use super::columns::{Cells, Order, each_piece};
use super::find::{Found, JobError};
use crate::registry::{Layout, Profile};
use crate::store::{Store, StoreError, Window};

pub(super) async fn find(
    store: &Store,
    uid: Uuid,
    psi: &PsiProfile,
    profile: &Profile,
    window: Window,
) -> Result<Found<PsiMap>, JobError> {
    let layout = Layout::of(profile);
    let mut counts = counted(store, uid, &layout, window).await?;
    each_piece(store, (uid, window.ended), Order::Any, &layout, |columns| {
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
    let map = psi.compare(counts);
    Ok(Found { rows, drifted: map.drifted().map(str::to_owned).collect(), judged: map.judged(), map })
}

/// What clients have counted, by feature.
async fn counted(
    store: &Store,
    uid: Uuid,
    layout: &Layout,
    window: Window,
) -> Result<IndexMap<String, Counts>, JobError> {
    let len = layout.counts.values().last().map_or(0, |last| last.end);
    let mut sums = vec![0_u64; len];
    let add = |row: Vec<i64>| {
        let counts: Vec<u64> = row.iter().filter_map(|count| u64::try_from(*count).ok()).collect();
        if counts.len() != len || row.len() != len {
            let why = format!("it has {} counts that are none below 0, its profile {len}", counts.len());
            return Err(StoreError::Damaged { what: "a row of counts".to_owned(), why });
        }
        sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum = sum.saturating_add(count));
        Ok(())
    };
    store.bin_counts(uid, window.ended, add).await?;
    Ok(layout.counts.iter().map(|(name, range)| (name.clone(), parts(&sums, range))).collect())
}

fn parts(sums: &[u64], range: &Range<usize>) -> Counts {
    match &sums[range.clone()] {
        [bins @ .., other, unseen, missing] => {
            Counts { bins: bins.to_vec(), other: *other, unseen: *unseen, missing: *missing }
        }
        _ => Counts::default(),
    }
}
