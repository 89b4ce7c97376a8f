//! What the builder refuses, and what a plan says.

use crate::support::{now, passed};
use scouter_engine::{Declaration, Graph, GraphBuilder, GraphErrors};

fn graph(nodes: &[(&str, &[&str])]) -> Result<Graph<u64, u64>, GraphErrors> {
    let mut builder = GraphBuilder::default();
    for (id, needs) in nodes {
        builder.add(Declaration::new(*id, now(|_, _| passed(0))).after(needs.iter().copied()));
    }
    builder.build()
}

fn problems(nodes: &[(&str, &[&str])]) -> Vec<String> {
    graph(nodes).unwrap_err().0.iter().map(ToString::to_string).collect()
}

#[test]
fn a_cycle_is_told_with_its_whole_path() {
    let told = problems(&[("a", &["c"]), ("b", &["a"]), ("c", &["b"]), ("d", &["a"])]);
    assert_eq!(told, ["`a` depends on itself: a → c → b → a"]);
}

#[test]
fn a_self_dependency_is_a_cycle_of_one() {
    assert_eq!(problems(&[("a", &["a"])]), ["`a` depends on itself: a → a"]);
}

#[test]
fn an_unknown_dependency_offers_the_nearest_id() {
    let told = problems(&[("not_empty", &[]), ("quality", &["not_emtpy"]), ("tone", &["zzz"])]);
    assert_eq!(
        told,
        [
            "`quality` depends on `not_emtpy`, which does not exist; did you mean `not_empty`?",
            "`tone` depends on `zzz`, which does not exist",
        ]
    );
}

#[test]
fn all_problems_are_told_at_once_in_the_order_of_declaration() {
    let told = problems(&[("a", &["b"]), ("b", &["a"]), ("c", &["x"]), ("c", &[])]);
    assert_eq!(told.len(), 3);
    assert!(told[0].starts_with("`a` depends on itself"), "{told:?}");
    assert!(told[1].starts_with("`c` depends on `x`"), "{told:?}");
    assert_eq!(told[2], "the id `c` is used more than once");
}

#[test]
fn a_gate_needs_a_verdict() {
    let mut builder = GraphBuilder::default();
    builder.add(Declaration::new("value", crate::support::Now(Box::new(|_, _| passed(0)), false)).gate());
    let error = builder.build().unwrap_err();
    assert_eq!(error.to_string(), "`value` has no verdict, so it cannot be a gate");
}

#[test]
fn a_plan_knows_stages_gates_and_the_critical_path() {
    let mut builder = GraphBuilder::default();
    let node = || now(|_, _| passed(0));
    builder.add(Declaration::new("gate", node()).gate());
    builder.add(Declaration::new("free", node()));
    builder.add(Declaration::new("middle", node()).after(["gate"]));
    builder.add(Declaration::new("last", node()).after(["free", "middle"]));
    let plan = builder.build().unwrap().plan();
    let ids = |positions: &[scouter_engine::Position]| -> Vec<String> {
        positions.iter().map(|position| plan.nodes[position.index()].id.clone()).collect()
    };
    let stages: Vec<_> = plan.stages.iter().map(|stage| ids(stage)).collect();
    assert_eq!(stages, [vec!["gate", "free"], vec!["middle"], vec!["last"]]);
    assert_eq!(ids(&plan.critical_path), ["gate", "middle", "last"]);
    let [gate, last] = [0, 3].map(scouter_engine::Position::new);
    assert_eq!(ids(&plan.gates(last)), ["gate"]);
    assert_eq!(ids(&plan.below(gate)), ["middle", "last"]);
    assert_eq!(ids(&plan.nodes[0].children), ["middle"]);
}

/// A chain of nodes, all of them gates, each of which needs the one before it; the first needs `first`.
fn chain(nodes: usize, first: Option<usize>) -> Result<Graph<u64, u64>, GraphErrors> {
    let mut builder = GraphBuilder::default();
    for at in 0..nodes {
        let need = at.checked_sub(1).or(first).map(|need| format!("t{need}"));
        builder.add(Declaration::new(format!("t{at}"), now(|_, _| passed(0))).after(need).gate());
    }
    builder.build()
}

#[test]
fn a_chain_of_a_hundred_thousand_gates_is_a_graph_with_a_plan() {
    let plan = chain(100_000, None).unwrap().plan();
    assert_eq!((plan.stages.len(), plan.critical_path.len()), (100_000, 100_000));
    assert_eq!(plan.gates(scouter_engine::Position::new(99_999)).len(), 99_999);
}

#[test]
fn a_cycle_of_a_hundred_thousand_nodes_is_told_without_its_middle() {
    let errors = chain(100_000, Some(99_999)).unwrap_err();
    let told = errors.to_string();
    assert!(told.starts_with("`t0` depends on itself: t0 → t99999 → t99998 → "), "{told}");
    assert!(told.ends_with(" → … 99981 more … → t9 → t8 → t7 → t6 → t5 → t4 → t3 → t2 → t1 → t0"), "{told}");
    assert_eq!(errors.0.len(), 1);
}

#[test]
fn an_empty_graph_is_sound() {
    let plan = graph(&[]).unwrap().plan();
    assert!(plan.stages.is_empty() && plan.critical_path.is_empty());
}
