//! Tasks that never run, gates that never open, tasks that error.

use std::collections::BTreeSet;

use scouter_engine::{Outcome, Position, Verdict};

use super::examine::{Found, Looked};
use super::finding::{Severity, share};
use super::sample::Blocked;

/// Whether the task runs at all, and opens if it is a gate.
pub(super) fn examine(task: &Looked<'_>, found: &mut Found<'_>) {
    let (trial, plan) = (task.trial, &task.trial.suite.plan);
    let node = &plan.nodes[task.at];
    if task.reached.is_empty() {
        let blocks: BTreeSet<Blocked> =
            (0..trial.len()).filter_map(|record| trial.blocked(record, task.at)).collect();
        let blocks: Vec<String> = blocks
            .into_iter()
            .map(|block| match block {
                Blocked::Closed(gate) => format!("the gate `{}` is closed", plan.nodes[gate.index()].id),
                Blocked::Errored(task) => format!("`{}` errors", plan.nodes[task.index()].id),
            })
            .collect();
        let reason = blocks.join(", or ");
        let message = match trial.len() {
            1 => format!("it does not run on the one sample record: {reason}"),
            all => format!("it runs on none of the {all} sample records: {reason}"),
        };
        found.add(Severity::Warning, None, message, None);
        return;
    }
    let opens = |record: &usize| match trial.outcome(*record, task.at) {
        None => true,
        Some(outcome) => outcome.verdict() == Some(Verdict::Passed),
    };
    if node.gate && !task.reached.iter().any(opens) {
        let below = plan.below(Position::new(task.at)).into_iter();
        let below: Vec<String> = below.map(|at| format!("`{}`", plan.nodes[at.index()].id)).collect();
        let what = if below.is_empty() {
            "nothing depends on it".to_owned()
        } else {
            format!("what depends on it never runs: {}", below.join(", "))
        };
        let share = share(task.reached.len(), task.reached.len());
        found.add(
            Severity::Warning,
            Some("condition"),
            format!("the gate is closed for {share}; {what}"),
            None,
        );
    }
}

/// Whether it comes to an output where it runs.
pub(super) fn examine_errors(task: &Looked<'_>, found: &mut Found<'_>) {
    let outcomes = task.reached.iter().filter_map(|&record| task.trial.outcome(record, task.at));
    let mut errors = outcomes.clone().filter_map(|outcome| match outcome {
        Outcome::Errored(error) => Some(error),
        _ => None,
    });
    if let Some(first) = errors.next() {
        let (some, all) = (1 + errors.count(), task.reached.len());
        let severity = if some == all { Severity::Error } else { Severity::Warning };
        found.add(severity, None, format!("it errors on {}: failed to {first}", share(some, all)), None);
    }
    let nothing = |outcome: &&Outcome<_>| outcome.verdict() == Some(Verdict::NotApplicable);
    let notes: Vec<_> = outcomes.filter(nothing).filter_map(Outcome::output).collect();
    if let Some(first) = notes.first()
        && notes.len() == task.reached.len()
    {
        let why = first.value.note().map(|note| format!(": {note}")).unwrap_or_default();
        let share = share(notes.len(), notes.len());
        found.add(Severity::Warning, None, format!("it has nothing to check on {share}{why}"), None);
    }
}
