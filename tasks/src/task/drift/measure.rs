//! What columns come to on their baselines: a value that other tasks read, and reports show.

use indexmap::IndexMap;
use scouter_drift::custom;
use scouter_engine::NodeError;

use super::baseline::Baseline;
use crate::counted::{self, counted};
use crate::profile::{CustomMap, CustomProfile, PsiFeatureDrift, PsiMap, PsiProfile, SpcProfile};
use crate::value::{Value, to_value};
use crate::window::{Column, ColumnIndex, Data, Series, Window};

/// How many alerts of a chart are kept; all are counted.
const MOST_ALERTS: usize = 20;

/// A feature of the baseline with its column.
#[derive(Clone, Debug)]
pub(super) struct Feature {
    pub(super) name: String,
    /// Where its values come from, where that is not what it is called.
    pub(super) from: Option<Column>,
    pub(super) column: ColumnIndex,
    /// With fewer values nothing is said of it.
    pub(super) least: u64,
}

/// What the columns come to.
///
/// # Errors
/// A column has no values, too few, or others than its baseline: then nothing is said of any.
pub(super) fn measure(
    baseline: &Baseline,
    features: &[Feature],
    window: &Window,
) -> Result<Value, NodeError> {
    let columns = features.iter().map(|feature| (feature.name.as_str(), window.series(feature.column)));
    let unfit: Vec<String> = features
        .iter()
        .filter_map(|feature| unfit(feature, window.series(feature.column), window.records))
        .collect();
    if !unfit.is_empty() {
        return Err(NodeError::new(format!("compare with the baseline: {}", unfit.join("; "))));
    }
    let measured = match baseline {
        Baseline::Psi(profile) => psi(profile, columns.clone()),
        Baseline::Spc(profile) => spc(profile, columns.clone()),
        Baseline::Custom(profile) => metrics(profile, columns.clone()),
    };
    let Measures { method, summary, features } =
        measured.map_err(|why| NodeError::new(format!("compare with the baseline: {why}")))?;
    let drifted = |feature: &&(String, bool, Value)| feature.1;
    let names = features.iter().filter(drifted).map(|(name, ..)| Value::from(name.as_str()));
    let values = columns.map(|(_, series)| series.values()).min().unwrap_or_default();
    let head = [
        ("method", Value::from(method)),
        ("drifted", Value::Bool(features.iter().any(|(_, drifted, _)| *drifted))),
        ("drifted_features", Value::list(names)),
        ("records", count(window.records)),
        ("values", count(values)),
    ];
    let features =
        ("features", Value::map(features.iter().map(|(name, _, told)| (name.as_str(), told.clone()))));
    Ok(Value::map(head.into_iter().chain(summary).chain([features])))
}

/// What keeps a column from being compared.
fn unfit(feature: &Feature, series: &Series, records: u64) -> Option<String> {
    let Feature { name, from, least, .. } = feature;
    let called = from.as_ref().map_or_else(|| format!("`{name}`"), |from| format!("`{name}` ({from})"));
    let (values, missing) = (series.values(), series.missing());
    if let Some(wrong) = &series.wrong {
        return Some(format!(
            "{called} is one of {}, and {} of {records} records have something else, first `{}`: {}",
            series.holds.name(),
            wrong.count,
            wrong.record,
            wrong.what
        ));
    }
    if values >= *least {
        return None;
    }
    let all = counted(records, "record");
    let left_out = match series.left_out {
        0 => String::new(),
        left_out => format!(" ({left_out} of {all} are left out by the tasks before)"),
    };
    if values == 0 && missing > 0 {
        return Some(format!("{called} is missing in all {}{left_out}", counted(missing, "record")));
    }
    if values == 0 {
        return Some(format!("{called} has no values{left_out}"));
    }
    let (values, least) = (counted(values, "value"), counted::count(*least));
    Some(format!("{called} has {values} in {all}{left_out}, at least {least} are needed"))
}

/// What a method says of all features.
struct Measures {
    method: &'static str,
    /// Numbers over all features.
    summary: Vec<(&'static str, Value)>,
    /// Each feature, whether it has drifted, and what is known of it.
    features: Vec<(String, bool, Value)>,
}

fn count(number: u64) -> Value {
    Value::from(usize::try_from(number).unwrap_or(usize::MAX))
}

/// How many records are in a column, and how many are not.
fn rows(series: &Series) -> [(&'static str, Value); 3] {
    [
        ("values", count(series.values())),
        ("missing", count(series.missing())),
        ("left_out", count(series.left_out)),
    ]
}

/// The least, the mean and the greatest of some numbers.
fn spread(numbers: impl Iterator<Item = f64> + Clone) -> Value {
    let all = numbers.clone().count().max(1) as f64;
    Value::map([
        ("min", Value::Float(numbers.clone().fold(f64::INFINITY, f64::min))),
        ("mean", Value::Float(numbers.clone().sum::<f64>() / all)),
        ("max", Value::Float(numbers.fold(f64::NEG_INFINITY, f64::max))),
    ])
}

fn psi<'w>(
    profile: &PsiProfile,
    columns: impl Iterator<Item = (&'w str, &'w Series)> + Clone,
) -> Result<Measures, String> {
    let counts = columns.clone().map(|(name, series)| {
        let baseline = &profile.features[name].baseline;
        let counts = match &series.data {
            Data::Numbers(numbers) => baseline.count_numbers(&numbers[..]),
            Data::Texts(tally) => baseline.count_categories(tally),
        };
        counts.map(|counts| (name.to_owned(), counts)).map_err(|absent| format!("`{name}`: {absent}"))
    });
    let PsiMap { features, absent, .. } = profile.compare(counts.collect::<Result<Vec<_>, _>>()?);
    let told = columns.map(|(name, series)| {
        let drift = found(&features, &absent, name)?;
        Ok((name.to_owned(), drift.drifted_after_correction, psi_feature(drift, series)))
    });
    let told = told.collect::<Result<Vec<_>, String>>()?;
    let summary = vec![
        ("psi", spread(features.values().map(|drift| drift.drift.psi))),
        ("p_value", spread(features.values().map(p_value))),
    ];
    Ok(Measures { method: "psi", summary, features: told })
}

/// The p-value that counts: after the correction for many features.
fn p_value(drift: &PsiFeatureDrift) -> f64 {
    drift.adjusted_p_value.unwrap_or(drift.drift.p_value)
}

fn psi_feature(drift: &PsiFeatureDrift, series: &Series) -> Value {
    let bins = drift.drift.terms.iter().map(|term| {
        Value::map([
            ("bin", Value::from(drift.label(term.part))),
            ("baseline", Value::Float(term.baseline)),
            ("current", Value::Float(term.current)),
            ("term", Value::Float(term.term)),
        ])
    });
    let numbers = [
        ("psi", Value::Float(drift.drift.psi)),
        ("p_value", Value::Float(p_value(drift))),
        ("threshold", Value::Float(drift.drift.threshold)),
        ("drifted", Value::Bool(drift.drifted_after_correction)),
        ("baseline_rows", count(drift.baseline_rows)),
        ("unseen", count(drift.counts.unseen)),
        ("bins", Value::list(bins)),
    ];
    Value::map(rows(series).into_iter().chain(numbers))
}

fn found<'m, T>(
    features: &'m IndexMap<String, T>,
    absent: &IndexMap<String, scouter_drift::Absent>,
    name: &str,
) -> Result<&'m T, String> {
    let why = || absent.get(name).map_or_else(|| "nothing is known of it".to_owned(), ToString::to_string);
    features.get(name).ok_or_else(|| format!("`{name}`: {}", why()))
}

fn spc<'w>(
    profile: &SpcProfile,
    columns: impl Iterator<Item = (&'w str, &'w Series)> + Clone,
) -> Result<Measures, String> {
    let rules = &profile.config.alert_config.rule;
    let charts = columns.clone().map(|(name, series)| {
        let numbers = match &series.data {
            Data::Numbers(numbers) => &numbers[..],
            Data::Texts(_) => &[],
        };
        (name.to_owned(), profile.features[name].baseline.chart(numbers, rules))
    });
    let map = profile.compare(charts);
    let told = columns.map(|(name, series)| {
        let chart = found(&map.features, &map.absent, name)?;
        let alerts = &chart.drift.alerts;
        let drifted = map.has_drifted(chart);
        let shown = alerts.iter().take(MOST_ALERTS).map(|alert| to_value(alert).unwrap_or_default());
        let numbers = [
            ("points", Value::from(chart.drift.means.len())),
            ("alert_count", count(chart.drift.alert_count())),
            ("spread_alert_count", Value::from(chart.drift.deviations_out.len())),
            ("p_value", Value::from(chart.p_value)),
            ("drifted", Value::Bool(drifted)),
            ("center", Value::Float(profile.features[name].baseline.center)),
            ("mean", Value::Float(chart.drift.means.iter().sum::<f64>() / chart.drift.means.len() as f64)),
            ("alerts", Value::list(shown)),
        ];
        let told = Value::map(rows(series).into_iter().chain(numbers));
        Ok((name.to_owned(), drifted, told))
    });
    let told = told.collect::<Result<Vec<_>, String>>()?;
    let charts = map.features.values();
    let alerts = charts.clone().map(|chart| chart.drift.alert_count() as f64);
    let spreads = charts.clone().map(|chart| chart.drift.deviations_out.len() as f64);
    let p_values = charts.filter_map(|chart| chart.p_value);
    let summary =
        vec![("alerts", spread(alerts)), ("spread_alerts", spread(spreads)), ("p_value", spread(p_values))];
    Ok(Measures { method: "spc", summary, features: told })
}

fn metrics<'w>(
    profile: &CustomProfile,
    columns: impl Iterator<Item = (&'w str, &'w Series)> + Clone,
) -> Result<Measures, String> {
    let windows = columns.clone().map(|(name, series)| {
        let mut window = custom::Window::default();
        if let Data::Numbers(numbers) = &series.data {
            numbers.chunks(1 << 14).for_each(|chunk| window.add(chunk));
        }
        (name.to_owned(), window)
    });
    let CustomMap { metrics, absent, .. } = profile.compare(&windows.collect());
    let told = columns.map(|(name, series)| {
        let check = found(&metrics, &absent, name)?;
        let numbers = [
            ("value", Value::Float(check.value)),
            ("baseline", Value::Float(check.value - check.difference)),
            ("difference", Value::Float(check.difference)),
            ("drifted", Value::Bool(check.alert)),
        ];
        Ok((name.to_owned(), check.alert, Value::map(rows(series).into_iter().chain(numbers))))
    });
    let told = told.collect::<Result<Vec<_>, String>>()?;
    Ok(Measures { method: "custom", summary: Vec::new(), features: told })
}
