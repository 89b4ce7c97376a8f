//! One graph over one input.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt};

use crate::cancel::Cancel;
use crate::clock::{Clock, SystemClock};
use crate::graph::Graph;
use crate::limits::Limits;
use crate::node::{NodeCx, NodeResult, Step};
use crate::outcome::{ErrorKind, NodeError, Outcome, Report};
use crate::state::RunState;

/// What runs share: limits, the switch that stops them, the clock.
#[derive(Clone, Debug)]
pub struct RunCx {
    /// How much may happen at once, and for how long.
    pub limits: Limits,
    /// Stops the runs.
    pub cancel: Cancel,
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
}

impl Default for RunCx {
    fn default() -> Self {
        Self { limits: Limits::default(), cancel: Cancel::default(), clock: Arc::new(SystemClock) }
    }
}

type Waiting<'a, V> = FuturesUnordered<BoxFuture<'a, (usize, NodeResult<V>)>>;

/// Runs the graph over the input. It always comes back with an outcome for every node: errors and
/// panics are outcomes, and a stopped run reports what was done.
///
/// Dropping the future drops the work that is under way and starts nothing more.
pub async fn run<I: Sync, V: Send>(graph: &Graph<I, V>, input: &I, cx: &RunCx) -> Report<V> {
    Run::begin(graph, input, cx, cx.clock.instant()).end().await
}

/// A run of which all has started that could start so far. Nodes that answer at once have run by then, and those that
/// depend on nothing else: where that is all of them there is nothing to wait for, and no future is needed.
pub(crate) struct Run<'a, I, V> {
    graph: &'a Graph<I, V>,
    input: &'a I,
    cx: &'a RunCx,
    started: Instant,
    state: RunState<'a, V>,
    /// What is under way.
    waiting: Option<Waiting<'a, V>>,
}

impl<'a, I: Sync, V: Send> Run<'a, I, V> {
    /// Its time counts from `started`.
    pub(crate) fn begin(graph: &'a Graph<I, V>, input: &'a I, cx: &'a RunCx, started: Instant) -> Self {
        let mut run = Self { graph, input, cx, started, state: RunState::new(&graph.shape), waiting: None };
        run.start();
        run
    }

    /// Whether something has to be waited for; never where the run is stopped.
    pub(crate) fn waits(&self) -> bool {
        self.waiting.as_ref().is_some_and(|waiting| !waiting.is_empty()) && !self.cx.cancel.is_cancelled()
    }

    /// Waits for what is under way, and starts what can start then, until the run is over or stopped.
    pub(crate) async fn end(mut self) -> Report<V> {
        let cx = self.cx;
        while self.waits()
            && let Some(waiting) = self.waiting.as_mut()
        {
            let ended = tokio::select! {
                ended = waiting.next() => ended,
                () = cx.cancel.cancelled() => None,
            };
            let Some((at, result)) = ended else { break };
            self.state.finish(at, outcome(result));
            self.start();
        }
        self.report()
    }

    /// What the run came to, of which nothing is waited for any more.
    pub(crate) fn report(self) -> Report<V> {
        let Self { cx, started, state, waiting, .. } = self;
        drop(waiting);
        Report {
            outcomes: state.into_outcomes(),
            took: cx.clock.instant().saturating_duration_since(started),
        }
    }

    /// Starts whatever can start: what a node answers at once may let others start.
    fn start(&mut self) {
        let mut running = None;
        // A panic ends its node and nothing else. The node is not used to repair anything after it. All that start together
        // are watched as one, since most do next to nothing.
        while let Err(panic) = catch_unwind(AssertUnwindSafe(|| self.start_each(&mut running))) {
            let Some(at) = running.take() else { resume_unwind(panic) };
            self.state.finish(at, Outcome::Errored(panicked(&panic)));
        }
    }

    /// The same, which notes the node that is running for the case that it panics.
    fn start_each(&mut self, running: &mut Option<usize>) {
        let (graph, input, cx) = (self.graph, self.input, self.cx);
        while !cx.cancel.is_cancelled()
            && let Some(at) = self.state.start()
        {
            let (dependencies, outcomes) = (graph.shape.dependencies.of(at), self.state.outcomes());
            *running = Some(at);
            let step = graph.node(at).run(NodeCx { input, dependencies, outcomes });
            *running = None;
            match step {
                Step::Ready(result) => self.state.finish(at, outcome(result)),
                Step::Pending(work) => {
                    let work = limited(graph, at, work, &cx.limits);
                    self.waiting.get_or_insert_default().push(work.map(move |result| (at, result)).boxed());
                }
            }
        }
    }
}

fn outcome<V>(result: NodeResult<V>) -> Outcome<V> {
    result.map_or_else(Outcome::Errored, Outcome::Done)
}

/// The node's work under its pool's permit and its timeout, with panics as errors.
async fn limited<'a, I, V: Send>(
    graph: &'a Graph<I, V>,
    at: usize,
    work: BoxFuture<'a, NodeResult<V>>,
    limits: &'a Limits,
) -> NodeResult<V> {
    let node = graph.node(at);
    // Permits are never closed: an error here would mean that no limit is in force.
    let _permit = match limits.permits(node.pool()) {
        Some(permits) => permits.acquire().await.ok(),
        None => None,
    };
    let work = AssertUnwindSafe(work).catch_unwind().map(|ended| match ended {
        Ok(result) => result,
        Err(panic) => Err(panicked(&panic)),
    });
    // Who has all time there is, such as a node that keeps its time itself, needs no timer.
    match node.timeout().or(limits.node_timeout).filter(|most| *most < Duration::MAX) {
        None => work.await,
        Some(most) => tokio::time::timeout(most, work).await.unwrap_or_else(|_| Err(timed_out(most))),
    }
}

fn timed_out(after: Duration) -> NodeError {
    NodeError::of(ErrorKind::TimedOut, format!("finish within {after:?}"))
}

fn panicked(panic: &Box<dyn Any + Send>) -> NodeError {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    let text = text.unwrap_or_else(|| "a panic without a message".to_owned());
    NodeError::of(ErrorKind::Panicked, format!("run: it panicked: {text}"))
}
