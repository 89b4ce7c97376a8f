//! What records of a profile look like: its features in their order, found by name in a dict of Python's.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use indexmap::IndexMap;
use pyo3::prelude::*;
use pyo3::types::PyString;
use scouter_client::{Destination, Ratio};
use scouter_drift::column::{TextLength, Unit};
use scouter_drift::psi::Bins;
use scouter_tasks::profile::{
    CustomProfile, Document, DocumentError, GenAIProfile, Identity, PsiProfile, SpcProfile, TextLengths, read,
};
use scouter_tasks::value::from_saved_json;

use crate::convert::one_of;
use crate::drift::{PyCustomProfile, PyGenAIProfile, PyPsiProfile, PySpcProfile};
use crate::errors;

one_of! {
    /// A profile of any kind.
    pub(super) enum AnyProfile<'py> {
        Psi(PyRef<'py, PyPsiProfile>),
        Spc(PyRef<'py, PySpcProfile>),
        Custom(PyRef<'py, PyCustomProfile>),
        GenAI(PyRef<'py, PyGenAIProfile>),
    }
}

/// What records of a profile look like.
#[derive(Debug)]
pub(super) struct Schema {
    pub(super) kind: Kind,
    /// Whether rows are counted by their bins rather than sent.
    pub(super) counted: bool,
    pub(super) columns: Vec<Column>,
    /// Features that the profile knows and has no baseline of: nothing would be done with their values.
    pub(super) absent: HashSet<String>,
}

/// What a record of it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Features,
    Metrics,
    Evals,
}

/// A feature or a metric.
#[derive(Debug)]
pub(super) struct Column {
    /// Interned: it is looked up in every record.
    pub(super) key: Py<PyString>,
    pub(super) name: String,
    pub(super) takes: Takes,
    /// The categories of the baseline, where it has some.
    pub(super) known: Option<Bins>,
    /// Whether values of it may be missing: some are in the baseline, or it does not tell.
    pub(super) has_gaps: bool,
}

/// What its values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    Numbers,
    Moments,
    /// Categories.
    Texts,
    /// Texts, of which the length is sent.
    Lengths(TextLength),
}

impl Takes {
    /// That of a feature whose numbers are this; one that has none takes categories.
    fn of(name: &str, lengths: &TextLengths, unit: Option<Unit>) -> Self {
        match (lengths.get(name), unit) {
            (Some(length), _) => Self::Lengths(*length),
            (None, Some(Unit::Number)) => Self::Numbers,
            (None, Some(Unit::Moment)) => Self::Moments,
            (None, None) => Self::Texts,
        }
    }
}

/// A profile as far as its records are concerned.
#[derive(Debug)]
pub(super) struct Watched {
    /// What it is called.
    pub(super) name: String,
    pub(super) to: Destination,
    pub(super) schema: Schema,
}

impl Watched {
    /// With `aggregate`, records of a profile whose method allows it are counted.
    pub(super) fn of(py: Python<'_>, profile: &AnyProfile<'_>, aggregate: bool) -> PyResult<Self> {
        match profile {
            AnyProfile::Psi(profile) => Self::of_psi(py, &profile.spec(py), aggregate),
            AnyProfile::Spc(profile) => Self::of_spc(py, &profile.spec(py)),
            AnyProfile::Custom(profile) => Self::of_custom(py, &profile.spec(py)),
            AnyProfile::GenAI(profile) => Self::of_genai(py, &profile.spec(py)),
        }
    }

    /// The profile in a file.
    pub(super) fn load(py: Python<'_>, path: &PathBuf, aggregate: bool) -> PyResult<Self> {
        let text = py.detach(|| std::fs::read_to_string(path));
        let text = text.map_err(|error| errors::file(py, &error, path))?;
        let document = from_saved_json(&text).map_err(|error| {
            wrong(
                py,
                path,
                format!("this is no profile, which is the JSON that its `save_to_json` wrote ({error})"),
            )
        })?;
        let kind = document.get("kind").and_then(|kind| kind.as_text()).unwrap_or_default();
        let read = match kind {
            PsiProfile::KIND => read(&document).map(|profile| Self::of_psi(py, &profile, aggregate)),
            SpcProfile::KIND => read(&document).map(|profile| Self::of_spc(py, &profile)),
            CustomProfile::KIND => read(&document).map(|profile| Self::of_custom(py, &profile)),
            GenAIProfile::KIND => read(&document).map(|profile| Self::of_genai(py, &profile)),
            "" => Err(DocumentError::NoFormat("profile")),
            other => return Err(wrong(py, path, format!("it is a `{other}`, and no profile"))),
        };
        read.map_err(|error| wrong(py, path, error))?
    }

    fn of_psi(py: Python<'_>, profile: &PsiProfile, aggregate: bool) -> PyResult<Self> {
        let lengths = &profile.config.text_lengths;
        let features = profile.features.iter();
        let columns =
            features.map(|(name, feature)| (name, Takes::of(name, lengths, feature.baseline.bins.unit())));
        let absent = profile.absent.keys().cloned().collect();
        let mut watched = Self::new(py, &profile.config.identity, Kind::Features, columns, absent)?;
        for (column, feature) in watched.schema.columns.iter_mut().zip(profile.features.values()) {
            let baseline = &feature.baseline;
            column.has_gaps = baseline.counts.missing > 0;
            column.known = matches!(baseline.bins, Bins::Category(_)).then(|| baseline.bins.clone());
        }
        if aggregate && !profile.features.is_empty() {
            let bins: IndexMap<String, Bins> = profile
                .features
                .iter()
                .map(|(name, feature)| (name.clone(), feature.baseline.bins.clone()))
                .collect();
            watched.to = Destination::counted(watched.to.profile(), bins).map_err(|error| {
                errors::value(format!("`aggregate`: the profile `{}`: {error}", watched.name))
            })?;
            watched.schema.counted = true;
        }
        Ok(watched)
    }

    fn of_spc(py: Python<'_>, profile: &SpcProfile) -> PyResult<Self> {
        let texts = profile.config.feature_map.as_ref().map(|map| &map.features);
        let lengths = &profile.config.text_lengths;
        let columns = profile.features.iter().map(|(name, feature)| {
            let is_text = texts.is_some_and(|texts| texts.contains_key(name));
            (name, Takes::of(name, lengths, (!is_text).then_some(feature.baseline.unit)))
        });
        let absent = profile.absent.keys().cloned().collect();
        Self::new(py, &profile.config.identity, Kind::Features, columns, absent)
    }

    fn of_custom(py: Python<'_>, profile: &CustomProfile) -> PyResult<Self> {
        let columns = profile.custom_metrics.iter().map(|metric| (&metric.name, Takes::Numbers));
        Self::new(py, &profile.config.identity, Kind::Metrics, columns, HashSet::new())
    }

    fn of_genai(py: Python<'_>, profile: &GenAIProfile) -> PyResult<Self> {
        let columns = std::iter::empty();
        let mut watched = Self::new(py, &profile.config.identity, Kind::Evals, columns, HashSet::new())?;
        let share = Ratio::try_from(profile.config.sample_ratio.get()).map_err(errors::value)?;
        watched.to = watched.to.sampled(share);
        if let Some(alias) = &profile.alias {
            watched.name.clone_from(alias);
        }
        Ok(watched)
    }

    fn new<'a>(
        py: Python<'_>,
        identity: &Identity,
        kind: Kind,
        columns: impl Iterator<Item = (&'a String, Takes)>,
        absent: HashSet<String>,
    ) -> PyResult<Self> {
        let column = |(name, takes): (&String, Takes)| Column {
            key: PyString::intern(py, name).unbind(),
            name: name.clone(),
            takes,
            known: None,
            has_gaps: true,
        };
        let columns: Vec<Column> = columns.map(column).collect();
        let uid = identity.uid.parse().map_err(|_| {
            let name = &identity.name;
            errors::profile(
                py,
                format!(
                    "the profile `{name}` has no uid that is a UUID: register it with `ScouterClient` first"
                ),
            )
        })?;
        let names = columns.iter().map(|column| column.name.clone()).collect();
        let to = Destination::new(uid, names)
            .map_err(|twice| errors::profile(py, format!("the profile has the feature `{twice}` twice")))?;
        Ok(Self { name: identity.name.clone(), to, schema: Schema { kind, counted: false, columns, absent } })
    }
}

fn wrong(py: Python<'_>, path: &Path, why: impl std::fmt::Display) -> PyErr {
    errors::profile(py, format!("`{}`: {why}", path.display()))
}
