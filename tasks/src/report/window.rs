//! What the tasks came to that look at all records at once, as the page shows it.

use scouter_engine::Outcome;
use serde::Serialize;

use super::chart::{Share, shares};
use super::check::Check;
use super::facts::{Facts, is_quiet};
use super::html::{MOST_LETTERS, label, shown};
use super::text::head;
use crate::measured::Measured;
use crate::result::number;
use crate::value::{Map, Number, Value};

/// How many features of a task are shown, and drawn.
const MOST_FEATURES: usize = 50;
const MOST_DRAWN: usize = 8;

/// What the template is filled with.
#[derive(Debug, Serialize)]
pub(super) struct Window {
    checks: Vec<Shown>,
}

#[derive(Debug, Serialize)]
struct Shown {
    id: String,
    description: Option<String>,
    gate: bool,
    status: &'static str,
    label: String,
    open: bool,
    message: String,
    path: Option<String>,
    operator: Option<String>,
    expected: Option<String>,
    actual: Option<String>,
    columns: Vec<String>,
    features: Vec<Feature>,
    drawings: Vec<String>,
    more: usize,
}

#[derive(Debug, Serialize)]
struct Feature {
    name: String,
    drifted: bool,
    cells: Vec<String>,
}

/// The checks of all records together.
pub(super) fn window(facts: &Facts<'_>) -> Window {
    let outcomes = facts.results.rows().iter().flat_map(|row| &row.outcomes);
    Window { checks: outcomes.enumerate().map(|(at, outcome)| check(facts, at, outcome)).collect() }
}

fn check(facts: &Facts<'_>, at: usize, outcome: &Outcome<Measured>) -> Shown {
    let task = &facts.results.tasks()[at];
    let told = Check::of(facts.results, 0, at, MOST_LETTERS);
    let features = outcome.output().and_then(|output| output.value.found()?.get("features")?.as_map());
    let features: Vec<(&str, &Map)> = features
        .into_iter()
        .flat_map(Map::iter)
        .filter_map(|(name, of)| Some((name.as_str(), of.as_map()?)))
        .collect();
    // Those that drifted first.
    let (mut first, rest): (Vec<_>, Vec<_>) = features.into_iter().partition(|(_, of)| has_drifted(of));
    first.extend(rest);
    let columns = columns(first.first().map(|(_, of)| *of));
    let drawings = first.iter().take(MOST_DRAWN).filter_map(|(name, of)| drawing(name, of));
    Shown {
        id: shown(&task.id),
        description: task.description.as_deref().map(shown),
        gate: task.gate,
        status: told.status.as_str(),
        label: label(told.status),
        open: !is_quiet(outcome),
        message: told.message,
        path: told.path,
        operator: told.operator,
        expected: told.expected,
        actual: told.actual,
        drawings: drawings.collect(),
        more: first.len().saturating_sub(MOST_FEATURES),
        features: first.iter().take(MOST_FEATURES).map(|(name, of)| feature(name, of, &columns)).collect(),
        columns: columns.iter().map(|name| head(name)).collect(),
    }
}

fn has_drifted(of: &Map) -> bool {
    of.get("drifted").and_then(Value::as_bool) == Some(true)
}

/// The names of all that is a number.
fn columns(of: Option<&Map>) -> Vec<String> {
    let entries = of.into_iter().flat_map(Map::iter).filter(|(_, value)| value.as_number().is_some());
    entries.map(|(name, _)| name.to_string()).collect()
}

fn feature(name: &str, of: &Map, columns: &[String]) -> Feature {
    let cell = |column: &String| match of.get(column) {
        Some(Value::Float(float)) => number(*float),
        Some(value) => value.to_string(),
        None => "–".to_owned(),
    };
    Feature { name: shown(name), drifted: has_drifted(of), cells: columns.iter().map(cell).collect() }
}

/// How rows fall into the bins of a feature that has some.
fn drawing(name: &str, of: &Map) -> Option<String> {
    let float = |bin: &Value, name: &str| bin.get(name)?.as_number().map(Number::to_f64);
    let share = |bin: &Value| {
        Some(Share {
            label: bin.get("bin")?.as_text()?.to_owned(),
            baseline: float(bin, "baseline")?,
            current: Some((float(bin, "current")?, float(bin, "term")?)),
        })
    };
    let bins: Vec<Share> = of.get("bins")?.as_list()?.iter().filter_map(share).collect();
    (!bins.is_empty()).then(|| shares(name, &bins))
}
