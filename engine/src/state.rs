//! The scheduler: a pure, synchronous state machine. It says which node may start next and what
//! an outcome means for the others; it runs nothing itself.

use crate::outcome::Position;
use crate::outcome::{Outcome, SkipReason, Verdict};
use crate::shape::Shape;

/// The state of one run over one input.
#[derive(Debug)]
pub(crate) struct RunState<'g, V> {
    shape: &'g Shape,
    /// How many dependencies each node still waits for; empty where the graph has no edges.
    waiting: Vec<u32>,
    /// Nodes whose dependencies are all done, in the order in which they became so, after the
    /// roots. A node enters once, so the queue is a list with a cursor.
    ready: Vec<u32>,
    /// Where the queue of roots and ready nodes goes on.
    next: usize,
    /// Of the nodes up to the last that has ended. One that has not stands as cancelled, which it is if the run is
    /// stopped.
    outcomes: Vec<Outcome<V>>,
}

impl<'g, V> RunState<'g, V> {
    pub(crate) fn new(shape: &'g Shape) -> Self {
        let later = shape.len() - shape.roots.len();
        Self {
            shape,
            waiting: if later == 0 { Vec::new() } else { shape.waiting.to_vec() },
            ready: Vec::with_capacity(later),
            next: 0,
            outcomes: Vec::with_capacity(shape.len()),
        }
    }

    /// The next node to run. Nodes whose dependencies decide that they do not run are settled on
    /// the way.
    pub(crate) fn start(&mut self) -> Option<usize> {
        let roots = &self.shape.roots;
        // Nothing stands in the way of what depends on nothing.
        if let Some(&root) = roots.get(self.next) {
            self.next += 1;
            return Some(root as usize);
        }
        while let Some(&at) = self.ready.get(self.next - roots.len()) {
            self.next += 1;
            match self.blocked(at as usize) {
                None => return Some(at as usize),
                Some(reason) => self.finish(at as usize, Outcome::Skipped(reason)),
            }
        }
        None
    }

    /// Takes the outcome of a node that was started, and lets those that waited for it go on.
    pub(crate) fn finish(&mut self, at: usize, outcome: Outcome<V>) {
        if at < self.outcomes.len() {
            debug_assert!(matches!(self.outcomes[at], Outcome::Cancelled), "a node ends once");
            self.outcomes[at] = outcome;
        } else {
            // Mostly it is the next one.
            self.outcomes.resize_with(at, || Outcome::Cancelled);
            self.outcomes.push(outcome);
        }
        for &dependent in self.shape.dependents.of(at) {
            let waiting = &mut self.waiting[dependent as usize];
            *waiting -= 1;
            if *waiting == 0 {
                self.ready.push(dependent);
            }
        }
    }

    /// How nodes ended, by their places: of all that have.
    pub(crate) fn outcomes(&self) -> &[Outcome<V>] {
        &self.outcomes
    }

    /// One outcome for every node: what has none was cancelled.
    pub(crate) fn into_outcomes(mut self) -> Vec<Outcome<V>> {
        self.outcomes.resize_with(self.shape.len(), || Outcome::Cancelled);
        self.outcomes
    }

    /// Why a node whose dependencies are all settled must not run. The first dependency, in the
    /// order declared, that stands in its way is the reason: the same for any order of finishing.
    fn blocked(&self, at: usize) -> Option<SkipReason> {
        self.shape.dependencies.of(at).iter().find_map(|&need| {
            let by = Position(need);
            let gate = self.shape.gates[need as usize];
            match &self.outcomes[need as usize] {
                Outcome::Done(output) if gate && output.verdict != Some(Verdict::Passed) => {
                    Some(SkipReason::GateClosed { by })
                }
                Outcome::Done(_) | Outcome::Cancelled => None,
                Outcome::Errored(_) if gate => Some(SkipReason::GateClosed { by }),
                Outcome::Errored(_) => Some(SkipReason::UpstreamErrored { by }),
                // A closed gate is the reason for everything below it, however far.
                Outcome::Skipped(SkipReason::GateClosed { by }) => Some(SkipReason::GateClosed { by: *by }),
                Outcome::Skipped(_) => Some(SkipReason::UpstreamSkipped { by }),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::{NodeError, Output};
    use proptest::prelude::*;

    /// A random graph: node `n` may depend on nodes before it. With each node, whether it is a
    /// gate and how it will end if it runs.
    fn graphs() -> impl Strategy<Value = Vec<(Vec<u32>, bool, End)>> {
        let node = |at: u32| {
            let needs = prop::collection::vec(0..at.max(1), 0..if at == 0 { 1 } else { 4 });
            (needs, any::<bool>(), prop_oneof![Just(End::Pass), Just(End::Fail), Just(End::Error)])
        };
        (1_u32..12).prop_flat_map(move |size| (0..size).map(node).collect::<Vec<_>>()).prop_map(
            |mut nodes| {
                for (at, node) in nodes.iter_mut().enumerate() {
                    node.0.retain(|&need| (need as usize) < at);
                }
                nodes
            },
        )
    }

    #[derive(Clone, Copy, Debug)]
    enum End {
        Pass,
        Fail,
        Error,
    }

    fn outcome(end: End) -> Outcome<()> {
        let done = |verdict| Outcome::Done(Output { value: (), verdict: Some(verdict) });
        match end {
            End::Pass => done(Verdict::Passed),
            End::Fail => done(Verdict::Failed),
            End::Error => Outcome::Errored(NodeError::new("fail")),
        }
    }

    fn shape(nodes: &[(Vec<u32>, bool, End)]) -> Shape {
        let dependencies: Vec<Vec<u32>> = nodes.iter().map(|node| node.0.clone()).collect();
        Shape::new(&dependencies, nodes.iter().map(|node| node.1).collect())
    }

    /// Runs to the end, letting the started node that `pick` chooses finish next.
    fn drive(nodes: &[(Vec<u32>, bool, End)], mut pick: impl FnMut(usize) -> usize) -> Vec<Outcome<()>> {
        let shape = shape(nodes);
        let mut state = RunState::new(&shape);
        let mut running: Vec<usize> = Vec::new();
        loop {
            while let Some(at) = state.start() {
                for &need in &nodes[at].0 {
                    let dependency = &state.outcomes()[need as usize];
                    assert!(matches!(dependency, Outcome::Done(_)), "started before its dependency");
                }
                running.push(at);
            }
            if running.is_empty() {
                break;
            }
            let chosen = running.swap_remove(pick(running.len()));
            state.finish(chosen, outcome(nodes[chosen].2));
        }
        let outcomes = state.into_outcomes();
        assert!(!outcomes.contains(&Outcome::Cancelled), "every node ends");
        outcomes
    }

    proptest! {
        #[test]
        fn outcomes_do_not_depend_on_the_order_of_finishing(
            nodes in graphs(),
            picks in prop::collection::vec(any::<prop::sample::Index>(), 16),
        ) {
            let first = drive(&nodes, |_| 0);
            let mut picks = picks.into_iter().cycle();
            let other = drive(&nodes, |running| picks.next().unwrap().index(running));
            prop_assert_eq!(first, other);
        }

        #[test]
        fn a_node_runs_exactly_when_nothing_upstream_stands_in_its_way(nodes in graphs()) {
            let outcomes = drive(&nodes, |running| running - 1);
            for (at, (needs, _, _)) in nodes.iter().enumerate() {
                let open = needs.iter().all(|&need| {
                    let gate = nodes[need as usize].1;
                    let ended = &outcomes[need as usize];
                    matches!(ended, Outcome::Done(_)) && (!gate || ended.verdict() == Some(Verdict::Passed))
                });
                prop_assert_eq!(!matches!(outcomes[at], Outcome::Skipped(_)), open);
            }
        }

        #[test]
        fn a_node_below_a_closed_gate_names_the_gate(nodes in graphs()) {
            let outcomes = drive(&nodes, |_| 0);
            for outcome in &outcomes {
                if let Outcome::Skipped(SkipReason::GateClosed { by }) = outcome {
                    let gate = &nodes[by.index()];
                    prop_assert!(gate.1);
                    prop_assert!(outcomes[by.index()].verdict() != Some(Verdict::Passed));
                    prop_assert!(!matches!(outcomes[by.index()], Outcome::Skipped(_)));
                }
            }
        }
    }
}
