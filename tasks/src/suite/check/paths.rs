//! Paths that lead nowhere.

use std::collections::BTreeSet;

use scouter_engine::nearest;

use super::examine::{Found, Looked};
use super::finding::{Severity, share};
use super::prompts::is_there;
use super::sample::{Seen, Trial};
use crate::operator::{Family, Operator, short_key, some_of};
use crate::path::Path;
use crate::task::{Purpose, Use};
use crate::value::{Value, from_json};

/// How many records are asked for a path that may have been meant.
const ASKED: usize = 20;

/// How a hint begins that tells of what records have where nothing is near to what is missing.
pub(crate) const THE_RECORDS_HAVE: &str = "the records have ";

/// Whether every path resolves. Says whether it found why the task errors where it does.
pub(super) fn examine(task: &Looked<'_>, found: &mut Found<'_>) -> bool {
    let uses = &task.trial.suite.uses[task.at];
    let mut explained = false;
    for (at, used) in uses.iter().enumerate() {
        // One path may stand in a template several times.
        let again =
            |other: &Use| other.field == used.field && other.path.to_string() == used.path.to_string();
        if !uses[..at].iter().any(again) {
            explained |= examine_use(task, used, found);
        }
    }
    explained
}

fn examine_use(task: &Looked<'_>, used: &Use, found: &mut Found<'_>) -> bool {
    let mut missing = Vec::new();
    let mut hidden = Vec::new();
    let mut known = 0;
    for &record in &task.reached {
        match task.trial.read(record, task.at, &used.path) {
            Seen::Unknown => continue,
            Seen::Found(_) => {}
            Seen::Missing => missing.push(record),
            Seen::Unreadable(why) => hidden.push(why),
        }
        known += 1;
    }
    let (path, field) = (&used.path, Some(used.field.as_str()));
    let severity = |some: usize| if some == known { Severity::Error } else { Severity::Warning };
    if let Some(why) = hidden.first() {
        let message =
            format!("what `{path}` leads to cannot be read in {}: {why}", share(hidden.len(), known));
        found.add(severity(hidden.len()), field, message, None);
    }
    if missing.is_empty() {
        return !hidden.is_empty();
    }
    let everywhere = missing.len() == known;
    let near = || {
        let elsewhere = || meant(task.trial, path, &missing).or_else(|| of_dependency(task, path));
        of_task(task, path).or_else(elsewhere)
    };
    let there = || there(task, path, &missing);
    let share = share(missing.len(), known);
    match used.purpose {
        Purpose::Filled => {
            let message = format!("`${{{path}}}` has no source: `{path}` is missing in {share}");
            found.add(severity(missing.len()), field, message, near());
            return true;
        }
        Purpose::Offered => {}
        Purpose::Judged if !everywhere => {
            if !judges_presence(task) {
                found.add(Severity::Note, field, format!("`{path}` is missing in {share}"), None);
            }
        }
        Purpose::Judged if judges_presence(task) => {
            if let Some(hint) = near().or_else(there) {
                let message = format!("`{path}` is missing in {share}");
                found.add(Severity::Warning, field, message, Some(hint));
            }
        }
        Purpose::Judged => {
            let hint = near().or_else(|| exchanged(task)).or_else(there);
            found.add(Severity::Error, field, format!("`{path}` is missing in {share}"), hint);
        }
    }
    !hidden.is_empty()
}

/// What to do where the path begins with the id of another task, whose output it does not read.
fn of_task(task: &Looked<'_>, path: &Path) -> Option<String> {
    let plan = &task.trial.suite.plan;
    let needs = |at: usize| plan.nodes[task.at].parents.iter().any(|parent| parent.index() == at);
    let text = path.to_string();
    plan.nodes.iter().enumerate().filter(|(at, _)| *at != task.at).find_map(|(at, node)| {
        let id = &node.id;
        if path.first_key()?.to_lowercase() == *id {
            return (!needs(at))
                .then(|| format!("`{id}` is a task: name it in `depends_on` to read what it made"));
        }
        // A path ends its first key at a dot, which the id goes on after.
        let rest = text.get(id.len()..).filter(|rest| rest.is_empty() || rest.starts_with(['.', '[']))?;
        let named = id.contains('.') && text[..id.len()].to_lowercase() == *id;
        let need = if needs(at) { "" } else { ", and name it in `depends_on`" };
        named.then(|| format!("`{id}` is a task: write `[\"{id}\"]{rest}` to read what it made{need}"))
    })
}

/// What was probably meant where the path begins nearly as the id of a task that it may read of.
fn of_dependency(task: &Looked<'_>, path: &Path) -> Option<String> {
    let plan = &task.trial.suite.plan;
    let parents = plan.nodes[task.at].parents.iter().map(|parent| plan.nodes[parent.index()].id.as_str());
    let first = path.first_key()?;
    // Within what the task itself makes something else is misspelt.
    let near = nearest(first, parents).filter(|near| *near != first.to_lowercase())?;
    Some(format!("did you mean `{near}{}`?", path.to_string().strip_prefix(first)?))
}

/// What was probably meant by a path that leads nowhere in these records.
pub(super) fn meant(trial: &Trial<'_>, path: &Path, missing: &[usize]) -> Option<String> {
    let contexts = || missing.iter().take(ASKED).map(|&record| trial.context(record));
    let near = contexts().find_map(|context| path.near(context));
    let near = near.map(|near| format!("did you mean `{near}`?"));
    near.or_else(|| contexts().find_map(|context| within_text(path, context)))
}

/// What the records have in the place of what a gate looks at and finds in none of them: it is closed for all, and nobody sees
/// what is behind it fail.
fn there(task: &Looked<'_>, path: &Path, missing: &[usize]) -> Option<String> {
    let opens_on_nothing = task.says.operator == Some(Operator::NotExists);
    if opens_on_nothing || !task.trial.suite.plan.nodes[task.at].gate {
        return None;
    }
    let mut seen = BTreeSet::new();
    let mut names = Vec::new();
    for &record in missing.iter().take(ASKED) {
        for name in path.instead(task.trial.context(record)) {
            if seen.insert(name.clone()) {
                names.push(name);
            }
        }
    }
    (!names.is_empty()).then(|| format!("{THE_RECORDS_HAVE}{}", some_of(&names, |name| short_key(name))))
}

/// What to do where the record has what is expected as a name: both are texts, and easily given in the other's place.
fn exchanged(task: &Looked<'_>) -> Option<String> {
    let name = task.says.expected.as_text().filter(|name| !name.is_empty() && is_there(task, name))?;
    Some(format!(
        "`{name}`, which is what is expected, is in the records: are path and expected value exchanged?"
    ))
}

/// What to do where the path goes on within text that is JSON.
fn within_text(path: &Path, context: &Value) -> Option<String> {
    let (outer, text) = path.ends_in_text(context)?;
    let holds = matches!(from_json(text), Ok(Value::Map(_) | Value::List(_)));
    holds.then(|| {
        format!("`{outer}` is text that holds JSON: read it (`json.loads`) where the records are made")
    })
}

/// Whether the task asks whether there is anything at all: then a missing path is an answer.
fn judges_presence(task: &Looked<'_>) -> bool {
    task.says.operator.is_some_and(|operator| operator.row().family == Family::Presence)
}
