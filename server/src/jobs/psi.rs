//! What a window says by the stability index: rows that clients have counted, and rows that are counted here.

use indexmap::IndexMap;
use scouter_drift::column::Tally;
use scouter_drift::psi::Counts;
use scouter_tasks::profile::{PsiMap, PsiProfile};
use uuid::Uuid;

use super::columns::{Cells, Order, each_piece};
use super::find::{Found, JobError};
use crate::registry::{Layout, Profile};
use crate::store::{Measures, Store, StoreError, Window};

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
    let parts = counts.values().flat_map(Counts::parts);
    let parts = parts.map(|(_, count)| i64::try_from(count).unwrap_or(i64::MAX)).collect();
    let measures = Measures { counts: parts, ..Measures::default() };
    let map = psi.compare(counts);
    Ok(Found {
        rows,
        measures,
        drifted: map.drifted().map(str::to_owned).collect(),
        judged: map.judged(),
        map,
    })
}

/// What clients have counted, by feature.
async fn counted(
    store: &Store,
    uid: Uuid,
    layout: &Layout,
    window: Window,
) -> Result<IndexMap<String, Counts>, JobError> {
    let len = layout.counts.values().last().map_or(0, |last| last.end);
    let mut sums = vec![0_i64; len];
    let add = |row: Vec<i64>| {
        let counts = row.iter().filter(|count| **count >= 0).count();
        if counts != len || row.len() != len {
            let why = format!("it has {counts} counts that are none below 0, its profile {len}");
            return Err(StoreError::Damaged { what: "a row of counts".to_owned(), why });
        }
        sums.iter_mut().zip(row).for_each(|(sum, count)| *sum = sum.saturating_add(count));
        Ok(())
    };
    store.bin_counts(uid, window.ended, add).await?;
    Ok(layout.counts.keys().map(|name| (name.clone(), layout.counts_of(name, &sums))).collect())
}
