//! Runs a graph of nodes over one input, or over many, and always comes back with a report.
//!
//! The engine knows nothing of evaluation: no paths, no models, no SQL, no Python. It is generic
//! over the input `I` that every node sees and over the value `V` that a node makes.
//!
//! | module | what it holds |
//! |---|---|
//! | [`node`] | what a node is, what it sees, what it answers |
//! | [`outcome`] | how a node ended, and the report of a run |
//! | [`graph`] | the immutable graph, its builder and all its checks |
//! | [`plan`] | the graph as people and UIs look at it |
//! | [`run`] | one graph over one input |
//! | [`batch`] | one graph over many inputs, in order, with bounds |
//! | [`limits`] | pools, timeouts, deadline |
//! | [`cancel`] | stopping a run from outside |
//! | [`clock`] | the one owner of time |
//! | `nearest`, `causes` | words of errors: what was probably meant, and an error with its causes in one line |
//!
//! ```
//! use scouter_engine::{Declaration, GraphBuilder, Node, NodeCx, Output, RunCx, Step, Verdict, run};
//!
//! #[derive(Debug)]
//! struct AtLeast(u32);
//!
//! impl Node<u32, u32> for AtLeast {
//!     fn kind(&self) -> &'static str {
//!         "at least"
//!     }
//!
//!     fn waits(&self) -> bool {
//!         false
//!     }
//!
//!     fn run<'a>(&'a self, cx: NodeCx<'a, '_, u32, u32>) -> Step<'a, u32> {
//!         let verdict = if *cx.input >= self.0 { Verdict::Passed } else { Verdict::Failed };
//!         Step::Ready(Ok(Output { value: *cx.input, verdict: Some(verdict) }))
//!     }
//! }
//!
//! let mut graph = GraphBuilder::default();
//! graph.add(Declaration::new("small", AtLeast(1)).gate());
//! graph.add(Declaration::new("large", AtLeast(100)).after(["small"]));
//! let graph = graph.build()?;
//!
//! # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
//! # runtime.block_on(async {
//! let report = run(&graph, &7, &RunCx::default()).await;
//! assert_eq!(report.outcomes[0].verdict(), Some(Verdict::Passed));
//! assert_eq!(report.outcomes[1].verdict(), Some(Verdict::Failed));
//! # });
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod batch;
pub mod cancel;
pub mod clock;
pub mod graph;
pub mod limits;
pub mod node;
pub mod outcome;
pub mod plan;
pub mod run;

mod builder;
mod causes;
mod nearest;
mod shape;
mod state;

pub use batch::{Batch, Iter, Source, run_batch};
pub use builder::{Declaration, GraphBuilder, GraphErrors, GraphProblem};
pub use cancel::Cancel;
pub use causes::causes;
pub use clock::{Clock, SystemClock};
pub use graph::Graph;
pub use limits::{Limits, PoolName};
pub use nearest::{misspelt, nearest};
pub use node::{Node, NodeCx, NodeResult, Step};
pub use outcome::{ErrorKind, NodeError, Outcome, Output, Position, Report, SkipReason, Verdict};
pub use plan::{Plan, PlanNode};
pub use run::{RunCx, run};
