//! Plans as text.

use std::fmt::Write;

use scouter_engine::{Plan, Position};

/// The plan of a suite, stage by stage.
pub fn plan_text(plan: &Plan) -> String {
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
            if !node.parents.is_empty() {
                let _ = write!(text, " after {}", ids(&node.parents));
            }
            if !node.gates.is_empty() {
                let _ = write!(text, ", only if {} passed", ids(&node.gates));
            }
            text.push('\n');
        }
    }
    if plan.stages.len() > 1 {
        let path: Vec<&str> =
            plan.critical_path.iter().map(|at| plan.nodes[at.index()].id.as_str()).collect();
        let _ = write!(text, "\nLongest chain: {}\n", path.join(" → "));
    }
    text
}
