//! What a window says of metrics that an application measured itself.

use indexmap::IndexMap;
use scouter_drift::custom::Window as Values;
use scouter_drift::sample::Moments;
use scouter_tasks::profile::{CustomMap, CustomProfile};
use uuid::Uuid;

use super::columns::{Cells, Order, each_piece};
use super::find::{Found, JobError};
use crate::registry::{Layout, Profile};
use crate::store::{Measures, Store, Window};

pub(super) async fn find(
    store: &Store,
    uid: Uuid,
    custom: &CustomProfile,
    profile: &Profile,
    window: Window,
) -> Result<Found<CustomMap>, JobError> {
    let layout = Layout::of(profile);
    let mut windows: IndexMap<String, Values> =
        layout.places.keys().map(|name| (name.clone(), Values::default())).collect();
    let mut moments = vec![Moments::default(); windows.len()];
    let rows = each_piece(store, (uid, window.ended), Order::Made, &layout, |columns| {
        let metrics = windows.values_mut().zip(&mut moments);
        for ((values, moments), place) in metrics.zip(layout.places.values()) {
            if let Cells::Numbers(numbers) = columns.cells(*place) {
                values.add(numbers);
                moments.add(numbers);
            }
        }
        Ok(())
    })
    .await?;
    let map = custom.compare(&windows);
    let mut measures = Measures::default();
    for moments in moments {
        measures.counts.push(i64::try_from(moments.count()).unwrap_or(i64::MAX));
        measures.means.push(moments.mean().unwrap_or(0.0));
        measures.squares.push(moments.population_variance().unwrap_or(0.0) * moments.count() as f64);
    }
    Ok(Found {
        rows,
        measures,
        drifted: map.alerts().map(str::to_owned).collect(),
        judged: map.judged(),
        map,
    })
}
