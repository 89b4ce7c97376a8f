//! Names of spans that no trace has.

use scouter_engine::Verdict;

use super::examine::{Found, Looked};
use super::finding::{Severity, share};
use crate::result;
use crate::subject::Spans;

/// How a hint begins that tells of what traces have where nothing is near to a name that a gate looks for in them.
pub(crate) const THE_TRACES_HAVE: &str = "the traces have ";

/// Whether a name that the task looks for in spans is in none of the traces and near to one that is, or keeps a gate closed
/// for all of them: nobody sees what is behind it fail.
pub(super) fn examine(task: &Looked<'_>, found: &mut Found<'_>) {
    let Some(explain) = &task.trial.suite.tasks[task.at].explain else { return };
    // Where something was found all the same, the name is one of several that a filter takes.
    let is_lost = |record: usize| {
        let outcome = task.trial.outcome(record, task.at);
        outcome.is_none_or(|outcome| result::found(outcome) == Some(false))
    };
    let absent = |record| explain.absent(task.trial.spans(record)).filter(|_| is_lost(record));
    let absent = task.reached.iter().map(|&record| absent(record));
    let Some(absent) = absent.collect::<Option<Vec<_>>>() else { return };
    let near = absent.into_iter().find_map(|absent| absent.hint().map(|hint| (absent, hint)));
    let instead = || {
        let spans: Vec<&Spans> = task.reached.iter().map(|&record| task.trial.spans(record)).collect();
        let (absent, instead) = explain.absent_in_all(&spans).filter(|_| is_closed(task))?;
        Some((absent, format!("{THE_TRACES_HAVE}{instead}")))
    };
    if let Some((absent, hint)) = near.or_else(instead) {
        let share = share(task.reached.len(), task.reached.len());
        found.add(Severity::Warning, Some("assertion"), format!("{absent} in {share}"), Some(hint));
    }
}

/// Whether it is a gate that fails on every record. One that asks no more than whether there is such a span has its answer.
fn is_closed(task: &Looked<'_>) -> bool {
    let asks_presence = task.says.terms.assertion.get("SpanExists").is_some();
    let failed = |record: usize| {
        let outcome = task.trial.outcome(record, task.at);
        outcome.is_some_and(|outcome| outcome.verdict() == Some(Verdict::Failed))
    };
    let gate = task.trial.suite.plan.nodes[task.at].gate && !asks_presence;
    gate && task.reached.iter().all(|&record| failed(record))
}
