//! Baselines and drift by the population stability index, of any data.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use indexmap::IndexMap;
use pyo3::prelude::*;
use scouter_drift::Absent;
use scouter_drift::psi::{Bins, Counts, PsiBaseline};
use scouter_engine::{Clock, SystemClock};
use scouter_tasks::profile::{PsiConfig, PsiMap, PsiProfile, PsiState, check_features};

use super::fold::{Compared, Look, Needed, by_group, finished, fold, turned};
use super::identity::of_group;
use super::kept::{Kept, MOST_KEPT};
use super::lengths::{as_written, check_lengths, one_of};
use super::piece::{Piece, pieces};
use super::psi_state::{Finished, State};
use super::turns::{Push, whole_columns};
use crate::errors;
use crate::intake::{Cells, Groups, Holds, Intake, Named, Spelling, Split, Wanted, gathered};
use crate::spread::Spread;

/// A profile, and what it is put together with others by, if it is to be.
type Made = (PsiProfile, Option<PsiState>);

/// The profile of some data, or one for each group of rows.
pub(super) fn profiles<'py>(
    py: Python<'py>,
    data: &Bound<'py, PyAny>,
    config: &PsiConfig,
    split: Option<&Split>,
    mergeable: bool,
) -> PyResult<Vec<(Option<String>, Made)>> {
    config.binning_strategy.check().map_err(errors::value)?;
    let spread = Spread::new(py)?;
    let lengths = &config.text_lengths;
    one_of(&config.categorical_features, lengths)?;
    let texts = config.categorical_features.iter().map(|name| (name.clone(), Spelling::AsNumbers));
    let wanted = Wanted { only: None, texts: texts.chain(as_written(lengths)).collect() };
    let intake = Intake::of(data, &wanted)?;
    // What is looked at as a whole leaves nothing that could be put together with other rows.
    let is_whole = !mergeable && matches!(intake, Intake::Whole(_));
    let room = intake.room();
    let kept = Kept::of(&intake, MOST_KEPT);
    let as_categories = |name: &str| config.categorical_features.iter().any(|feature| feature == name);
    let take = |states: &mut Vec<State>, column: &Named<'_>, groups: Option<&Groups>| {
        by_group(states, groups);
        for (state, piece) in states.iter_mut().zip(pieces(&column.cells, groups, as_categories(column.name)))
        {
            if !is_whole {
                let before = state.kept();
                state.take(piece, column.cells.unit())?;
                kept.change_in_groups(before, state.kept())?;
                continue;
            }
            let (binning, zero) = (config.binning_strategy, config.zero_bins);
            let unit = column.cells.unit();
            let baseline = match &piece {
                Piece::Column(column) => match gathered(*column, &room) {
                    Some(values) => PsiBaseline::of_numbers(&values, binning, zero),
                    None => PsiBaseline::of_numbers(*column, binning, zero),
                },
                Piece::Values(values) => PsiBaseline::of_numbers(&values[..], binning, zero),
                Piece::Tally(tally) => PsiBaseline::of_categories(tally, config.max_categories, zero),
                Piece::Missing(0, _) => Err(Absent::NoRows),
                Piece::Missing(..) => Err(Absent::AllMissing),
            };
            *state = State::Whole(baseline.map(|baseline| baseline.of_unit(unit)));
        }
        Ok(())
    };
    let folded = fold(py, &spread, intake, &Look::at_all(split, lengths), take, whole_columns)?;
    let all = || folded.columns.keys().map(String::as_str);
    check_features("take as categories", &config.categorical_features, all())
        .and_then(|()| check_features("watch feature", &config.alert_config.features_to_monitor, all()))
        .and_then(|()| check_lengths(lengths, all()))
        .map_err(|error| errors::data(py, format!("failed to {error}")))?;
    let timestamp: DateTime<Utc> = SystemClock.now().into();
    let made = finished(py, &spread, turned(folded), |_, _, state: State| state.finished(config, mergeable))?;
    let profile = |(group, columns): (Option<String>, IndexMap<String, Finished>)| {
        let config = PsiConfig { identity: of_group(&config.identity, group.is_some()), ..config.clone() };
        let mut state = PsiState::default();
        let baselines = columns.into_iter().map(|(name, (baseline, column))| {
            state.columns.extend(column.map(|column| (name.clone(), column)));
            (name, baseline)
        });
        let profile = PsiProfile::of(baselines, &config, timestamp);
        (group, (profile, mergeable.then_some(state)))
    };
    let mut found: Vec<_> = made.into_iter().map(profile).collect();
    let again = data.hasattr("__fspath__")? || data.is_instance_of::<pyo3::types::PyString>();
    // The rows of other parts are not there to be counted again.
    if again && !mergeable {
        recount(py, &spread, data, &mut found, split)?;
    }
    Ok(found)
}

/// Reads a file once more: its bins came from a sketch, and its counts need not.
fn recount<'py>(
    py: Python<'py>,
    spread: &Spread,
    data: &Bound<'py, PyAny>,
    profiles: &mut [(Option<String>, Made)],
    split: Option<&Split>,
) -> PyResult<()> {
    let known: Vec<_> = profiles.iter().map(|(group, (profile, _))| (group.clone(), profile)).collect();
    for (group, counts) in count(py, spread, data, &known, split)? {
        let own = profiles.iter_mut().find(|(own, _)| *own == group);
        let Some((_, (profile, _))) = own else { continue };
        for (name, counts) in counts {
            if let Some(feature) = profile.features.get_mut(&name) {
                feature.baseline.counts = counts;
            }
        }
    }
    Ok(())
}

type Counted = Vec<(Option<String>, IndexMap<String, Counts>)>;

/// How the rows of each group fall into the bins: of the profile with its name, or of the one for all.
fn count<'py>(
    py: Python<'py>,
    spread: &Spread,
    data: &Bound<'py, PyAny>,
    profiles: &[(Option<String>, &PsiProfile)],
    split: Option<&Split>,
) -> PyResult<Counted> {
    let mut names: IndexMap<&str, bool> = IndexMap::new();
    for (name, feature) in profiles.iter().flat_map(|(_, profile)| &profile.features) {
        *names.entry(name).or_default() |= matches!(feature.baseline.bins, Bins::Category(_));
    }
    let mut only: HashSet<String> = names.keys().map(|name| (*name).to_owned()).collect();
    only.extend(split.map(|split| split.column().to_owned()));
    let texts = names.iter().filter(|(_, is_text)| **is_text);
    let texts = texts.map(|(name, _)| ((*name).to_owned(), spelling(profiles, name)));
    let lengths = profiles.iter().flat_map(|(_, profile)| profile.config.text_lengths.clone()).collect();
    let texts = texts.chain(as_written(&lengths)).collect();
    let intake = Intake::of(data, &Wanted { only: Some(only), texts })?;
    let unit = |name: &str| {
        profiles.iter().find_map(|(_, profile)| profile.features.get(name)?.baseline.bins.unit())
    };
    let known = |name: &str| unit(name).map(Holds::of_unit);
    let needed = Needed::These(names.keys().copied().collect());
    let look = Look { needed, split, lengths: &lengths, known: &known };
    let take = |states: &mut Vec<Option<Counts>>, column: &Named<'_>, groups: Option<&Groups>| {
        by_group(states, groups);
        let as_categories = names.get(column.name).copied().unwrap_or_default();
        if !as_categories && matches!(column.cells, Cells::Texts(_)) {
            let known = unit(column.name).unwrap_or_default().plural();
            return Err(format!("it holds texts, and the profile is one of {known}"));
        }
        let group = |at: usize| groups.map(|groups| groups.names[at].as_str());
        let pieces = pieces(&column.cells, groups, as_categories);
        for (at, (state, piece)) in states.iter_mut().zip(pieces).enumerate() {
            let name = group(at);
            let own = profiles.iter().find(|(own, _)| own.is_none() || own.as_deref() == name);
            let Some(feature) = own.and_then(|(_, profile)| profile.features.get(column.name)) else {
                continue;
            };
            let unit = column.cells.unit();
            if let (Piece::Column(_) | Piece::Values(_), Some(known)) = (&piece, feature.baseline.bins.unit())
                && known != unit
            {
                let (holds, known) = (unit.plural(), known.plural());
                return Err(format!("it holds {holds}, and the profile is one of {known}"));
            }
            let counts = match &piece {
                Piece::Column(column) => feature.baseline.count_numbers(*column),
                Piece::Values(values) => feature.baseline.count_numbers(&values[..]),
                Piece::Tally(tally) => feature.baseline.count_categories(tally),
                Piece::Missing(rows, _) => Ok(feature.baseline.count_missing(*rows as u64)),
            };
            let counts = counts.map_err(|error| error.to_string())?;
            match state {
                None => *state = Some(counts),
                Some(sum) => sum.merge(&counts).map_err(|error| error.to_string())?,
            }
        }
        Ok(())
    };
    let push = |name: &str, _| -> Option<Push<'_, Vec<Option<Counts>>>> {
        let (_, profile) = profiles.iter().find(|(own, _)| own.is_none())?;
        let Bins::Numeric(bins) = &profile.features.get(name)?.baseline.bins else { return None };
        Some(Box::new(move |states: &mut Vec<Option<Counts>>, chunk: &[f64]| {
            by_group(states, None);
            let counts = states[0].get_or_insert_with(|| bins.zero());
            bins.count_chunk(chunk, counts).map_err(|error| error.to_string())
        }))
    };
    let folded = fold(py, spread, intake, &look, take, push)?;
    let known = |columns: IndexMap<String, Option<Counts>>| {
        columns.into_iter().filter_map(|(name, counts)| Some((name, counts?))).collect()
    };
    Ok(turned(folded).into_iter().map(|(group, columns)| (group, known(columns))).collect())
}

/// How the categories of a feature are spelled: as numbers are, unless one of them is not.
fn spelling(profiles: &[(Option<String>, &PsiProfile)], name: &str) -> Spelling {
    let features = profiles.iter().filter_map(|(_, profile)| profile.features.get(name));
    let categories = features.flat_map(|feature| match &feature.baseline.bins {
        Bins::Category(bins) => bins.categories(),
        Bins::Numeric(_) | Bins::Moments(_) => &[],
    });
    Spelling::of(categories.map(String::as_str))
}

/// How far data are from a profile, or the rows of each group from theirs. Groups without a profile are
/// named beside the maps.
pub(super) fn maps<'py>(
    py: Python<'py>,
    data: &Bound<'py, PyAny>,
    profiles: &[(Option<String>, &PsiProfile)],
    split: Option<&Split>,
) -> PyResult<Compared<PsiMap>> {
    let spread = Spread::new(py)?;
    let (mut maps, mut new) = (Vec::new(), Vec::new());
    for (group, counts) in count(py, &spread, data, profiles, split)? {
        match profiles.iter().find(|(own, _)| own.is_none() || *own == group) {
            Some((_, profile)) => maps.push((group, profile.compare_enough(counts))),
            None => new.extend(group),
        }
    }
    Ok((maps, new))
}
