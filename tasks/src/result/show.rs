//! Plans and comparisons as text.

use std::fmt::Write;

use scouter_engine::{Plan, Position};

use super::compare::{Comparison, Side, Trend};
use super::table::{number, table};

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

/// A row for every record in both runs, at most `most` of them: regressions first, then
/// improvements, then the rest; the largest change first in each.
pub fn comparison_table(comparison: &Comparison, most: usize, width: Option<u16>) -> String {
    let mut table = table(&["record", "baseline", "comparison", "change", "trend"], width);
    let mut pairs: Vec<_> = comparison.pairs.iter().collect();
    pairs.sort_by(|a, b| {
        let larger = || b.delta().abs().total_cmp(&a.delta().abs());
        a.trend.rank().cmp(&b.trend.rank()).then_with(larger)
    });
    for pair in pairs.iter().take(most) {
        table.add_row(vec![
            pair.record.clone().into(),
            number(&share(pair.baseline_passed, pair.compared)),
            number(&share(pair.comparison_passed, pair.compared)),
            number(&points(pair.delta())),
            pair.trend.as_str().into(),
        ]);
    }
    with_more(table.to_string(), pairs.len(), most, "records")
}

/// A row for every task over all records that both runs have.
pub fn task_table(comparison: &Comparison, width: Option<u16>) -> String {
    let mut table = table(&["task", "baseline", "comparison", "change", "changed records"], width);
    for tally in comparison.tallies() {
        let of = tally.compared.max(1) as f64;
        let delta = (tally.comparison_passed as f64 - tally.baseline_passed as f64) / of;
        table.add_row(vec![
            tally.task_id.clone().into(),
            number(&share(tally.baseline_passed, tally.compared)),
            number(&share(tally.comparison_passed, tally.compared)),
            number(&points(delta)),
            number(&tally.changed),
        ]);
    }
    table.to_string()
}

/// A row for every task that came out otherwise than before, at most `most` of them.
pub fn status_changes_table(comparison: &Comparison, most: usize, width: Option<u16>) -> String {
    let mut table = table(&["record", "task", "baseline", "comparison"], width);
    for change in comparison.changes().take(most) {
        table.add_row(vec![
            change.record.clone(),
            change.task_id.clone(),
            change.baseline.to_string(),
            change.comparison.to_string(),
        ]);
    }
    with_more(table.to_string(), comparison.changes().count(), most, "changes")
}

/// The comparison in a few lines.
pub fn summary_text(comparison: &Comparison) -> String {
    let overall = if comparison.regressed() {
        "regressed"
    } else if comparison.trend(Trend::Improved) > 0 {
        "improved"
    } else {
        "unchanged"
    };
    let mut text = format!(
        "Overall: {overall}\n  {} records in both runs ({} in the baseline, {} compared)\n  {} improved, {} regressed, \
         {} unchanged (threshold: {} points)\n  mean change of the pass rate: {}",
        comparison.pairs.len(),
        comparison.baseline_records,
        comparison.comparison_records,
        comparison.trend(Trend::Improved),
        comparison.trend(Trend::Regressed),
        comparison.trend(Trend::Unchanged),
        (1e8 * comparison.threshold).round() / 1e6,
        points(comparison.mean_delta()),
    );
    for (records, text_of) in [
        (&comparison.lost_records, "only in the baseline"),
        (&comparison.new_records, "only in the compared run"),
    ] {
        if let Some(first) = records.first() {
            let _ = write!(text, "\n  {} records are {text_of}, `{first}` first", records.len());
        }
    }
    if !comparison.missing_tasks.is_empty() {
        let _ = write!(text, "\n  {} tasks are in one of the runs only", comparison.missing_tasks.len());
    }
    text
}

fn share(passed: usize, of: usize) -> String {
    if of == 0 {
        "– (0/0)".to_owned()
    } else {
        format!("{:.1}% ({passed}/{of})", 100.0 * passed as f64 / of as f64)
    }
}

fn points(delta: f64) -> String {
    format!("{:+.1} points", 100.0 * delta)
}

fn with_more(table: String, all: usize, most: usize, what: &str) -> String {
    if all > most { format!("{table}\n… and {} more {what}", all - most) } else { table }
}

impl Trend {
    /// The name as in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Improved => "improved",
            Self::Regressed => "regressed",
            Self::Unchanged => "unchanged",
        }
    }

    fn rank(self) -> u8 {
        match self {
            Self::Regressed => 0,
            Self::Improved => 1,
            Self::Unchanged => 2,
        }
    }
}

impl Side {
    /// The name as in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Baseline => "baseline",
            Self::Comparison => "comparison",
        }
    }
}
