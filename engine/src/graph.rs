//! The graph of nodes, once it is known to be sound.

use petgraph::graph::DiGraph;

use crate::node::Node;
use crate::plan::Plan;
use crate::shape::Shape;

/// A sound, immutable graph: no cycle, no unknown dependency, no id twice.
///
/// Built by [`crate::GraphBuilder`]; the order of its nodes is the order of declaration.
#[derive(Debug)]
pub struct Graph<I, V> {
    entries: Box<[Entry<I, V>]>,
    pub(crate) shape: Shape,
    pub(crate) dag: DiGraph<(), ()>,
    waits: bool,
}

#[derive(Debug)]
pub(crate) struct Entry<I, V> {
    pub(crate) id: String,
    pub(crate) node: Box<dyn Node<I, V>>,
}

impl<I, V> Graph<I, V> {
    pub(crate) fn new(entries: Vec<Entry<I, V>>, shape: Shape, dag: DiGraph<(), ()>) -> Self {
        let waits = entries.iter().any(|entry| entry.node.waits());
        Self { entries: entries.into(), shape, dag, waits }
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether any of its nodes may answer later.
    pub fn waits(&self) -> bool {
        self.waits
    }

    /// The ids, in the order of declaration.
    pub fn ids(&self) -> impl ExactSizeIterator<Item = &str> {
        self.entries.iter().map(|entry| entry.id.as_str())
    }

    /// The graph as people and UIs look at it.
    pub fn plan(&self) -> Plan {
        Plan::of(self)
    }

    pub(crate) fn node(&self, at: usize) -> &dyn Node<I, V> {
        self.entries[at].node.as_ref()
    }
}
