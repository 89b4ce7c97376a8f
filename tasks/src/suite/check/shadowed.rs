//! What tasks make, and nobody reads: the records have a key of that name.

use scouter_engine::{Outcome, Position};

use super::examine::{Found, Looked};
use super::finding::Severity;
use crate::path::{Path, Read};

/// How many records are asked whether they have such a key.
const ASKED: usize = 20;

/// Whether the task reads a key of the record where it names a task that it depends on.
pub(super) fn examine(task: &Looked<'_>, found: &mut Found<'_>) {
    let suite = &task.trial.suite;
    for &parent in &suite.plan.nodes[task.at].parents {
        let id = &suite.plan.nodes[parent.index()].id;
        let hidden = suite.uses[task.at].iter().find_map(|used| {
            let key = used.path.first_key()?;
            let is_hidden = key.to_lowercase() == *id && hides(task, parent, key, &used.path);
            is_hidden.then_some((used.field.as_str(), key))
        });
        if let Some((field, key)) = hidden {
            let message =
                format!("`{key}` is a key of the record, which goes before what the task of that name makes");
            let hint = format!("give the task `{id}` another id to read what it makes");
            found.add(Severity::Warning, Some(field), message, Some(hint));
        }
    }
}

/// Whether a record has this key, with which the path begins, and something else there than the task makes, as far as that is
/// known. A path that leads nowhere in what it makes is meant for the record.
fn hides(task: &Looked<'_>, parent: Position, key: &str, path: &Path) -> bool {
    let within = path.after_first();
    task.reached.iter().take(ASKED).any(|&record| {
        let context = task.trial.context(record);
        if context.get(key).is_none() {
            return false;
        }
        let Some(made) = task.trial.outcome(record, parent.index()).and_then(Outcome::output) else {
            return true;
        };
        let made = made.value.output();
        let made = match &within {
            Some(within) => within.read(&made),
            None => Read::Found(made.into_owned()),
        };
        match (made, path.read(context)) {
            (Read::Found(made), Read::Found(own)) => !made.is_same(&own),
            (Read::Found(_), Read::Missing { .. } | Read::Unreadable(_)) => true,
            (Read::Missing { .. } | Read::Unreadable(_), _) => false,
        }
    })
}
