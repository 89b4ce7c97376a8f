//! Plans as text.

use std::fmt::Write;

use scouter_engine::{Plan, Position};

use crate::counted::counted;
use crate::suite::Suite;

/// The plan of a suite, stage by stage, with what each of the tasks is for.
pub fn plan_text(suite: &Suite) -> String {
    let window = suite.window.as_deref().map(|window| &window.suite);
    let parts = [Some(suite), window].into_iter().flatten();
    let tasks: usize = parts.clone().map(|part| part.plan.nodes.len()).sum();
    let all: usize = parts.map(|part| part.plan.stages.len()).sum();
    let mut text = format!("Execution plan: {} in {}\n", counted(tasks, "task"), counted(all, "stage"));
    stages(&mut text, suite, 0);
    if let Some(window) = window {
        text.push_str("\nOver all records, when these are done:\n");
        stages(&mut text, window, suite.plan.stages.len());
    }
    text
}

/// The stages of a part, behind so many others.
fn stages(text: &mut String, suite: &Suite, before: usize) {
    let plan: &Plan = &suite.plan;
    let ids = |positions: &[Position]| -> String {
        let ids: Vec<&str> = positions.iter().map(|at| plan.nodes[at.index()].id.as_str()).collect();
        ids.join(", ")
    };
    for (at, stage) in plan.stages.iter().enumerate() {
        let _ = writeln!(text, "\nStage {}", before + at + 1);
        for (place, position) in stage.iter().enumerate() {
            let node = &plan.nodes[position.index()];
            let branch = if place + 1 == stage.len() { "└─" } else { "├─" };
            let _ = write!(text, "{branch} {} ({})", node.id, node.kind);
            if node.gate {
                text.push_str(" [gate]");
            }
            if suite.tasks.get(position.index()).is_some_and(|task| task.advisory.is_some()) {
                text.push_str(" [advisory]");
            }
            if !node.parents.is_empty() {
                let _ = write!(text, " after {}", ids(&node.parents));
            }
            let gates = plan.gates(*position);
            if !gates.is_empty() {
                let _ = write!(text, ", only if {} passed", ids(&gates));
            }
            let over = over(suite, position.index());
            if !over.is_empty() {
                let _ = write!(text, " over the records that {} let through", over.join(", "));
            }
            text.push('\n');
            if let Some(description) = suite.tasks[position.index()].description.as_deref() {
                let line = if place + 1 == stage.len() { " " } else { "│" };
                let _ = writeln!(text, "{line}    {}", description.replace(['\n', '\r', '\t'], " "));
            }
        }
    }
    if plan.stages.len() > 1 {
        let path: Vec<&str> =
            plan.critical_path.iter().map(|at| plan.nodes[at.index()].id.as_str()).collect();
        let _ = write!(text, "\nLongest chain: {}\n", path.join(" → "));
    }
}

/// What a task depends on that is no task of its own part: those of single records.
fn over(suite: &Suite, task: usize) -> Vec<String> {
    let names = suite.specs[task].head().depends_on.iter().map(|name| name.to_lowercase());
    names.filter(|name| suite.tasks.iter().all(|task| task.id != *name)).collect()
}
