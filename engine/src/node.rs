//! What a node is, what it sees, and what it answers.

use std::fmt::Debug;
use std::time::Duration;

use futures_util::future::BoxFuture;

use crate::limits::PoolName;
use crate::outcome::{NodeError, Outcome, Output};

/// What running a node comes to.
pub type NodeResult<V> = Result<Output<V>, NodeError>;

/// A node's answer: at once, or later.
pub enum Step<'a, V> {
    /// The answer.
    Ready(NodeResult<V>),
    /// The work that leads to the answer. It starts when it is first polled, so that a node which
    /// runs under a limit does nothing before it has its permit.
    Pending(BoxFuture<'a, NodeResult<V>>),
}

impl<V: Debug> Debug for Step<'_, V> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Ready(result) => f.debug_tuple("Ready").field(result).finish(),
            Self::Pending(_) => f.write_str("Pending"),
        }
    }
}

/// What a node sees: its input and the outputs of the dependencies it declared, nothing else.
#[derive(Debug)]
pub struct NodeCx<'a, 'r, I, V> {
    /// The input of the run.
    pub input: &'a I,
    pub(crate) dependencies: &'r [u32],
    pub(crate) outcomes: &'r [Outcome<V>],
}

impl<'r, I, V> NodeCx<'_, 'r, I, V> {
    /// The output of the dependency at place `at` of the node's declaration. `None` where the
    /// node declared no such dependency: one that it did declare is always done when it runs.
    ///
    /// A node that answers later clones what it needs before it returns.
    pub fn upstream(&self, at: usize) -> Option<&'r Output<V>> {
        let position = *self.dependencies.get(at)?;
        self.outcomes.get(position as usize)?.output()
    }
}

/// A node of a graph: a compiled piece of work.
pub trait Node<I, V>: Send + Sync + Debug {
    /// The name of its kind, for plans and messages.
    fn kind(&self) -> &'static str;

    /// Whether it may answer later. A graph none of whose nodes wait runs its inputs in chunks,
    /// one after another, on every core; a node that says `false` must always be
    /// [`Step::Ready`].
    fn waits(&self) -> bool {
        true
    }

    /// Whether its outputs carry a verdict. A node without one cannot be a gate.
    fn has_verdict(&self) -> bool {
        true
    }

    /// The pool whose permits it runs under, such as `openai`; `None` for no limit.
    fn pool(&self) -> Option<&PoolName> {
        None
    }

    /// How long one run of it may take, once it has its permit. `None` leaves it to
    /// [`crate::Limits::node_timeout`]. Only work that waits can be timed out.
    fn timeout(&self) -> Option<Duration> {
        None
    }

    /// Runs it. An error is data: it ends this node, never the run.
    fn run<'a>(&'a self, cx: NodeCx<'a, '_, I, V>) -> Step<'a, V>;
}
