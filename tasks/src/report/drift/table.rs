//! A line for every feature.

use std::iter;

use comfy_table::{
    Cell as Told, CellAlignment, ContentArrangement, Table as Text, presets::UTF8_FULL_CONDENSED,
};
use scouter_drift::column::Unit;
use scouter_drift::custom::{AlertThreshold, CustomMetric, MetricCheck};
use scouter_drift::profile::Statistic;

use super::about::About;
use super::cell::Cell;
use crate::profile::{
    Distance, FeatureProfile, PsiFeature, PsiFeatureDrift, SpcFeature, SpcFeatureDrift, SpcMap,
};
use crate::value::Value;

/// Features in lines: cells under the names of columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The names of the columns.
    pub columns: Vec<&'static str>,
    /// A line for every feature, with as many cells as there are columns; null where there is nothing to tell.
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// The table as text, at most so wide.
    pub fn text(&self, width: Option<u16>) -> String {
        let mut text = Text::new();
        text.load_style(UTF8_FULL_CONDENSED).set_header(&self.columns);
        if let Some(width) = width {
            text.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
        }
        for row in &self.rows {
            text.add_row(row.iter().map(|cell| {
                let side = if cell.is_number() { CellAlignment::Right } else { CellAlignment::Left };
                Told::new(cell.shown()).set_alignment(side)
            }));
        }
        text.to_string()
    }
}

fn count(count: u64) -> Value {
    Value::from(usize::try_from(count).unwrap_or(usize::MAX))
}

/// A statistic in the form that it has where there is one.
fn statistic(of: Statistic, form: impl FnOnce(f64) -> Cell) -> Cell {
    of.value().map_or(Cell::Plain(Value::Null), form)
}

/// The table as text, at most so wide, with what is not in it and why, and what is to be kept in mind.
pub fn text(about: About<'_>, width: Option<u16>) -> String {
    const MOST: usize = 20;
    let absent = about.absent();
    let mut lines = vec![table(about).text(width)];
    lines.extend(absent.iter().take(MOST).map(|(name, why)| format!("left out `{name}`: {why}")));
    if absent.len() > MOST {
        lines.push(format!("and {} more are left out", absent.len() - MOST));
    }
    let undecided = about.undecided();
    lines.extend(undecided.iter().take(MOST).map(|(name, why)| format!("not decided `{name}`: {why}")));
    if undecided.len() > MOST {
        lines.push(format!("and {} more are not decided", undecided.len() - MOST));
    }
    lines.extend(about.caution());
    lines.join("\n")
}

/// The line of every feature.
pub fn table(about: About<'_>) -> Table {
    match about {
        About::Psi(map) => lines(&PSI, &map.features, psi),
        About::Spc(map) => lines(&SPC, &map.features, |chart| spc(chart, map)),
        About::Custom(map) => lines(&METRIC, &map.metrics, metric),
        About::Distance(map) => lines(&DISTANCE, &map.features, distance),
        About::PsiProfile(profile) => lines(&BINS, &profile.features, bins),
        About::SpcProfile(profile) => lines(&CHART, &profile.features, chart),
        About::CustomProfile(profile) => {
            let named = profile.custom_metrics.iter().map(|metric| (&metric.name, metric));
            lines(&BOUNDS, named, bounds)
        }
        About::Data(profile) => lines(&DATA, &profile.features, data),
    }
}

/// A line for everything that has a name: the name, and what is told of it.
fn lines<'a, T, C: Into<Cell>>(
    columns: &[&'static str],
    named: impl IntoIterator<Item = (&'a String, T)>,
    told: impl Fn(T) -> Vec<C>,
) -> Table {
    let line = |(name, of): (&'a String, T)| {
        let name = Cell::Plain(Value::from(name.as_str()));
        iter::once(name).chain(told(of).into_iter().map(Into::into)).collect::<Vec<Cell>>()
    };
    Table { columns: columns.to_vec(), rows: named.into_iter().map(line).collect() }
}

const PSI: [&str; 10] = [
    "feature",
    "drifted",
    "psi",
    "threshold",
    "p_value",
    "adjusted_p_value",
    "baseline_rows",
    "current_rows",
    "missing",
    "unseen",
];

fn psi(drift: &PsiFeatureDrift) -> Vec<Cell> {
    let drifted = Cell::Plain(Value::Bool(drift.drifted_after_correction));
    vec![
        drift.too_few.map_or(drifted, |_| Cell::Open),
        Value::Float(drift.drift.psi).into(),
        Value::Float(drift.drift.threshold).into(),
        Cell::Chance(drift.drift.p_value),
        Cell::chance(drift.adjusted_p_value),
        count(drift.baseline_rows).into(),
        count(drift.counts.rows()).into(),
        count(drift.counts.missing).into(),
        count(drift.counts.unseen).into(),
    ]
}

const SPC: [&str; 9] =
    ["feature", "drifted", "alerts", "p_value", "points", "center", "mean", "deviations_out", "left_out"];

fn spc(chart: &SpcFeatureDrift, map: &SpcMap) -> Vec<Cell> {
    let out = chart.drift.deviations_out.len();
    // Those of the S chart are alerts where they make a feature drift.
    let spread = if map.spread { out as u64 } else { 0 };
    let means = &chart.drift.means;
    let mean = means.iter().map(|mean| mean / means.len() as f64).sum();
    let unit = chart.baseline.map_or(Unit::Number, |baseline| baseline.unit);
    let none = Cell::Plain(Value::Null);
    vec![
        Value::Bool(map.has_drifted(chart)).into(),
        count(chart.drift.alert_count() + spread).into(),
        Cell::chance(chart.p_value),
        Value::from(means.len()).into(),
        chart.baseline.map_or(none.clone(), |baseline| Cell::at(unit, baseline.center)),
        if means.is_empty() { none } else { Cell::at(unit, mean) },
        Value::from(out).into(),
        count(chart.drift.left_out).into(),
    ]
}

const METRIC: [&str; 6] = ["metric", "drifted", "value", "baseline", "difference", "count"];

fn metric(check: &MetricCheck) -> Vec<Value> {
    vec![
        Value::Bool(check.alert),
        Value::Float(check.value),
        Value::Float(check.value - check.difference),
        Value::Float(check.difference),
        count(check.count),
    ]
}

const DISTANCE: [&str; 8] = [
    "feature",
    "drifted",
    "statistic",
    "threshold",
    "p_value",
    "adjusted_p_value",
    "baseline_rows",
    "current_rows",
];

fn distance(distance: &Distance) -> Vec<Cell> {
    vec![
        Value::Bool(distance.drifted_after_correction).into(),
        Value::Float(distance.drift.statistic).into(),
        Value::from(distance.drift.threshold).into(),
        Cell::Chance(distance.drift.p_value),
        Cell::Chance(distance.adjusted_p_value),
        count(distance.baseline_rows).into(),
        count(distance.current_rows).into(),
    ]
}

const BINS: [&str; 6] = ["feature", "bins", "merged_bins", "rows", "missing", "other"];

fn bins(feature: &PsiFeature) -> Vec<Value> {
    let counts = &feature.baseline.counts;
    vec![
        Value::from(counts.bins.len()),
        Value::from(feature.baseline.merged_bins()),
        count(counts.rows()),
        count(counts.missing),
        count(counts.other),
    ]
}

const CHART: [&str; 6] = ["feature", "center", "three_lcl", "three_ucl", "sample_size", "subgroups"];

fn chart(feature: &SpcFeature) -> Vec<Cell> {
    let baseline = &feature.baseline;
    let at = |value| Cell::at(baseline.unit, value);
    vec![
        at(baseline.center),
        at(baseline.three_lcl),
        at(baseline.three_ucl),
        Value::from(baseline.sample_size).into(),
        count(baseline.subgroups).into(),
    ]
}

const BOUNDS: [&str; 6] = ["metric", "baseline", "alert", "lower_bound", "upper_bound", "minimum_count"];

fn bounds(metric: &CustomMetric) -> Vec<Value> {
    let condition = &metric.alert_condition;
    let (low, high) = (condition.lower_bound(), condition.upper_bound());
    let (alert, low, high) = match condition.alert_threshold {
        AlertThreshold::Above => ("above", None, Some(high)),
        AlertThreshold::Below => ("below", Some(low), None),
        AlertThreshold::Outside => ("outside", Some(low), Some(high)),
    };
    vec![
        Value::Float(condition.baseline_value),
        Value::from(alert),
        Value::from(low),
        Value::from(high),
        count(metric.minimum_count),
    ]
}

const DATA: [&str; 12] =
    ["feature", "type", "rows", "missing", "distinct", "mean", "stddev", "min", "q25", "q50", "q75", "max"];

fn data(feature: &FeatureProfile) -> Vec<Cell> {
    let times = feature.datetime_stats.as_ref().map(|times| &times.0);
    let (kind, unit) = if times.is_some() { ("moment", Unit::Moment) } else { ("number", Unit::Number) };
    let head = |kind: &str, rows, missing, distinct| {
        [Value::from(kind), count(rows), count(missing), count(distinct)].map(Cell::Plain).to_vec()
    };
    let mut told = match (feature.numeric_stats.as_ref().or(times), &feature.string_stats) {
        (Some(stats), _) => head(kind, stats.rows, stats.missing, stats.distinct.count),
        (None, Some(stats)) => head("text", stats.rows, stats.missing, stats.distinct.count),
        (None, None) => Vec::new(),
    };
    if let Some(stats) = feature.numeric_stats.as_ref().or(times) {
        let quantiles = &stats.quantiles;
        let at = |of| statistic(of, |value| Cell::at(unit, value));
        told.push(at(stats.mean));
        told.push(statistic(stats.stddev, |value| Cell::apart(unit, value)));
        told.extend([stats.min, quantiles.q25, quantiles.q50, quantiles.q75, stats.max].map(at));
    }
    told.resize(DATA.len() - 1, Cell::Plain(Value::Null));
    told
}
