//! Where in what a drift task measures there is something, known before anything is measured: by the names that `measure` gives.

use super::baseline::Baseline;
use crate::operator::{short_key, some_of};
use crate::path::{Path, Read, Step};
use crate::value::Value;

/// Why nothing is measured at the path; `None` where there is something, or may be within an array.
pub(super) fn nothing_at(path: &Path, baseline: &Baseline, features: &[&str]) -> Option<String> {
    path.first_key()?;
    let places = places(baseline, features);
    let Read::Missing { taken } = path.read(&places) else { return None };
    let mut steps = path.steps().iter().take(taken);
    let reached = steps.try_fold(&places, |at, step| match step {
        Step::Key(key) => at.get(key),
        Step::Index(_) | Step::All => None,
    });
    if reached.is_some_and(|at| at.as_list().is_some()) {
        return None;
    }
    let there = || {
        let names = path.instead(&places);
        (!names.is_empty()).then(|| format!("; there is {}", some_of(&names, |name| short_key(name))))
    };
    let near = path.near(&places).map(|near| format!("; did you mean `{near}`?"));
    let hint = near.or_else(there).unwrap_or_default();
    Some(format!("nothing is measured at `{}`{hint}", path.up_to_missing(taken)))
}

/// An object of the form of what is measured, without its values: nulls, and empty arrays.
fn places(baseline: &Baseline, features: &[&str]) -> Value {
    let (summaries, feature) = match baseline {
        Baseline::Psi(_) => (
            vec!["psi", "p_value"],
            feature(&["psi", "p_value", "threshold", "drifted", "baseline_rows", "unseen"], &["bins"]),
        ),
        Baseline::Spc(_) => (
            vec!["alerts", "spread_alerts", "p_value"],
            feature(
                &["points", "alert_count", "spread_alert_count", "p_value", "drifted", "center", "mean"],
                &["alerts"],
            ),
        ),
        Baseline::Custom(_) => (Vec::new(), feature(&["value", "baseline", "difference", "drifted"], &[])),
    };
    let spread = Value::map(["min", "mean", "max"].map(|name| (name, Value::Null)));
    let head = ["method", "drifted", "records", "values"].map(|name| (name, Value::Null));
    let drifted = [("drifted_features", Value::list([]))];
    let summaries = summaries.into_iter().map(|name| (name, spread.clone()));
    let features = Value::map(features.iter().map(|name| (*name, feature.clone())));
    Value::map(head.into_iter().chain(drifted).chain(summaries).chain([("features", features)]))
}

/// What is measured of one feature, by the names of values and of arrays, beside how many rows it has.
fn feature(values: &[&str], arrays: &[&str]) -> Value {
    let values = ["values", "missing", "left_out"].iter().chain(values).map(|name| (*name, Value::Null));
    Value::map(values.chain(arrays.iter().map(|name| (*name, Value::list([])))))
}
