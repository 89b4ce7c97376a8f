//! What a window says of metrics that an application measured itself.

use indexmap::IndexMap;
use scouter_drift::custom::Window as Values;
use scouter_tasks::profile::{CustomMap, CustomProfile};
use uuid::Uuid;

use super::columns::{Cells, Order, each_piece};
use super::find::{Found, JobError};
use crate::registry::{Layout, Profile};
use crate::store::{Store, Window};

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
    let rows = each_piece(store, (uid, window.ended), Order::Made, &layout, |columns| {
        for (values, place) in windows.values_mut().zip(layout.places.values()) {
            if let Cells::Numbers(numbers) = columns.cells(*place) {
                values.add(numbers);
            }
        }
        Ok(())
    })
    .await?;
    let map = custom.compare(&windows);
    Ok(Found { rows, drifted: map.alerts().map(str::to_owned).collect(), judged: map.judged(), map })
}
