//! Baselines and drift by the population stability index, of any data.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use indexmap::IndexMap;
use pyo3::prelude::*;
use scouter_drift::Absent;
use scouter_drift::column::Tally;
use scouter_drift::profile::NumericState;
use scouter_drift::psi::{Bins, Counts, PsiBaseline};
use scouter_engine::{Clock, SystemClock};
use scouter_tasks::profile::{FeatureMap, PsiConfig, PsiFeature, PsiMap, PsiProfile, check_monitored};

use super::fold::{Compared, Needed, Piece, by_group, categories, fold, numbers, turned};
use super::identity::of_group;
use crate::errors;
use crate::intake::{Cells, Groups, Intake, Named, Split, Wanted, gathered};
use crate::spread::Spread;

/// What is known of a column of one group.
#[derive(Default)]
enum State {
    #[default]
    Nothing,
    Numbers(NumericState),
    Categories(Tally),
    /// All of it was there at once.
    Whole(Result<PsiBaseline, Absent>),
}

impl State {
    fn take(&mut self, piece: Piece<'_>) -> Result<(), String> {
        if matches!(self, Self::Nothing) {
            *self = match &piece {
                Piece::Tally(_) => Self::Categories(Tally::default()),
                Piece::Column(_) | Piece::Values(_) => Self::Numbers(NumericState::default()),
            };
        }
        match (self, piece) {
            (Self::Numbers(_), Piece::Tally(_)) => Err("texts after numbers".to_owned()),
            (Self::Numbers(state), piece) => {
                piece.numbers(&mut |chunk| chunk.chunks(1 << 14).for_each(|part| state.add(part)));
                Ok(())
            }
            (Self::Categories(tally), Piece::Tally(more)) => {
                tally.merge(&more);
                Ok(())
            }
            (Self::Categories(_), _) => Err("numbers after texts".to_owned()),
            (Self::Nothing | Self::Whole(_), _) => Ok(()),
        }
    }

    fn baseline(self, config: &PsiConfig) -> Result<PsiBaseline, Absent> {
        match self {
            Self::Nothing => Err(Absent::NoRows),
            Self::Numbers(state) => PsiBaseline::of_state(&state, config.binning_strategy, config.zero_bins),
            Self::Categories(tally) => {
                PsiBaseline::of_categories(&tally, config.max_categories, config.zero_bins)
            }
            Self::Whole(baseline) => baseline,
        }
    }
}

fn pieces<'a>(column: &'a Named<'_>, groups: Option<&Groups>, as_categories: bool) -> Vec<Piece<'a>> {
    match &column.cells {
        Cells::Numbers(values) | Cells::Times(values) if !as_categories => numbers(&**values, groups),
        cells => categories(cells, groups),
    }
}

/// The profile of some data, or one for each group of rows.
pub(super) fn profiles<'py>(
    py: Python<'py>,
    data: &Bound<'py, PyAny>,
    config: &PsiConfig,
    split: Option<&Split>,
) -> PyResult<Vec<(Option<String>, PsiProfile)>> {
    let spread = Spread::new(py)?;
    let wanted = Wanted { only: None, texts: config.categorical_features.clone() };
    let intake = Intake::of(data, &wanted)?;
    let is_whole = matches!(intake, Intake::Whole(_));
    let as_categories = |name: &str| config.categorical_features.iter().any(|feature| feature == name);
    let folded =
        fold(py, &spread, intake, (&Needed::Any, split), |states: &mut Vec<State>, column, groups| {
            by_group(states, groups);
            for (state, piece) in states.iter_mut().zip(pieces(column, groups, as_categories(column.name))) {
                if !is_whole {
                    state.take(piece)?;
                    continue;
                }
                let (binning, zero) = (config.binning_strategy, config.zero_bins);
                *state = State::Whole(match &piece {
                    Piece::Column(column) => match gathered(*column) {
                        Some(values) => PsiBaseline::of_numbers(&values[..], binning, zero),
                        None => PsiBaseline::of_numbers(*column, binning, zero),
                    },
                    Piece::Values(values) => PsiBaseline::of_numbers(&values[..], binning, zero),
                    Piece::Tally(tally) => PsiBaseline::of_categories(tally, config.max_categories, zero),
                });
            }
            Ok(())
        })?;
    let all = || folded.columns.keys().map(String::as_str);
    check_monitored(&config.categorical_features, all()).map_err(|error| {
        errors::data(py, error.to_string().replacen("watch feature", "failed to take as categories", 1))
    })?;
    check_monitored(&config.alert_config.features_to_monitor, all())
        .map_err(|error| errors::data(py, format!("failed to {error}")))?;
    let timestamp: DateTime<Utc> = SystemClock.now().into();
    let mut found: Vec<_> = turned(folded)
        .into_iter()
        .map(|(group, columns)| {
            let config =
                PsiConfig { identity: of_group(&config.identity, group.is_some()), ..config.clone() };
            (group, profile(columns, &config, timestamp))
        })
        .collect();
    let again = data.hasattr("__fspath__")? || data.is_instance_of::<pyo3::types::PyString>();
    if again {
        recount(py, &spread, data, &mut found, split)?;
    }
    Ok(found)
}

fn profile(columns: IndexMap<String, State>, config: &PsiConfig, timestamp: DateTime<Utc>) -> PsiProfile {
    let (mut features, mut absent) = (IndexMap::new(), IndexMap::new());
    let mut texts = FeatureMap::default();
    for (name, state) in columns {
        match state.baseline(config) {
            Ok(baseline) => {
                if let Bins::Category(bins) = &baseline.bins {
                    let numbered =
                        (0..).zip(bins.categories()).map(|(at, text)| (text.clone(), at)).collect();
                    texts.features.insert(name.clone(), numbered);
                }
                features.insert(name.clone(), PsiFeature { id: name, timestamp, baseline });
            }
            Err(why) => {
                absent.insert(name, why);
            }
        }
    }
    let feature_map = (!texts.features.is_empty()).then_some(texts);
    PsiProfile {
        scouter_version: env!("CARGO_PKG_VERSION").to_owned(),
        config: PsiConfig { feature_map, ..config.clone() },
        features,
        absent,
    }
}

/// Reads a file once more: its bins came from a sketch, and its counts need not.
fn recount<'py>(
    py: Python<'py>,
    spread: &Spread,
    data: &Bound<'py, PyAny>,
    profiles: &mut [(Option<String>, PsiProfile)],
    split: Option<&Split>,
) -> PyResult<()> {
    let borrowed: Vec<_> = profiles.iter().map(|(group, profile)| (group.clone(), profile)).collect();
    let counted = counted(py, spread, data, &borrowed, split)?;
    for ((_, profile), counts) in profiles.iter_mut().zip(counted) {
        for (name, counts) in counts {
            if let Some(feature) = profile.features.get_mut(&name) {
                feature.baseline.counts = counts;
            }
        }
    }
    Ok(())
}

/// How the rows of each group fall into the bins of its profile, in the order of the profiles. A profile without a name is that of
/// every row.
fn counted<'py>(
    py: Python<'py>,
    spread: &Spread,
    data: &Bound<'py, PyAny>,
    profiles: &[(Option<String>, &PsiProfile)],
    split: Option<&Split>,
) -> PyResult<Vec<IndexMap<String, Counts>>> {
    let found = count(py, spread, data, profiles, split)?;
    let of = |name: &Option<String>| {
        found.iter().find(|(group, _)| group == name).map(|(_, counts)| counts.clone())
    };
    Ok(profiles.iter().map(|(name, _)| of(name).unwrap_or_default()).collect())
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
    let texts = names.iter().filter(|(_, is_text)| **is_text).map(|(name, _)| (*name).to_owned()).collect();
    let intake = Intake::of(data, &Wanted { only: Some(only), texts })?;
    let needed = Needed::These(names.keys().copied().collect());
    let folded =
        fold(py, spread, intake, (&needed, split), |states: &mut Vec<Option<Counts>>, column, groups| {
            by_group(states, groups);
            let as_categories = names.get(column.name).copied().unwrap_or_default();
            if !as_categories && matches!(column.cells, Cells::Texts(_)) {
                return Err("it holds texts, and the profile is one of numbers".to_owned());
            }
            let group = |at: usize| groups.map(|groups| groups.names[at].as_str());
            for (at, (state, piece)) in
                states.iter_mut().zip(pieces(column, groups, as_categories)).enumerate()
            {
                let name = group(at);
                let own = profiles.iter().find(|(own, _)| own.is_none() || own.as_deref() == name);
                let Some(feature) = own.and_then(|(_, profile)| profile.features.get(column.name)) else {
                    continue;
                };
                let counts = match &piece {
                    Piece::Column(column) => feature.baseline.count_numbers(*column),
                    Piece::Values(values) => feature.baseline.count_numbers(&values[..]),
                    Piece::Tally(tally) => feature.baseline.count_categories(tally),
                };
                let counts = counts.map_err(|error| error.to_string())?;
                match state {
                    None => *state = Some(counts),
                    Some(sum) => sum.merge(&counts).map_err(|error| error.to_string())?,
                }
            }
            Ok(())
        })?;
    let known = |columns: IndexMap<String, Option<Counts>>| {
        columns.into_iter().filter_map(|(name, counts)| Some((name, counts?))).collect()
    };
    Ok(turned(folded).into_iter().map(|(group, columns)| (group, known(columns))).collect())
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
            Some((_, profile)) => maps.push((group, profile.compare(counts))),
            None => new.extend(group),
        }
    }
    Ok((maps, new))
}
