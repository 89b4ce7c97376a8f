//! Tasks that keep their id and become another check.

use crate::suite::TaskInfo;
use crate::task::Terms;
use crate::value::{Value, to_json, to_value};

/// The most characters of a value that is told.
const WIDTH: usize = 40;

/// A task that both runs have by its id, and that is another check now, or one that decides nothing any more: what it came
/// to says nothing of what it came to before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedTask {
    /// Its id.
    pub task_id: String,
    /// What of it is not as it was, in words.
    pub what: String,
}

/// Those of the tasks that both have (place in the compared suite, place in that of the baseline). What a prompt says is known by
/// the fingerprint of its judge; what a function does by the `version` that was given to it, and otherwise not.
pub(super) fn changed(now: &[TaskInfo], before: &[TaskInfo], shared: &[(usize, usize)]) -> Vec<ChangedTask> {
    let all = shared.iter().map(|(task, partner)| (&now[*task], &before[*partner]));
    all.filter_map(|(now, before)| {
        let told = now.terms.as_ref().zip(before.terms.as_ref());
        let further = told.into_iter().flat_map(|(now, before)| terms(before).into_iter().zip(terms(now)));
        let differ = fields(before).into_iter().zip(fields(now)).chain(further);
        let differ = differ.filter(|((_, before), (_, now))| before != now);
        let mut what: Vec<String> = differ
            .map(|((name, before), (_, now))| match [&before, &now].map(|value| brief(value)) {
                [before, now] if before == now => format!("`{name}` differs further on: {before}"),
                [before, now] => format!("`{name}` was {before}, is {now}"),
            })
            .collect();
        // A run that was made before versions were written down has none to compare with.
        let versions = told.and_then(|(now, before)| now.version.as_ref().zip(before.version.as_ref()));
        what.extend(
            versions
                .filter(|(now, before)| now != before)
                .map(|(now, before)| format!("`version` was {before:?}, is {now:?}")),
        );
        let others = now.judge.zip(before.judge).is_some_and(|(now, before)| now != before);
        if others && what.is_empty() {
            what.push("its prompt, its models or their settings are others".to_owned());
        }
        if now.advisory.is_some() && before.advisory.is_none() {
            what.push("it counted, and only reports now".to_owned());
        }
        (!what.is_empty()).then(|| ChangedTask { task_id: now.id.clone(), what: what.join("; ") })
    })
    .collect()
}

/// What makes a check what it is, by the names that users know, as JSON: `1` is not `1.0`, and the decimal `0.1e0` not the
/// float `0.1`.
fn fields(task: &TaskInfo) -> [(&'static str, String); 4] {
    let text = |text: Option<String>| Value::from(text).to_string();
    [
        ("task_type", task.kind.clone()),
        ("context_path", text(task.context_path.clone())),
        ("operator", text(task.operator.map(|operator| operator.to_string()))),
        ("expected_value", to_json(&task.expected)),
    ]
}

/// What else does, where both runs know it.
fn terms(terms: &Terms) -> [(&'static str, String); 3] {
    [
        ("each", to_value(&terms.each).unwrap_or_default().to_string()),
        ("item_context_path", Value::from(terms.item_context_path.clone()).to_string()),
        ("assertion", to_json(&terms.assertion)),
    ]
}

fn brief(value: &str) -> String {
    match value.char_indices().nth(WIDTH) {
        None => value.to_owned(),
        Some((end, _)) => format!("{}…", &value[..end]),
    }
}
