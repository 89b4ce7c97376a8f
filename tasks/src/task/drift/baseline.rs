//! How columns were: a profile of data, or what an earlier run came to.

use indexmap::IndexMap;
use scouter_drift::Absent;
use scouter_drift::column::Unit;
use scouter_drift::custom::Aggregation;
use scouter_drift::psi::{Bins, PsiBaseline};
use scouter_engine::nearest;

use super::measure::Feature;
use super::spec::DriftError;
use crate::profile::{self, CustomProfile, Document, PsiConfig, PsiFeature, PsiProfile, SpcProfile};
use crate::result::{Results, Row};
use crate::value::Value;
use crate::window::{Cell, Column, Data, Holds, Series, lets};

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
    pub fn read(
        document: &Value,
        columns: &IndexMap<String, Column>,
        depends_on: &[String],
    ) -> Result<Self, DriftError> {
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
                Self::of_results(&results, columns, depends_on)
            }
        }
    }

    /// How columns were in an earlier run, as baselines of the population stability index. Results hold what tasks made of records,
    /// not the records: so the columns are those of tasks. As in the run that is compared, a record is in them where these tasks let one run
    /// that depends on them.
    ///
    /// # Errors
    /// The run was cancelled, there is no such task, a column is one of fields, or it has no values.
    pub fn of_results(
        results: &Results,
        columns: &IndexMap<String, Column>,
        depends_on: &[String],
    ) -> Result<Self, DriftError> {
        if results.cancelled {
            let message = "the run was ended before all of its records were done: give one that is whole";
            return Err(DriftError::new("baseline", message));
        }
        if columns.is_empty() {
            let message = "say which: results of a run are compared by `value_of` or `pass_rate_of` a task";
            return Err(DriftError::new("column", message));
        }
        let timestamp = results.rows().iter().map(|row| row.created_at).min().unwrap_or_default();
        let rows = rows(results, depends_on)?;
        let features = columns.iter().map(|(name, column)| {
            let baseline = of_column(results, &rows, column).map_err(|why| DriftError::new("column", why))?;
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
        let lengths = match self {
            Self::Psi(profile) => profile.config.text_lengths.get(feature),
            Self::Spc(profile) => profile.config.text_lengths.get(feature),
            Self::Custom(_) => None,
        };
        if let Some(length) = lengths {
            return Ok(Holds::Lengths(*length));
        }
        match self {
            Self::Psi(profile) => Ok(match profile.features[feature].baseline.bins {
                Bins::Numeric(_) => Holds::Numbers,
                Bins::Moments(_) => Holds::Moments,
                Bins::Category(_) => Holds::Texts,
            }),
            Self::Spc(profile) => {
                let texts = profile.config.feature_map.as_ref();
                if texts.is_some_and(|texts| texts.features.contains_key(feature)) {
                    return Err(format!(
                        "the feature `{feature}` is one of texts, and control charts of tasks are of numbers"
                    ));
                }
                Ok(match profile.features[feature].baseline.unit {
                    Unit::Number => Holds::Numbers,
                    Unit::Moment => Holds::Moments,
                })
            }
            Self::Custom(_) => Ok(Holds::Numbers),
        }
    }

    /// How many values of a feature there must be then and now, where a task asks for no other number: what the profile says, which of a
    /// chart is a subgroup. That there is none is a count too.
    pub(super) fn fewest(&self, feature: &str) -> u64 {
        match self {
            Self::Psi(profile) => profile.config.alert_config.min_values,
            Self::Spc(_) => 1,
            Self::Custom(profile) => {
                let metric = profile.custom_metrics.iter().find(|metric| metric.name == feature);
                u64::from(metric.is_none_or(|metric| metric.aggregation != Aggregation::Count))
            }
        }
    }

    /// The first of these features that had fewer values than there must be, and how many. Charts and metrics say nothing of that.
    pub(super) fn too_few<'f>(
        &self,
        mut features: impl Iterator<Item = &'f Feature>,
    ) -> Option<(&'f Feature, u64)> {
        let Self::Psi(profile) = self else { return None };
        features.find_map(|feature| {
            let values = profile.features.get(&feature.name)?.values();
            (values < feature.least).then_some((feature, values))
        })
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

/// The rows of an earlier run on which these tasks let one run that depends on them.
fn rows<'r>(results: &'r Results, depends_on: &[String]) -> Result<Vec<&'r Row>, DriftError> {
    let over_all = |id: &String| results.window.as_ref().is_some_and(|all| all.find_task(id).is_some());
    let needs = depends_on.iter().filter(|id| !over_all(id)).map(|id| {
        results.find_task(id).ok_or_else(|| {
            let message = format!(
                "the earlier run has no task of the id `{id}`, so it does not tell which of its records are compared: \
                 run it again with that task, or give a profile"
            );
            DriftError::new("depends_on", message)
        })
    });
    let needs = needs.collect::<Result<Vec<usize>, _>>()?;
    let is_in = |row: &&Row| needs.iter().all(|at| lets(results.tasks()[*at].gate, &row.outcomes[*at]));
    Ok(results.rows().iter().filter(is_in).collect())
}

/// How a column of an earlier run was, over these of its rows.
fn of_column(results: &Results, rows: &[&Row], column: &Column) -> Result<PsiBaseline, String> {
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
        for row in rows {
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
