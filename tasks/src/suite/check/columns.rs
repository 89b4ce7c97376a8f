//! Columns over all records, as far as single ones tell of them.

use super::finding::{Finding, Severity, share};
use super::paths::meant;
use super::sample::Trial;
use crate::window::Cell;

/// Whether the columns of fields can be made of the records.
pub(super) fn examine(trial: &Trial<'_>, findings: &mut Vec<Finding>) {
    let Some(plan) = trial.suite.window.as_deref() else { return };
    for (at, task) in plan.suite.tasks.iter().enumerate() {
        for (read, holds) in plan.fields_of(at) {
            let path = trial.suite.reads.path(read);
            let cells: Vec<(usize, Cell)> = (0..trial.len())
                .map(|record| (record, Cell::of_read(&trial.field(record, path), holds)))
                .collect();
            let mut found = |severity, message, hint| {
                let (task, field) = (task.id.clone(), Some("columns".to_owned()));
                findings.push(Finding { severity, task, field, message, hint });
            };
            let severity =
                |some: usize| if some == cells.len() { Severity::Error } else { Severity::Warning };
            let missing: Vec<usize> =
                cells.iter().filter(|(_, cell)| *cell == Cell::Missing).map(|(record, _)| *record).collect();
            if missing.len() == cells.len() {
                let message = format!("`{path}` is missing in {}", share(missing.len(), cells.len()));
                found(Severity::Error, message, meant(trial, path, &missing));
            }
            let mut wrong = cells.iter().filter_map(|(_, cell)| match cell {
                Cell::Wrong(what) => Some(what),
                _ => None,
            });
            if let Some(first) = wrong.next() {
                let some = 1 + wrong.count();
                let holds = holds.name();
                let share = share(some, cells.len());
                let message = format!("`{path}` is to be one of {holds}, and is {first} in {share}");
                found(severity(some), message, None);
            }
        }
    }
}
