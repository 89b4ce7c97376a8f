//! The points of a window on control charts: its records in the order in which they were made.

use scouter_drift::sample::Moments;
use scouter_drift::spc::ChartPoints;
use scouter_tasks::profile::SpcProfile;
use scouter_tasks::window::State;

use super::carried::Carried;
use super::columns::{Cells, Which, each_piece};
use super::find::JobError;
use super::gathered::Gathered;
use crate::registry::Layout;
use crate::store::{Awaited, Measures, Reader, Store};

/// How many values the charts of one window have at most: what is found keeps their points. Whoever may read can ask, which is why they have far fewer.
fn most(reader: Reader) -> usize {
    match reader {
        Reader::Job => 20_000_000,
        Reader::Asker => 1_000_000,
    }
}

pub(super) async fn gather(
    store: &Store,
    awaited: Awaited,
    spc: &SpcProfile,
    layout: &Layout,
    carried: &Carried,
) -> Result<Gathered, JobError> {
    let begun = spc.features.iter().map(|(name, feature)| match carried.state(name) {
        Some(State::Points(points)) => points.clone(),
        _ => ChartPoints::new(feature.baseline.sample_size),
    });
    let mut charts: Vec<ChartPoints> = begun.collect();
    let mut points = 0;
    let rows = each_piece(store, awaited, Which::All, layout, |columns| {
        points += columns.rows() * charts.len();
        if points > most(awaited.reader) {
            return Err(JobError::TooMuch);
        }
        for (name, chart) in spc.features.keys().zip(&mut charts) {
            match columns.cells(layout.places[name]) {
                Cells::Numbers(numbers) => chart.add(numbers),
                Cells::Texts(texts) => chart.add(&coded(spc, name, texts)),
            }
        }
        Ok(())
    })
    .await?;
    let mut measures = Measures::default();
    for chart in &charts {
        let moments = Moments::of(chart.means());
        measures.counts.push(i64::try_from(moments.count()).unwrap_or(i64::MAX));
        measures.means.push(moments.mean().unwrap_or(0.0));
    }
    let states = spc.features.keys().cloned().zip(charts.into_iter().map(State::Points)).collect();
    Ok(Gathered { rows, states, measures })
}

/// Texts by the numbers that the profile has for them; the next number for those that it does not know.
fn coded(spc: &SpcProfile, name: &str, texts: &[Option<String>]) -> Vec<f64> {
    let known = spc.config.feature_map.as_ref().and_then(|map| map.features.get(name));
    let code =
        |text: &String| known.and_then(|known| known.get(text).copied().or(u64::try_from(known.len()).ok()));
    texts.iter().map(|text| text.as_ref().and_then(code).map_or(f64::NAN, |code| code as f64)).collect()
}
