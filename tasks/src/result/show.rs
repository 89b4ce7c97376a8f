//! Plans as text.

use std::fmt::Write;

use scouter_engine::{Plan, Position};

use crate::suite::TaskInfo;

/// The plan of a suite, stage by stage, with what each of the tasks is for.
pub fn plan_text(plan: &Plan, tasks: &[TaskInfo]) -> String {
    let ids = |positions: &[Position]| -> String {
        let ids: Vec<&str> = positions.iter().map(|at| plan.nodes[at.index()].id.as_str()).collect();
        ids.join(", ")
    };
    let mut text = format!("Execution plan: {} tasks in {} stages\n", plan.nodes.len(), plan.stages.len());
    for (at, stage) in plan.stages.iter().enumerate() {
        let _ = writeln!(text, "\nStage {}", at + 1);
        for (place, position) in stage.iter().enumerate() {
            let node = &plan.nodes[position.index()];
            let branch = if place + 1 == stage.len() { "└─" } else { "├─" };
            let _ = write!(text, "{branch} {} ({})", node.id, node.kind);
            if node.gate {
                text.push_str(" [gate]");
            }
            if tasks.get(position.index()).is_some_and(|task| task.advisory.is_some()) {
                text.push_str(" [advisory]");
            }
            if !node.parents.is_empty() {
                let _ = write!(text, " after {}", ids(&node.parents));
            }
            let gates = plan.gates(*position);
            if !gates.is_empty() {
                let _ = write!(text, ", only if {} passed", ids(&gates));
            }
            text.push('\n');
            if let Some(description) =
                tasks.get(position.index()).and_then(|task| task.description.as_deref())
            {
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
    text
}
