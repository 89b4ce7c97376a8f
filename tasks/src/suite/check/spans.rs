//! Names of spans that no trace has.

use super::examine::{Found, Looked};
use super::finding::{Severity, share};
use crate::result;

/// Whether a name that the task looks for in spans is in none of the traces and near to one that is.
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
    if let Some((absent, hint)) = absent.iter().find_map(|absent| Some((absent, absent.hint()?))) {
        let share = share(task.reached.len(), task.reached.len());
        found.add(Severity::Warning, Some("assertion"), format!("{absent} in {share}"), Some(hint));
    }
}
