//! One graph over many inputs: bounded, in order, on all cores.
//!
//! A batch has a number of *lanes*. Each takes inputs, runs the graph over them one after another,
//! and sends what it keeps of a chunk of them, as one. Where no node waits there is a lane for every core and
//! inputs are taken in chunks; where nodes wait, there are as many lanes as inputs may be in
//! flight. Nothing is spawned for an input.

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::future::poll_fn;
use std::num::NonZeroUsize;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::task::{JoinError, JoinSet, yield_now};

use crate::graph::Graph;
use crate::outcome::Report;
use crate::run::{Run, RunCx};

/// How many inputs a lane takes at once where no node waits: enough to make the hand-over free,
/// few enough to stop soon and to share the end of the batch between the cores.
const CHUNK: usize = 256;

/// How many inputs may wait for their turn at least where nodes wait: one that takes ten times as long as others would
/// otherwise keep most lanes idle for most of that time.
const EARLY: usize = 1024;

/// How long a lane works before it hands over what it has of a chunk.
const OVERDUE: Duration = Duration::from_millis(10);

/// Where a batch takes its inputs from.
pub trait Source<I>: Send {
    /// The next inputs, at most `most` and at least one; an empty list is the end.
    fn take(&mut self, most: NonZeroUsize) -> impl Future<Output = Vec<I>> + Send;
}

/// The inputs of an iterator.
#[derive(Debug)]
pub struct Iter<T>(pub T);

impl<I: Send, T: Iterator<Item = I> + Send> Source<I> for Iter<T> {
    async fn take(&mut self, most: NonZeroUsize) -> Vec<I> {
        self.0.by_ref().take(most.get()).collect()
    }
}

/// What is kept of a batch, chunk by chunk in the order of its inputs. Dropping it stops the batch.
#[derive(Debug)]
pub struct Batch<K> {
    ended: mpsc::Receiver<Ended<K>>,
    /// What ended before its turn, by the index of its first input.
    early: BTreeMap<usize, Ended<K>>,
    next: usize,
    lanes: JoinSet<()>,
    /// What stops the batch once its time is over; nothing does where it has all there is.
    deadline: JoinSet<()>,
}

/// What a lane keeps of one chunk of inputs.
#[derive(Debug)]
struct Ended<K> {
    first: usize,
    /// How many inputs it is kept of.
    count: usize,
    kept: K,
    /// Given back when the last of the chunk is taken in their turn: what waits for its
    /// turn is bounded.
    room: Option<OwnedSemaphorePermit>,
}

impl<K: Default> Ended<K> {
    fn from(first: usize) -> Self {
        Self { first, count: 0, kept: K::default(), room: None }
    }
}

impl<K> Batch<K> {
    /// What is kept of the next inputs, with the index of the first of them, or `None` at the end.
    ///
    /// Cancellation-safe: nothing is lost when the future is dropped.
    ///
    /// # Panics
    /// Where the source or `keep` panicked.
    pub async fn next(&mut self) -> Option<(usize, K)> {
        loop {
            if let Some(ended) = self.early.remove(&self.next) {
                self.next += ended.count;
                return Some((ended.first, ended.kept));
            }
            // A lane that panicked took results with it: the others would wait for their turn for
            // ever, and what is left must not pass for a short batch.
            tokio::select! {
                biased;
                ended = self.ended.recv() => {
                    if let Some(ended) = ended {
                        self.early.insert(ended.first, ended);
                    } else {
                        let Some(lane) = self.lanes.join_next().await else {
                            self.deadline.abort_all();
                            return None;
                        };
                        told(lane);
                    }
                },
                Some(lane) = self.lanes.join_next() => told(lane),
            }
        }
    }
}

/// Panics where the lane did.
fn told(lane: Result<(), JoinError>) {
    if let Err(error) = lane
        && error.is_panic()
    {
        std::panic::resume_unwind(error.into_panic());
    }
}

/// The most inputs that a chunk of this graph holds, so that a source can prepare them.
pub fn chunk<I, V>(graph: &Graph<I, V>) -> NonZeroUsize {
    let inputs = if graph.waits() { 1 } else { CHUNK };
    NonZeroUsize::new(inputs).unwrap_or(NonZeroUsize::MIN)
}

/// Runs the graph over every input of the source, at most `lanes` of them at a time. `keep` adds
/// each report to what is kept of its chunk. An input may carry more than nodes see of it, for `keep`.
/// What the source gives becomes an input by `open`: lanes take turns at the source, so that all
/// work that can wait until then is better done there. Over what `open` makes no input of, the graph is not
/// run: it has added to what is kept itself, of what came out before. Both run on the lane's thread.
///
/// A run that is stopped through `cx`, as its deadline does, ends the batch after the inputs that were under way: every
/// input that was taken has its result.
///
/// Must be called within a tokio runtime.
pub fn run_batch<S, T, I, V, K>(
    graph: &Arc<Graph<I, V>>,
    source: impl Source<S> + 'static,
    lanes: NonZeroUsize,
    cx: &RunCx,
    open: impl Fn(&mut K, S) -> Option<T> + Send + Sync + 'static,
    keep: impl Fn(&mut K, T, Report<V>) + Send + Sync + 'static,
) -> Batch<K>
where
    S: Send + 'static,
    T: Borrow<I> + Send + Sync + 'static,
    I: Send + Sync + 'static,
    V: Send + Sync + 'static,
    K: Default + Send + 'static,
{
    let lanes = lanes.get();
    // Two chunks a lane: one under way, one that waits for its turn. Inputs that are waited for take as long as they like.
    let early = if graph.waits() { lanes.max(EARLY) } else { lanes };
    let room = Arc::new(Semaphore::new(lanes + early));
    let (sender, ended) = mpsc::channel(2 * lanes);
    let inputs = Arc::new(Mutex::new(Inputs { source, next: 0 }));
    let work = Arc::new((open, keep));
    let mut running = JoinSet::new();
    for _ in 0..lanes {
        let lane = Lane { graph: graph.clone(), inputs: inputs.clone(), room: room.clone(), cx: cx.clone() };
        running.spawn(lane.drive(work.clone(), sender.clone()));
    }
    let mut deadline = JoinSet::new();
    if let Some(time) = cx.limits.deadline {
        let cancel = cx.cancel.clone();
        deadline.spawn(async move {
            tokio::time::sleep(time).await;
            cancel.overdue();
        });
    }
    Batch { ended, early: BTreeMap::new(), next: 0, lanes: running, deadline }
}

struct Inputs<S> {
    source: S,
    next: usize,
}

struct Lane<I, V, S> {
    graph: Arc<Graph<I, V>>,
    inputs: Arc<Mutex<Inputs<S>>>,
    room: Arc<Semaphore>,
    cx: RunCx,
}

/// What `work` comes to, and whether it had to be waited for.
async fn noting<T>(work: impl Future<Output = T>, waited: &mut bool) -> T {
    let mut work = pin!(work);
    poll_fn(|cx| {
        let polled = work.as_mut().poll(cx);
        *waited |= polled.is_pending();
        polled
    })
    .await
}

impl<I: Send + Sync, V: Send, S> Lane<I, V, S> {
    async fn drive<U, T, K>(
        self,
        work: Arc<(
            impl Fn(&mut K, U) -> Option<T> + Send + Sync,
            impl Fn(&mut K, T, Report<V>) + Send + Sync,
        )>,
        sender: mpsc::Sender<Ended<K>>,
    ) where
        U: Send,
        T: Borrow<I> + Send + Sync,
        S: Source<U>,
        K: Default,
    {
        let (open, keep) = &*work;
        let chunk = chunk(&self.graph);
        // The semaphore is never closed.
        while let Ok(room) = self.room.clone().acquire_owned().await {
            let (first, inputs) = self.take(chunk).await;
            if inputs.is_empty() {
                return;
            }
            let mut ended = Ended::from(first);
            let (mut took, mut waited) = (Duration::ZERO, false);
            // One input begins where the one before ended: to ask the clock again takes as long as a check.
            let mut started = self.cx.clock.instant();
            for input in inputs {
                if took > OVERDUE {
                    // What is done is handed over, so that a slow input keeps it from nobody.
                    took = Duration::ZERO;
                    let next = Ended::from(ended.first + ended.count);
                    let done = std::mem::replace(&mut ended, next);
                    if sender.send(done).await.is_err() {
                        return;
                    }
                    started = self.cx.clock.instant();
                }
                ended.count += 1;
                let Some(input) = open(&mut ended.kept, input) else {
                    started = self.cx.clock.instant();
                    continue;
                };
                let run = Run::begin(&self.graph, input.borrow(), &self.cx, started);
                let report = if run.waits() { noting(run.end(), &mut waited).await } else { run.report() };
                (started, took) = (started + report.took, took + report.took);
                keep(&mut ended.kept, input, report);
            }
            ended.room = Some(room);
            if sender.send(ended).await.is_err() {
                return;
            }
            // Whoever takes it was woken on this thread, and would wait for as long as this lane finds inputs: the others would run
            // out of room meanwhile. A lane that waits lets others go first by itself, and what it asks next should not wait for all
            // that they have to do.
            if !waited {
                yield_now().await;
            }
        }
    }

    async fn take<U>(&self, chunk: NonZeroUsize) -> (usize, Vec<U>)
    where
        S: Source<U>,
    {
        let mut inputs = self.inputs.lock().await;
        if self.cx.cancel.is_cancelled() {
            return (inputs.next, Vec::new());
        }
        let first = inputs.next;
        let taken = inputs.source.take(chunk).await;
        inputs.next += taken.len();
        (first, taken)
    }
}
