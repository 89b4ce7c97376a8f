//! What the values of a window come to, of metrics that an application measured itself.

use indexmap::IndexMap;
use scouter_drift::custom::Window as Values;
use scouter_drift::sample::Moments;
use scouter_tasks::window::State;

use super::carried::Carried;
use super::columns::{Cells, Which, each_piece};
use super::find::JobError;
use super::gathered::Gathered;
use crate::registry::Layout;
use crate::store::{Awaited, Measures, Store};

pub(super) async fn gather(
    store: &Store,
    awaited: Awaited,
    layout: &Layout,
    carried: &Carried,
) -> Result<Gathered, JobError> {
    let begun = layout.places.keys().map(|name| match carried.state(name) {
        Some(State::Metric(values)) => (name.clone(), values.clone()),
        _ => (name.clone(), Box::default()),
    });
    let mut windows: IndexMap<String, Box<Values>> = begun.collect();
    let mut moments = vec![Moments::default(); windows.len()];
    let rows = each_piece(store, awaited, Which::All, layout, |columns| {
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
    let mut measures = Measures::default();
    for moments in moments {
        measures.counts.push(i64::try_from(moments.count()).unwrap_or(i64::MAX));
        measures.means.push(moments.mean().unwrap_or(0.0));
        measures.squares.push(moments.population_variance().unwrap_or(0.0) * moments.count() as f64);
    }
    let states = windows.into_iter().map(|(name, values)| (name, State::Metric(values))).collect();
    Ok(Gathered { rows, states, measures })
}
