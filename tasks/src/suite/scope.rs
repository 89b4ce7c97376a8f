//! Which tasks look at single records, and which at all of them.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::task::{Problem, Scope, Task};

/// Tasks by what they look at.
pub(super) struct Scoped {
    pub(super) record: Vec<Member>,
    pub(super) window: Vec<Member>,
    /// What is wrong with tasks that depend on others of the other sort.
    pub(super) problems: Vec<Problem>,
}

/// A task among those that look at the same.
pub(super) struct Member {
    pub(super) task: Arc<dyn Task>,
    pub(super) id: String,
    /// The tasks of the same sort that it depends on, or names that no task has.
    pub(super) after: Vec<String>,
    /// The tasks of single records that say which of them are in the columns of a task of all.
    pub(super) over: Vec<String>,
}

/// Tells tasks apart, in their order. Names are in lower case from here on: a task from a file is by now, one from code perhaps is not.
pub(super) fn scoped(tasks: &[Arc<dyn Task>]) -> Scoped {
    let ids: Vec<String> = tasks.iter().map(|task| task.head().id.to_lowercase()).collect();
    let windowed = windowed(tasks, &ids);
    let is_window = |id: &str| windowed.contains(id);
    let mut scoped = Scoped { record: Vec::new(), window: Vec::new(), problems: Vec::new() };
    for (task, id) in tasks.iter().zip(&ids) {
        let mut problem = |field: &str, message: String| {
            let (task, field) = (Some(id.clone()), Some(field.to_owned()));
            scoped.problems.push(Problem { task, field, message });
        };
        let here = looks_at_all(task, &is_window);
        // Of two tasks of the same sort the graph knows.
        if is_window(id) && !here {
            problem("id", format!("the id `{id}` is used more than once"));
        }
        let mut member = Member { task: task.clone(), id: id.clone(), after: Vec::new(), over: Vec::new() };
        for name in task.head().depends_on.iter().map(|name| name.to_lowercase()) {
            match (here, is_window(&name)) {
                (false, true) => problem(
                    "depends_on",
                    format!(
                        "`{id}` looks at single records, and `{name}` at all of them when these are done"
                    ),
                ),
                (true, false) if ids.contains(&name) => {
                    if task.scope() == Scope::Either {
                        let why = "it depends on a task that does";
                        problem(
                            "depends_on",
                            format!("`{id}` looks at all records, since {why}, and `{name}` at single ones"),
                        );
                    }
                    member.over.push(name);
                }
                _ => member.after.push(name),
            }
        }
        if here { &mut scoped.window } else { &mut scoped.record }.push(member);
    }
    scoped
}

/// Whether a task looks at all records, with these that do.
fn looks_at_all(task: &Arc<dyn Task>, is_window: &impl Fn(&str) -> bool) -> bool {
    match task.scope() {
        Scope::Record => false,
        Scope::Window => true,
        Scope::Either => task.head().depends_on.iter().any(|name| is_window(&name.to_lowercase())),
    }
}

/// The ids of the tasks that look at all records: those that always do, and those that may and depend on one.
fn windowed<'t>(tasks: &[Arc<dyn Task>], ids: &'t [String]) -> BTreeSet<&'t str> {
    let mut found: BTreeSet<&str> = BTreeSet::new();
    loop {
        let more: Vec<&str> = tasks
            .iter()
            .zip(ids)
            .filter(|(task, id)| {
                !found.contains(id.as_str()) && looks_at_all(task, &|name| found.contains(name))
            })
            .map(|(_, id)| id.as_str())
            .collect();
        if more.is_empty() {
            return found;
        }
        found.extend(more);
    }
}
