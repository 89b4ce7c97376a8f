//! Building a graph: everything that can be wrong with it is found here, all at once.

use std::collections::{HashMap, HashSet, VecDeque};
use std::fmt;

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use crate::graph::{Entry, Graph};
use crate::nearest::nearest;
use crate::node::Node;
use crate::shape::Shape;

/// A node with its name and its edges, as it is declared.
#[derive(Debug)]
pub struct Declaration<I, V> {
    id: String,
    depends_on: Vec<String>,
    gate: bool,
    node: Box<dyn Node<I, V>>,
}

impl<I, V> Declaration<I, V> {
    /// A node that depends on nothing and is no gate.
    pub fn new(id: impl Into<String>, node: impl Node<I, V> + 'static) -> Self {
        Self::boxed(id, Box::new(node))
    }

    /// The same for a node that is boxed already.
    pub fn boxed(id: impl Into<String>, node: Box<dyn Node<I, V>>) -> Self {
        Self { id: id.into(), depends_on: Vec::new(), gate: false, node }
    }

    /// Runs after these nodes, and sees their outputs in this order.
    #[must_use]
    pub fn after<S: Into<String>>(mut self, ids: impl IntoIterator<Item = S>) -> Self {
        self.depends_on.extend(ids.into_iter().map(Into::into));
        self
    }

    /// Makes it a gate: unless it passes, nothing downstream of it runs.
    #[must_use]
    pub fn gate(mut self) -> Self {
        self.gate = true;
        self
    }
}

/// Collects declarations until [`GraphBuilder::build`] checks them.
#[derive(Debug)]
pub struct GraphBuilder<I, V> {
    declarations: Vec<Declaration<I, V>>,
}

impl<I, V> Default for GraphBuilder<I, V> {
    fn default() -> Self {
        Self { declarations: Vec::new() }
    }
}

/// One thing that is wrong with a graph.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GraphProblem {
    /// Two nodes have one id.
    #[error("the id `{id}` is used more than once")]
    DuplicateId {
        /// The id.
        id: String,
    },
    /// A dependency that is not in the graph.
    #[error("`{id}` depends on `{dependency}`, which does not exist{}", hint(nearest.as_deref()))]
    UnknownDependency {
        /// The node that depends on it.
        id: String,
        /// The name that is not there.
        dependency: String,
        /// The id that was probably meant.
        nearest: Option<String>,
    },
    /// Nodes that wait for each other.
    #[error("`{}` depends on itself: {}", path[0], way(path))]
    Cycle {
        /// The way round, which ends with the id it begins with.
        path: Vec<String>,
    },
    /// A gate that can never be judged.
    #[error("`{id}` has no verdict, so it cannot be a gate")]
    GateWithoutVerdict {
        /// The node.
        id: String,
    },
}

/// How many ids of a cycle are told at either end.
const TOLD: usize = 10;

/// A way round, of which a long one is told without its middle.
fn way(path: &[String]) -> String {
    const ARROW: &str = " → ";
    let left_out = path.len().saturating_sub(2 * TOLD);
    if left_out == 0 {
        return path.join(ARROW);
    }
    let [begin, end] = [&path[..TOLD], &path[path.len() - TOLD..]].map(|part| part.join(ARROW));
    format!("{begin}{ARROW}… {left_out} more …{ARROW}{end}")
}

fn hint(nearest: Option<&str>) -> String {
    nearest.map(|id| format!("; did you mean `{id}`?")).unwrap_or_default()
}

impl GraphProblem {
    /// The node that it is about.
    pub fn id(&self) -> &str {
        match self {
            Self::DuplicateId { id }
            | Self::UnknownDependency { id, .. }
            | Self::GateWithoutVerdict { id } => id,
            Self::Cycle { path } => &path[0],
        }
    }
}

/// Everything that is wrong with a graph, in the order of declaration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphErrors(pub Vec<GraphProblem>);

impl fmt::Display for GraphErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let problems: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&problems.join("; "))
    }
}

impl std::error::Error for GraphErrors {}

impl<I, V> GraphBuilder<I, V> {
    /// Adds a node. Nodes may be declared in any order.
    pub fn add(&mut self, declaration: Declaration<I, V>) {
        self.declarations.push(declaration);
    }

    /// The graph of all nodes added.
    ///
    /// # Errors
    /// With every problem there is: duplicate ids, unknown dependencies, cycles, gates without a
    /// verdict.
    pub fn build(self) -> Result<Graph<I, V>, GraphErrors> {
        // Each problem goes with the place of the node it is about, to be told in that order.
        let mut problems: Vec<(usize, GraphProblem)> = Vec::new();
        let mut places: HashMap<&str, u32> = HashMap::with_capacity(self.declarations.len());
        for (place, declared) in (0_u32..).zip(&self.declarations) {
            if places.insert(&declared.id, place).is_some() {
                problems.push((place as usize, GraphProblem::DuplicateId { id: declared.id.clone() }));
            }
        }
        let mut dag = DiGraph::<(), ()>::new();
        for _ in &self.declarations {
            dag.add_node(());
        }
        let mut dependencies = Vec::with_capacity(self.declarations.len());
        for (place, declared) in self.declarations.iter().enumerate() {
            if declared.gate && !declared.node.has_verdict() {
                problems.push((place, GraphProblem::GateWithoutVerdict { id: declared.id.clone() }));
            }
            let mut needs = Vec::with_capacity(declared.depends_on.len());
            for name in &declared.depends_on {
                if let Some(&need) = places.get(name.as_str()) {
                    needs.push(need);
                    dag.add_edge(NodeIndex::new(need as usize), NodeIndex::new(place), ());
                } else {
                    problems.push((place, self.unknown(declared, name)));
                }
            }
            dependencies.push(needs);
        }
        problems.extend(self.cycles(&dag, &dependencies));
        if !problems.is_empty() {
            problems.sort_by_key(|(place, _)| *place);
            return Err(GraphErrors(problems.into_iter().map(|(_, problem)| problem).collect()));
        }
        let gates = self.declarations.iter().map(|declared| declared.gate).collect();
        let entries = self.declarations.into_iter().map(|d| Entry { id: d.id, node: d.node }).collect();
        Ok(Graph::new(entries, Shape::new(&dependencies, gates), dag))
    }

    fn unknown(&self, declared: &Declaration<I, V>, name: &str) -> GraphProblem {
        let others = self.declarations.iter().map(|other| other.id.as_str()).filter(|id| *id != declared.id);
        GraphProblem::UnknownDependency {
            id: declared.id.clone(),
            dependency: name.to_owned(),
            nearest: nearest(name, others).map(str::to_owned),
        }
    }

    /// One cycle for each knot of nodes that wait for each other, walked from the node declared
    /// first.
    fn cycles(&self, dag: &DiGraph<(), ()>, dependencies: &[Vec<u32>]) -> Vec<(usize, GraphProblem)> {
        // Without recursion: a chain may be longer than the stack is deep.
        let knots = kosaraju_scc(dag);
        let mut found = Vec::new();
        for knot in knots {
            let members: HashSet<usize> = knot.iter().map(|node| node.index()).collect();
            let Some(&first) = members.iter().min() else { continue };
            let alone = members.len() == 1;
            if alone && !dependencies[first].iter().any(|&need| need as usize == first) {
                continue;
            }
            let way = shortest_way_round(first, dependencies, &members);
            let path = way.into_iter().map(|place| self.declarations[place].id.clone()).collect();
            found.push((first, GraphProblem::Cycle { path }));
        }
        found
    }
}

/// The shortest walk from `first` along dependencies back to `first`, both ends included.
fn shortest_way_round(first: usize, dependencies: &[Vec<u32>], members: &HashSet<usize>) -> Vec<usize> {
    let mut came_from: HashMap<usize, usize> = HashMap::new();
    let mut frontier = VecDeque::from([first]);
    while let Some(place) = frontier.pop_front() {
        for need in dependencies[place].iter().map(|&need| need as usize) {
            if need == first {
                let mut way = vec![first, place];
                let mut at = place;
                while let Some(&before) = came_from.get(&at) {
                    way.push(before);
                    at = before;
                }
                way.reverse();
                // A node that depends on itself directly is its own neighbour.
                return if place == first { vec![first, first] } else { way };
            }
            if members.contains(&need) && !came_from.contains_key(&need) {
                came_from.insert(need, place);
                frontier.push_back(need);
            }
        }
    }
    vec![first, first]
}
