//! The graph as people and UIs look at it. It describes; it never schedules.

use std::collections::BTreeSet;

use petgraph::algo::toposort;

use crate::graph::Graph;
use crate::outcome::Position;

/// What runs after what, derived from a graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The nodes, in the order of declaration.
    pub nodes: Vec<PlanNode>,
    /// The nodes by stage: a node's stage is one more than the highest of its dependencies'.
    /// A node starts when its own dependencies are done, whatever the rest of their stage does.
    pub stages: Vec<Vec<Position>>,
    /// The longest chain of dependencies, from its beginning; the first declared of several.
    pub critical_path: Vec<Position>,
}

/// One node of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanNode {
    /// Its id.
    pub id: String,
    /// The name of its kind.
    pub kind: &'static str,
    /// Whether it is a gate.
    pub gate: bool,
    /// Whether it may answer later, as what asks a model or runs foreign code does.
    pub waits: bool,
    /// Its stage, from 0.
    pub stage: usize,
    /// What it depends on, in the order declared.
    pub parents: Vec<Position>,
    /// What depends on it, in the order of declaration.
    pub children: Vec<Position>,
}

impl Plan {
    pub(crate) fn of<I, V>(graph: &Graph<I, V>) -> Self {
        let shape = &graph.shape;
        let order: Vec<usize> = toposort(&graph.dag, None)
            .map_or_else(|_| Vec::new(), |order| order.iter().map(|n| n.index()).collect());
        let mut stage = vec![0_usize; shape.len()];
        let mut before: Vec<Option<usize>> = vec![None; shape.len()];
        for at in order {
            for need in shape.dependencies.of(at).iter().map(|&need| need as usize) {
                if stage[need] + 1 > stage[at] {
                    stage[at] = stage[need] + 1;
                    before[at] = Some(need);
                }
            }
        }
        let mut stages = vec![Vec::new(); stage.iter().max().map_or(0, |last| last + 1)];
        for (at, &stage) in stage.iter().enumerate() {
            stages[stage].push(Position::new(at));
        }
        let nodes = graph.ids().enumerate().map(|(at, id)| PlanNode {
            id: id.to_owned(),
            kind: graph.node(at).kind(),
            gate: shape.gates[at],
            waits: graph.node(at).waits(),
            stage: stage[at],
            parents: shape.dependencies.of(at).iter().map(|&need| Position(need)).collect(),
            children: shape.dependents.of(at).iter().map(|&child| Position(child)).collect(),
        });
        let nodes = nodes.collect();
        Self { nodes, critical_path: critical_path(&stage, &before), stages }
    }

    /// The gates that must pass before a node runs, however far upstream, in the order of declaration.
    ///
    /// # Panics
    /// Where the node is not one of this plan.
    pub fn gates(&self, of: Position) -> Vec<Position> {
        let mut gates = self.reached(of, |node| &node.parents);
        gates.retain(|gate| self.nodes[gate.index()].gate);
        gates
    }

    /// The nodes that depend on a node, however far downstream, in the order of declaration.
    ///
    /// # Panics
    /// Where the node is not one of this plan.
    pub fn below(&self, of: Position) -> Vec<Position> {
        self.reached(of, |node| &node.children)
    }

    /// All nodes but the first that are found by going on from it, again and again.
    fn reached(&self, from: Position, next: impl Fn(&PlanNode) -> &[Position]) -> Vec<Position> {
        let mut found = BTreeSet::new();
        let mut open = vec![from];
        while let Some(at) = open.pop() {
            open.extend(next(&self.nodes[at.index()]).iter().filter(|more| found.insert(**more)));
        }
        found.into_iter().collect()
    }
}

fn critical_path(stage: &[usize], before: &[Option<usize>]) -> Vec<Position> {
    let last = stage.iter().copied().max();
    let mut at = stage.iter().position(|stage| Some(*stage) == last);
    let mut path = Vec::new();
    while let Some(node) = at {
        path.push(Position::new(node));
        at = before[node];
    }
    path.reverse();
    path
}
