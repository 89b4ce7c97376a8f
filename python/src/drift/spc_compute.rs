//! Control charts of any data.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use indexmap::{IndexMap, IndexSet};
use pyo3::prelude::*;
use scouter_drift::Absent;
use scouter_drift::column::Unit;
use scouter_drift::spc::{ChartPoints, Subgroups, sample_size};
use scouter_engine::{Clock, SystemClock};
use scouter_tasks::profile::{
    FeatureMap, SpcColumn, SpcConfig, SpcMap, SpcProfile, SpcState, check_features,
};

use super::fold::{Compared, Look, Needed, by_group, finished, fold, turned};
use super::identity::of_group;
use super::kept::{Kept, MOST_KEPT};
use super::lengths::{as_written, check_lengths};
use super::piece::{Piece, pieces};
use super::spc_rows::side_by_side;
use super::turns::Push;
use crate::errors;
use crate::intake::{Cells, Groups, Holds, Intake, Named, Plain, Spelling, Split, Texts, Wanted};
use crate::spread::Spread;

/// Texts with more different values than this are no categories.
const MOST_CODES: usize = 10_000;

/// Why there is no chart of texts that could be put together with others.
const OF_TEXTS: &str = "it holds texts, which charts number as they come, in each part in another way: watch how long they are \
    (`text_lengths`), watch them in bins (`PsiDriftConfig`), or leave the column out";

/// The rows of a column of one group, in subgroups.
#[derive(Default)]
struct State {
    groups: Option<Subgroups>,
    categories: HashMap<String, u64>,
    is_text: bool,
    /// What its numbers are, where it has any.
    unit: Option<Unit>,
}

impl State {
    fn subgroups(&mut self, size: usize) -> &mut Subgroups {
        self.groups.get_or_insert_with(|| Subgroups::new(size))
    }

    /// Takes the next rows, of which numbers are this.
    fn take(&mut self, unit: Unit, piece: &Piece<'_>, size: usize) -> Result<(), String> {
        if !matches!(piece, Piece::Missing(..)) {
            let other = self.unit.filter(|known| *known != unit).map(Unit::plural);
            if let Some(known) = self.is_text.then_some("texts").or(other) {
                return Err(format!("{} after {known}", unit.plural()));
            }
            self.unit = Some(unit);
        }
        let subgroups = self.subgroups(size);
        piece.numbers(&mut |chunk| subgroups.add(chunk, |_| ()));
        Ok(())
    }
}

/// Texts as numbers: those that are known by theirs, others by the next.
fn coded(texts: &dyn Texts, code: &mut dyn FnMut(&str) -> Option<u64>) -> Vec<f64> {
    let mut codes = Vec::new();
    texts.each(&mut |text| codes.push(text.and_then(&mut *code).map_or(f64::NAN, |code| code as f64)));
    codes
}

/// A profile, and what it is put together with others by, if it is to be.
type Made = (SpcProfile, Option<SpcState>);

/// The profile of some data, or one for each group of rows.
pub(super) fn profiles<'py>(
    py: Python<'py>,
    data: &Bound<'py, PyAny>,
    config: &SpcConfig,
    split: Option<&Split>,
    mergeable: bool,
) -> PyResult<Vec<(Option<String>, Made)>> {
    let spread = Spread::new(py)?;
    let lengths = &config.text_lengths;
    let intake = Intake::of(data, &Wanted { only: None, texts: as_written(lengths).collect() })?;
    let rows = match &intake {
        Intake::Whole(table) if !mergeable => table.rows(),
        Intake::Whole(_) | Intake::Parts(_) if config.sample_size.is_some() => 0,
        Intake::Whole(_) | Intake::Parts(_) => {
            let hint = "give it as a number for files and iterators, and with `mergeable=True`";
            return Err(errors::data(
                py,
                format!("`sample_size` can be `\"auto\"` for data in memory: {hint}"),
            ));
        }
    };
    let size = |groups: Option<&Groups>, at: usize| {
        let rows = || groups.map_or(rows, |groups| groups.sizes()[at]) as u64;
        config.sample_size.unwrap_or_else(|| sample_size(rows()))
    };
    let together = |_: &str| split.is_none().then(|| size(None, 0));
    let done = side_by_side(py, &spread, &intake, together, |beside, run| beside.subgroups(run))?;
    let take = |states: &mut Vec<State>, column: &Named<'_>, groups: Option<&Groups>| {
        by_group(states, groups);
        if let Some(subgroups) = done.fetch(column.name) {
            states[0].groups = Some(subgroups);
            states[0].unit = Some(Unit::Number);
            return Ok(());
        }
        match &column.cells {
            Cells::Numbers(_) | Cells::Times(_) | Cells::Missing(..) => {
                let pieces = pieces(&column.cells, groups, false);
                for (at, (state, piece)) in states.iter_mut().zip(&pieces).enumerate() {
                    state.take(column.cells.unit(), piece, size(groups, at))?;
                }
            }
            Cells::Texts(_) if mergeable && !column.cells.is_missing() => return Err(OF_TEXTS.to_owned()),
            Cells::Texts(texts) => {
                if states.iter().any(|state| state.unit.is_some()) {
                    return Err("texts after numbers".to_owned());
                }
                // One numbering for all groups.
                let Some(first) = states.first_mut() else { return Ok(()) };
                let known = &mut first.categories;
                let codes = coded(texts.as_ref(), &mut |text| {
                    if let Some(code) = known.get(text) {
                        return Some(*code);
                    }
                    let code = known.len() as u64;
                    (known.len() <= MOST_CODES).then(|| known.insert(text.to_owned(), code));
                    Some(code)
                });
                let pieces = match groups {
                    None => vec![codes],
                    Some(groups) => groups.numbers(&codes[..]),
                };
                for (at, (state, codes)) in states.iter_mut().zip(pieces).enumerate() {
                    state.is_text = true;
                    state.subgroups(size(groups, at)).add(&codes, |_| ());
                }
            }
        }
        Ok(())
    };
    let push = |name: &str, _| -> Option<Push<'_, Vec<State>>> {
        if done.has(name) {
            return None;
        }
        Some(Box::new(move |states: &mut Vec<State>, chunk: &[f64]| {
            by_group(states, None);
            states[0].take(Unit::Number, &Piece::Column(&Plain(chunk)), size(None, 0))
        }))
    };
    let folded = fold(py, &spread, intake, &Look::at_all(split, lengths), take, push)?;
    let all = || folded.columns.keys().map(String::as_str);
    check_features("watch feature", &config.alert_config.features_to_monitor, all())
        .and_then(|()| check_lengths(lengths, all()))
        .map_err(|error| errors::data(py, format!("failed to {error}")))?;
    let mut texts = FeatureMap::default();
    for (name, states) in &folded.columns {
        if let Some(first) = states.first().filter(|first| first.is_text) {
            let mut numbered: Vec<_> =
                first.categories.iter().map(|(text, code)| (text.clone(), *code)).collect();
            numbered.sort_unstable_by_key(|(_, code)| *code);
            texts.features.insert(name.clone(), numbered.into_iter().collect());
        }
    }
    texts.features.retain(|_, categories| categories.len() <= MOST_CODES);
    let timestamp: DateTime<Utc> = SystemClock.now().into();
    let profile = |(group, columns): (Option<String>, IndexMap<String, State>)| {
        let config = SpcConfig { identity: of_group(&config.identity, group.is_some()), ..config.clone() };
        let (profile, state) = profile(columns, &config, &texts, timestamp);
        (group, (profile, mergeable.then_some(state)))
    };
    Ok(turned(folded).into_iter().map(profile).collect())
}

fn profile(
    columns: IndexMap<String, State>,
    config: &SpcConfig,
    texts: &FeatureMap,
    timestamp: DateTime<Utc>,
) -> (SpcProfile, SpcState) {
    let mut state = SpcState::default();
    let charts = columns.into_iter().map(|(name, column)| {
        let known = !column.is_text || texts.features.contains_key(&name);
        // Of no rows there are no subgroups, of whatever size.
        let groups = column.groups.unwrap_or_else(|| Subgroups::new(config.sample_size.unwrap_or(1)));
        let column = SpcColumn { groups, unit: column.unit };
        let chart = if known {
            column.baseline(config.limits)
        } else {
            Err(Absent::TooMany { most: MOST_CODES as u64 })
        };
        state.columns.insert(name.clone(), column);
        (name, chart)
    });
    let feature_map = (!texts.features.is_empty()).then(|| texts.clone());
    let config = SpcConfig { feature_map, ..config.clone() };
    (SpcProfile::of(charts, &config, timestamp), state)
}

/// How many numbers a chart comes to: the mean, the deviation and the score of every point.
fn numbers(chart: &ChartPoints) -> usize {
    3 * chart.means().len()
}

/// What is wrong with charts that come to more numbers than this.
fn too_long(most: String) -> String {
    format!(
        "with it charts come to more than {most} numbers, three for every subgroup: put a part of the rows on them at a time, or make \
         the profile with a larger `sample_size`"
    )
}

/// Data on the charts of a profile, or the rows of each group on those of theirs. Groups without a profile are
/// named beside the maps.
pub(super) fn maps<'py>(
    py: Python<'py>,
    data: &Bound<'py, PyAny>,
    profiles: &[(Option<String>, &SpcProfile)],
    split: Option<&Split>,
) -> PyResult<Compared<SpcMap>> {
    let spread = Spread::new(py)?;
    let features = profiles.iter().flat_map(|(_, profile)| profile.features.keys());
    let names: IndexSet<&str> = features.map(String::as_str).collect();
    let mut only: HashSet<String> = names.iter().map(|name| (*name).to_owned()).collect();
    only.extend(split.map(|split| split.column().to_owned()));
    let texts = profiles.iter().filter_map(|(_, profile)| profile.config.feature_map.as_ref());
    let coding: HashMap<&str, &IndexMap<String, u64>> =
        texts.flat_map(|map| &map.features).map(|(name, codes)| (name.as_str(), codes)).collect();
    let lengths = profiles.iter().flat_map(|(_, profile)| profile.config.text_lengths.clone()).collect();
    let texts = coding.keys().map(|name| ((*name).to_owned(), Spelling::AsWritten));
    let wanted = Wanted { only: Some(only), texts: texts.chain(as_written(&lengths)).collect() };
    let intake = Intake::of(data, &wanted)?;
    let kept = Kept::of(&intake, MOST_KEPT);
    let kept = &kept;
    let own = |group: Option<&str>| {
        profiles.iter().find(|(own, _)| own.is_none() || own.as_deref() == group).map(|(_, profile)| *profile)
    };
    let of_numbers = |name: &str| {
        let feature = own(None)?.features.get(name)?;
        let is_of_numbers = !coding.contains_key(name) && feature.baseline.unit == Unit::Number;
        is_of_numbers.then_some(feature.baseline.sample_size)
    };
    let together = |name: &str| if split.is_none() { of_numbers(name) } else { None };
    let done = side_by_side(py, &spread, &intake, together, |beside, run| beside.points(run))?;
    let take = |states: &mut Vec<Option<ChartPoints>>, column: &Named<'_>, groups: Option<&Groups>| {
        by_group(states, groups);
        if let Some(points) = done.fetch(column.name) {
            states[0] = Some(points);
            return Ok(());
        }
        let codes;
        let pieces = match (&column.cells, coding.get(column.name)) {
            (Cells::Texts(texts), Some(known)) => {
                let unknown = known.len() as u64;
                codes = coded(texts.as_ref(), &mut |text| Some(known.get(text).copied().unwrap_or(unknown)));
                let codes: Vec<Vec<f64>> = match groups {
                    None => vec![codes],
                    Some(groups) => groups.numbers(&codes[..]),
                };
                codes.into_iter().map(Piece::Values).collect()
            }
            (Cells::Texts(_), None) => {
                return Err("it holds texts, and the profile is one of numbers".to_owned());
            }
            (Cells::Numbers(_) | Cells::Times(_), Some(_)) => {
                return Err("it holds no texts, and the profile is one of texts".to_owned());
            }
            (Cells::Missing(..), _) | (_, None) => pieces(&column.cells, groups, false),
        };
        for (at, (state, piece)) in states.iter_mut().zip(pieces).enumerate() {
            let group = groups.map(|groups| groups.names[at].as_str());
            let Some(feature) = own(group).and_then(|profile| profile.features.get(column.name)) else {
                continue;
            };
            let (unit, known) = (column.cells.unit(), feature.baseline.unit);
            if unit != known {
                let (holds, known) = (unit.plural(), known.plural());
                return Err(format!("it holds {holds}, and the profile is one of {known}"));
            }
            let chart = state.get_or_insert_with(|| ChartPoints::new(feature.baseline.sample_size));
            let before = numbers(chart);
            // At once: points that grow chunk by chunk are held twice while they move.
            chart.reserve(piece.most_numbers());
            piece.numbers(&mut |chunk| chart.add(chunk));
            kept.change(before, numbers(chart)).map_err(too_long)?;
        }
        Ok(())
    };
    let push = |name: &str, rows: usize| -> Option<Push<'_, Vec<Option<ChartPoints>>>> {
        let size = of_numbers(name).filter(|_| !done.has(name))?;
        let mut announced = rows;
        Some(Box::new(move |states: &mut Vec<Option<ChartPoints>>, chunk: &[f64]| {
            by_group(states, None);
            let chart = states[0].get_or_insert_with(|| ChartPoints::new(size));
            let before = numbers(chart);
            chart.reserve(std::mem::take(&mut announced));
            chart.add(chunk);
            kept.change(before, numbers(chart)).map_err(too_long)
        }))
    };
    let known = |name: &str| {
        let unit = profiles.iter().find_map(|(_, profile)| Some(profile.features.get(name)?.baseline.unit));
        if coding.contains_key(name) { Some(Holds::Texts) } else { unit.map(Holds::of_unit) }
    };
    let look = Look { needed: Needed::These(names), split, lengths: &lengths, known: &known };
    let folded = fold(py, &spread, intake, &look, take, push)?;
    // Rules are looked through on all cores too.
    let judged = finished(py, &spread, turned(folded), |group, name, points: Option<ChartPoints>| {
        let profile = own(group)?;
        Some(profile.features.get(name)?.baseline.judge(points?, &profile.config.alert_config.rule))
    })?;
    let (mut maps, mut new) = (Vec::new(), Vec::new());
    for (group, charts) in judged {
        match own(group.as_deref()) {
            Some(profile) => {
                let charts = charts.into_iter().filter_map(|(name, chart)| Some((name, chart?)));
                maps.push((group, profile.compare(charts)));
            }
            None => new.extend(group),
        }
    }
    Ok((maps, new))
}
