//! How columns were: a profile of data, or what an earlier run came to.

use indexmap::IndexMap;
use scouter_drift::Absent;
use scouter_drift::psi::{Bins, PsiBaseline};
use scouter_engine::nearest;

use super::spec::DriftError;
use crate::profile::{self, CustomProfile, Document, PsiConfig, PsiFeature, PsiProfile, SpcProfile};
use crate::result::Results;
use crate::value::Value;
use crate::window::{Cell, Column, Data, Holds, Series};

/// How columns were.
#[derive(Clone, Debug, PartialEq)]
pub enum Baseline {
    /// Bins and how many rows fell into each.
    Psi(Box<PsiProfile>),
    /// Control charts.
    Spc(Box<SpcProfile>),
    /// Metrics with their bounds.
    Custom(Box<CustomProfile>),
}

impl Baseline {
    /// The baseline of a document: that of a profile, or that of results.
    ///
    /// # Errors
    /// It is neither, or the results do not hold these columns.
    pub fn read(document: &Value, columns: &IndexMap<String, Column>) -> Result<Self, DriftError> {
        let wrong = |error: profile::DocumentError| DriftError::new("baseline", error.to_string());
        match document.get("kind").and_then(Value::as_text) {
            Some(PsiProfile::KIND) => profile::read(document).map(Box::new).map(Self::Psi).map_err(wrong),
            Some(SpcProfile::KIND) => profile::read(document).map(Box::new).map(Self::Spc).map_err(wrong),
            Some(CustomProfile::KIND) => {
                profile::read(document).map(Box::new).map(Self::Custom).map_err(wrong)
            }
            Some(other) => {
                Err(DriftError::new("baseline", format!("it is a `{other}`, and no profile of drift")))
            }
            None => {
                let results = Results::from_value(document).map_err(|error| {
                    DriftError::new(
                        "baseline",
                        format!("it is neither a profile of drift nor results: {error}"),
                    )
                })?;
                Self::of_results(&results, columns)
            }
        }
    }

    /// How columns were in an earlier run, as baselines of the population stability index. Results hold what tasks made of records,
    /// not the records: so the columns are those of tasks.
    ///
    /// # Errors
    /// There is no such task, a column is one of fields, or it has no values.
    pub fn of_results(results: &Results, columns: &IndexMap<String, Column>) -> Result<Self, DriftError> {
        if columns.is_empty() {
            let message = "say which: results of a run are compared by `value_of` or `pass_rate_of` a task";
            return Err(DriftError::new("column", message));
        }
        let timestamp = results.rows().iter().map(|row| row.created_at).min().unwrap_or_default();
        let features = columns.iter().map(|(name, column)| {
            let baseline = of_column(results, column).map_err(|why| DriftError::new("column", why))?;
            Ok((name.clone(), PsiFeature { id: name.clone(), timestamp, baseline }))
        });
        let profile = PsiProfile {
            scouter_version: env!("CARGO_PKG_VERSION").to_owned(),
            config: PsiConfig::default(),
            features: features.collect::<Result<_, DriftError>>()?,
            absent: IndexMap::new(),
        };
        Ok(Self::Psi(Box::new(profile)))
    }

    /// The document of the profile.
    pub fn document(&self) -> Value {
        let written = match self {
            Self::Psi(profile) => profile::write(&**profile),
            Self::Spc(profile) => profile::write(&**profile),
            Self::Custom(profile) => profile::write(&**profile),
        };
        // Profiles are plain data, which always has a form in JSON.
        written.unwrap_or_default()
    }

    /// The features that it knows, in its order.
    pub fn features(&self) -> Vec<&str> {
        match self {
            Self::Psi(profile) => profile.features.keys().map(String::as_str).collect(),
            Self::Spc(profile) => profile.features.keys().map(String::as_str).collect(),
            Self::Custom(profile) => {
                profile.custom_metrics.iter().map(|metric| metric.name.as_str()).collect()
            }
        }
    }

    /// The features that are looked at where no columns are named: those that are watched.
    pub(super) fn watched(&self) -> Vec<&str> {
        let wanted = match self {
            Self::Psi(profile) => &profile.config.alert_config.features_to_monitor[..],
            Self::Spc(profile) => &profile.config.alert_config.features_to_monitor[..],
            Self::Custom(_) => &[],
        };
        let all = self.features().into_iter();
        all.filter(|name| wanted.is_empty() || wanted.iter().any(|wanted| wanted == name)).collect()
    }

    /// What a column of the feature must hold.
    pub(super) fn holds(&self, feature: &str) -> Result<Holds, String> {
        if !self.features().contains(&feature) {
            return Err(self.unknown(feature));
        }
        match self {
            Self::Psi(profile) => Ok(match profile.features[feature].baseline.bins {
                Bins::Numeric(_) => Holds::Numbers,
                Bins::Category(_) => Holds::Texts,
            }),
            Self::Spc(profile) => {
                let texts = profile.config.feature_map.as_ref();
                if texts.is_some_and(|texts| texts.features.contains_key(feature)) {
                    return Err(format!(
                        "the feature `{feature}` is one of texts, and control charts of tasks are of numbers"
                    ));
                }
                Ok(Holds::Numbers)
            }
            Self::Custom(_) => Ok(Holds::Numbers),
        }
    }

    fn unknown(&self, feature: &str) -> String {
        let absent = match self {
            Self::Psi(profile) => profile.absent.get(feature),
            Self::Spc(profile) => profile.absent.get(feature),
            Self::Custom(_) => None,
        };
        if let Some(why) = absent {
            return format!("the baseline has nothing to compare `{feature}` with: {why}");
        }
        let near = nearest(feature, self.features());
        let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        format!("the baseline has no feature `{feature}`{near}")
    }

    /// The same with all of its features watched: what a task names, it watches.
    pub(super) fn watching_all(&self) -> Self {
        let mut all = self.clone();
        match &mut all {
            Self::Psi(profile) => profile.config.alert_config.features_to_monitor.clear(),
            Self::Spc(profile) => profile.config.alert_config.features_to_monitor.clear(),
            Self::Custom(_) => {}
        }
        all
    }
}

/// How a column of an earlier run was.
fn of_column(results: &Results, column: &Column) -> Result<PsiBaseline, String> {
    let (id, is_rate) = match column {
        Column::Field(path) => {
            return Err(format!(
                "results do not hold fields of records such as `{path}`: give `value_of` a task that looks at it, or a profile"
            ));
        }
        Column::ValueOf { value_of } => (value_of, false),
        Column::PassRateOf { pass_rate_of } => (pass_rate_of, true),
    };
    let task = results.find_task(id).ok_or_else(|| {
        let near = results.nearest_task(id).map(|near| format!("; did you mean `{near}`?"));
        format!("the results have no task of the id `{id}`{}", near.unwrap_or_default())
    })?;
    let collected = |holds: Holds| {
        let mut series = Series::new(holds);
        for row in results.rows() {
            let outcome = &row.outcomes[task];
            let cell = if is_rate { Cell::of_verdict(outcome) } else { Cell::of_value(outcome, holds) };
            if let Some(cell) = cell {
                series.push(cell, || row.name());
            }
        }
        series
    };
    let numbers = collected(Holds::Numbers);
    let none = |absent: Absent| format!("the results say nothing of {column}: {absent}");
    let PsiConfig { binning_strategy, zero_bins, max_categories, .. } = PsiConfig::default();
    if let (None, Data::Numbers(numbers)) = (&numbers.wrong, &numbers.data) {
        return PsiBaseline::of_numbers(&numbers[..], binning_strategy, zero_bins).map_err(none);
    }
    let texts = collected(Holds::Texts);
    match (texts.wrong, texts.data) {
        (None, Data::Texts(tally)) => {
            PsiBaseline::of_categories(&tally, max_categories, zero_bins).map_err(none)
        }
        (wrong, _) => {
            let wrong = wrong.map(|wrong| format!(": record `{}` has {}", wrong.record, wrong.what));
            Err(format!("{column} is neither of numbers nor of texts{}", wrong.unwrap_or_default()))
        }
    }
}
