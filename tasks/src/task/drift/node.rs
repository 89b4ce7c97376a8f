//! The node of a drift task, and how what it measured is judged.

use std::sync::Arc;

use scouter_engine::{Node, NodeError, NodeResult, Output, Step, Verdict};

use super::baseline::Baseline;
use super::measure::{Feature, measure};
use super::spec::DriftSpec;
use crate::counted::counted;
use crate::measured::Measured;
use crate::path::Path;
use crate::source::Cx;
use crate::subject::Subject;
use crate::task::build::Explain;
use crate::task::expectation::Expectation;
use crate::value::Value;

/// A drift task, compiled.
#[derive(Debug)]
pub(super) struct Drift {
    pub(super) baseline: Baseline,
    pub(super) features: Vec<Feature>,
    pub(super) path: Path,
    pub(super) expectation: Expectation,
}

impl Drift {
    fn judge(&self, cx: &Cx<'_, '_>) -> NodeResult<Measured> {
        let window = cx.input.window.as_ref();
        let window = window.ok_or_else(|| NodeError::new("look at all records: this is but one"))?;
        let found = measure(&self.baseline, &self.features, window)?;
        let Output { value, verdict } = self.expectation.judge(&self.path.read(&found), &self.path, cx)?;
        Ok(Output { value: value.with_found(found), verdict })
    }
}

impl Explain for Drift {
    fn message(&self, _verdict: Option<Verdict>, measured: &Measured) -> String {
        let explained = self.expectation.explain(measured);
        let explained = if self.path.is_root() { explained } else { format!("`{}`: {explained}", self.path) };
        let found =
            |name: &str| measured.found().and_then(|found| found.get(name).cloned()).unwrap_or_default();
        let drifted: Vec<String> = found("drifted_features")
            .as_list()
            .into_iter()
            .flatten()
            .filter_map(|name| Some(format!("`{}`", name.as_text()?)))
            .collect();
        let drifted = match &drifted[..] {
            [] => String::new(),
            names => format!("; drifted: {}", shortened(names)),
        };
        let [values, records] = [("values", "value"), ("records", "record")]
            .map(|(name, noun)| counted(&found(name).to_string(), noun));
        format!("{explained}; {values} of {records}{drifted}")
    }
}

/// The first of these names, and how many more there are.
fn shortened(names: &[String]) -> String {
    const MOST: usize = 5;
    let more = names.len().saturating_sub(MOST);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    names[..names.len().min(MOST)].join(", ") + &more
}

/// The node; what is compiled is shared with what explains its outcome.
#[derive(Debug)]
pub(super) struct Drifts(pub(super) Arc<Drift>);

impl Node<Subject, Measured> for Drifts {
    fn kind(&self) -> &'static str {
        DriftSpec::KIND
    }

    fn waits(&self) -> bool {
        false
    }

    fn run<'a>(&'a self, cx: Cx<'a, '_>) -> Step<'a, Measured> {
        Step::Ready(self.0.judge(&cx))
    }
}

/// What is judged where nothing else is asked for.
pub(super) fn drifted() -> (String, Value) {
    ("drifted".to_owned(), Value::Bool(false))
}
