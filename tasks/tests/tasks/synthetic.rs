//! Results made up from statuses, without running anything.

use std::num::NonZeroU32;
use std::sync::Arc;

use scouter_engine::{NodeError, Outcome, Output, Position, SkipReason, Verdict};
use scouter_tasks::measured::Measured;
use scouter_tasks::result::{Comparison, Labels, Options, Results, Row, Status, compare};
use scouter_tasks::suite::TaskInfo;
use scouter_tasks::value::Value;

use crate::support::row;

/// Tasks of these names; one that begins with `gate` is a gate.
pub(crate) fn tasks(names: &[&str]) -> Arc<[TaskInfo]> {
    let task = |name: &&str| TaskInfo {
        id: (*name).to_owned(),
        description: None,
        kind: "Assertion".to_owned(),
        gate: name.starts_with("gate"),
        advisory: None,
        judge: None,
        stage: 1,
        depends_on: Vec::new(),
        context_path: None,
        operator: None,
        expected: Value::Null,
        terms: None,
        hint: None,
        explain: None,
    };
    names.iter().map(task).collect()
}

/// An outcome of this status; skipped by the first task, a closed gate.
pub(crate) fn outcome(status: Status) -> Outcome<Measured> {
    let done = |verdict| Outcome::Done(Output { value: Measured::default(), verdict: Some(verdict) });
    match status {
        Status::Passed => done(Verdict::Passed),
        Status::Failed => done(Verdict::Failed),
        Status::NotApplicable => done(Verdict::NotApplicable),
        Status::Errored => Outcome::Errored(NodeError::new("answer")),
        Status::Skipped => Outcome::Skipped(SkipReason::GateClosed { by: Position::new(0) }),
        Status::Cancelled => Outcome::Cancelled,
    }
}

/// `p` for passed, `f` failed, `e` errored, `s` skipped, `n` not applicable, `c` cancelled.
pub(crate) fn statuses(letters: &str) -> Vec<Outcome<Measured>> {
    let of = |letter| Status::ALL.into_iter().find(|status| status.as_str().starts_with(letter)).unwrap();
    letters.chars().map(|letter| outcome(of(letter))).collect()
}

/// Results of one task: these outcomes, for records `r0`, `r1`, …
pub(crate) fn one_task(letters: &str) -> Results {
    let rows = statuses(letters).into_iter().enumerate();
    let rows = rows.map(|(at, outcome)| row(Some(&format!("r{at}")), at as u128, vec![outcome]));
    Results::new(tasks(&["right"]), rows.collect(), false)
}

/// The same with a label for every row.
pub(crate) fn labelled(results: &Results, label: impl Fn(usize) -> Labels) -> Results {
    let tasks = results.tasks().clone();
    let rows = results.rows().iter().enumerate();
    let rows: Vec<Row> =
        rows.map(|(at, row)| Row { labels: Some(Box::new(label(at))), ..row.clone() }).collect();
    Results::new(tasks, rows, false)
}

pub(crate) fn case(name: usize, trial: u32) -> Labels {
    Labels { case: Some(format!("case {name}").into()), trial: NonZeroU32::new(trial), cluster: None }
}

pub(crate) fn cluster(name: usize) -> Labels {
    Labels { cluster: Some(format!("document {name}").into()), ..Labels::default() }
}

pub(crate) fn against(after: &Results, before: &Results, options: Options) -> Comparison {
    compare(&Arc::new(after.clone()), &Arc::new(before.clone()), options)
}
