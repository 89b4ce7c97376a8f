//! The threads of a run: records in, rows out, while the thread that started it may wait.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use scouter_engine::{Cancel, Clock, Limits, PoolName, RunCx, Source, SystemClock};
use scouter_tasks::run::{Logged, LoggedError, Resuming, Sealed, Sink, rows};
use scouter_tasks::suite::Suite;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

use super::watch::Watch;
use crate::evaluate::{POOL, PyEvaluationConfig};

/// How long to wait before listening for signals again.
pub(super) const LISTEN: Duration = Duration::from_millis(50);

/// How long the end of a run is waited for in all. A function that does not return by then is left behind.
const STOPPING: Duration = Duration::from_millis(100);

/// The same where the run's own deadline ended it: rows that were done by then are to be there, and nobody has pressed Ctrl-C.
const OVERDUE: Duration = Duration::from_secs(1);

/// How often a run whose tasks wait wakes one of its threads for nothing.
const TICK: Duration = Duration::from_secs(1);

/// The most functions that run in threads at once.
const MOST_FUNCTIONS: usize = 512;

/// How many that ran out of time may go on beside them: a thread cannot be stopped, and those that hang take no thread from
/// the next ones.
const MOST_LEFT_BEHIND: usize = 512;

/// How many records are under way at a time, and on how many threads.
#[derive(Clone, Copy)]
pub(super) struct Lanes {
    pub(super) lanes: NonZeroUsize,
    pub(super) workers: NonZeroUsize,
}

impl Lanes {
    /// For this many records, where their number is known.
    pub(super) fn of(suite: &Suite, config: &PyEvaluationConfig, records: Option<usize>) -> Self {
        let cores = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        let workers = config.workers.unwrap_or(cores);
        let lanes = if suite.graph.waits() { config.max_concurrency } else { workers };
        let records =
            records.map_or(lanes, |records| NonZeroUsize::new(records).unwrap_or(NonZeroUsize::MIN));
        Self { lanes: lanes.min(records), workers }
    }
}

/// Whether all rows could be taken.
type Taken<S> = Result<(), LoggedError<<S as Sink>::Error>>;

/// What takes the rows, and what it said of them.
struct Taking<S: Sink> {
    sink: Logged<S>,
    taken: Taken<S>,
}

/// Lets rows be taken; whether they were, and there is a use in more.
fn take<S: Sink>(taking: &Mutex<Option<Taking<S>>>, rows: impl FnOnce(&mut Logged<S>) -> Taken<S>) -> bool {
    let mut taking = taking.lock().unwrap_or_else(PoisonError::into_inner);
    // A run that was stopped has left with its sink.
    let Some(Taking { sink, taken }) = taking.as_mut() else { return false };
    *taken = rows(sink);
    taken.is_ok()
}

/// Keeps new timers from waking the thread that waits for the first of all of them, by one that is nearly always sooner: those of a
/// connection that is opened and of a call are stopped long before their time.
async fn tick(cancel: Cancel) {
    while !cancel.is_cancelled() {
        sleep(TICK).await;
    }
}

/// A run under way.
pub(super) struct Threads<S: Sink> {
    /// Where records are judged.
    runtime: Runtime,
    /// Where the thread that started the run waits. Its clock goes on while the threads of the other one
    /// are all busy.
    pub(super) waiting: Runtime,
    pub(super) cancel: Cancel,
    /// How many rows there are so far, without those that the log had.
    pub(super) done: Arc<AtomicUsize>,
    /// What takes the rows; gone once the run has ended. What it says last stands beside it: nobody may be listening then.
    taking: Arc<Mutex<Option<Taking<S>>>>,
    /// Hears when everything was taken; `None` once it was heard.
    ended: Option<oneshot::Receiver<()>>,
}

impl<S: Sink + 'static> Threads<S> {
    pub(super) fn start(
        suite: &Suite,
        config: &PyEvaluationConfig,
        Lanes { lanes, workers }: Lanes,
        created_at: DateTime<Utc>,
        cancel: Cancel,
        source: Resuming<impl Source<Sealed> + 'static>,
        sink: Logged<S>,
    ) -> PyResult<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(workers.get())
            .thread_name("scouter")
            .max_blocking_threads(config.max_concurrency.get().min(MOST_FUNCTIONS) + MOST_LEFT_BEHIND)
            .enable_all()
            .build()?;
        if suite.graph.waits() {
            runtime.spawn(tick(cancel.clone()));
        }
        let waiting = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
        let mut limits = Limits::default().pool(PoolName::new(POOL), config.max_concurrency.get());
        limits.node_timeout = config.task_timeout;
        limits.deadline = config.run_timeout;
        let cx = RunCx { limits, cancel, ..RunCx::default() };
        let (finished, ended) = oneshot::channel();
        let taking = Arc::new(Mutex::new(Some(Taking { sink, taken: Ok(()) })));
        let done = Arc::new(AtomicUsize::new(0));
        let (ours, counting, cancel, suite) =
            (taking.clone(), done.clone(), cx.cancel.clone(), suite.clone());
        runtime.spawn(async move {
            let mut rows = rows(&suite, source, lanes, &cx, created_at);
            let mut all = true;
            while all && let Some((_, more)) = rows.next().await {
                let count = more.rows.len() - more.from_log;
                all = take(&ours, |sink| sink.take(more));
                counting.fetch_add(count, Ordering::Relaxed);
            }
            if !all {
                cx.cancel.cancel();
            }
            // Nobody listens any more where the run was stopped.
            let _ = finished.send(());
        });
        Ok(Self { runtime, waiting, cancel, done, taking, ended: Some(ended) })
    }

    /// Waits for the end of everything that was fed.
    pub(super) fn wait(&mut self, py: Python<'_>, watch: &mut Watch<'_, '_>) -> PyResult<()> {
        while let Some(ended) = self.ended.as_mut() {
            // A run that was stopped is waited for by who stops it, and not for ever.
            let most = if self.cancel.is_cancelled() { Duration::ZERO } else { LISTEN };
            let waiting = &self.waiting;
            let waited = py.detach(|| waiting.block_on(async { timeout(most, ended).await }));
            let Ok(heard) = waited else {
                if most.is_zero() {
                    return Ok(());
                }
                watch.listen(py)?;
                continue;
            };
            self.ended = None;
            return match heard {
                // Who stops the run sees whether everything was taken.
                Ok(()) => watch.listen(py),
                // Its thread panicked, which is printed: what is missing must not pass for a result.
                Err(_) => Err(PyRuntimeError::new_err("the run broke off: this is a bug of Scouter")),
            };
        }
        Ok(())
    }

    /// Ends the run: what has taken its rows so far, and whether that could take all of them.
    pub(super) fn stop(self, py: Python<'_>, early: bool) -> (Option<Logged<S>>, Taken<S>) {
        let Self { runtime, waiting, cancel, taking, ended, .. } = self;
        py.detach(move || {
            let most = if cancel.is_overdue() { OVERDUE } else { STOPPING };
            if early {
                cancel.cancel();
            }
            let started = SystemClock.instant();
            if let Some(ended) = ended {
                // One that comes to no end by then, or panicked, is left to itself.
                let _ = waiting.block_on(async { timeout(most, ended).await });
            }
            // Threads that are still in somebody's function then are left to it.
            runtime.shutdown_timeout(most.saturating_sub(SystemClock.instant() - started));
            // Waits for rows that are being taken.
            let taking = taking.lock().unwrap_or_else(PoisonError::into_inner).take();
            taking.map_or((None, Ok(())), |Taking { sink, taken }| (Some(sink), taken))
        })
    }
}
