//! What tasks make, and nobody reads: the records have a key of that name.

use scouter_engine::{Outcome, Position};

use super::examine::{Found, Looked};
use super::finding::Severity;

/// How many records are asked whether they have such a key.
const ASKED: usize = 20;

/// Whether the task reads a key of the record where it names a task that it depends on.
pub(super) fn examine(task: &Looked<'_>, found: &mut Found<'_>) {
    let suite = &task.trial.suite;
    for &parent in &suite.plan.nodes[task.at].parents {
        let id = &suite.plan.nodes[parent.index()].id;
        let hidden = suite.uses[task.at].iter().find_map(|used| {
            let key = used.path.first_key()?;
            (key.to_lowercase() == *id && hides(task, parent, key)).then_some((used.field.as_str(), key))
        });
        if let Some((field, key)) = hidden {
            let message =
                format!("`{key}` is a key of the record, which goes before what the task `{id}` makes");
            let hint = "give that task another id to read what it makes".to_owned();
            found.add(Severity::Warning, Some(field), message, Some(hint));
        }
    }
}

/// Whether a record has this key, with another value than the task makes, as far as that is known.
fn hides(task: &Looked<'_>, parent: Position, key: &str) -> bool {
    task.reached.iter().take(ASKED).any(|&record| {
        let own = task.trial.context(record).as_map().and_then(|own| own.get(key));
        let made = task.trial.outcome(record, parent.index()).and_then(Outcome::output);
        own.is_some_and(|own| made.is_none_or(|made| *made.value.output() != *own))
    })
}
