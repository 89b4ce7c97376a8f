//! Names of spans that no trace has.

use super::examine::{Found, Looked};
use super::finding::{Severity, share};

/// Whether a name that the task looks for in spans is in none of the traces and near to one that is.
pub(super) fn examine(task: &Looked<'_>, found: &mut Found<'_>) {
    let Some(explain) = &task.trial.suite.tasks[task.at].explain else { return };
    let absent = task.reached.iter().map(|&record| explain.absent(task.trial.spans(record)));
    let Some(absent) = absent.collect::<Option<Vec<_>>>() else { return };
    if let Some((absent, hint)) = absent.iter().find_map(|absent| Some((absent, absent.hint()?))) {
        let share = share(task.reached.len(), task.reached.len());
        found.add(Severity::Warning, Some("assertion"), format!("{absent} in {share}"), Some(hint));
    }
}
