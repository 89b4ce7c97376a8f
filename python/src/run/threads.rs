//! The threads of a run: records in, rows out, while the thread that started it may wait.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use scouter_engine::{Cancel, Clock, Limits, PoolName, RunCx, Source, SystemClock};
use scouter_tasks::run::{Logged, LoggedError, Sealed, Sink, rows};
use scouter_tasks::suite::Suite;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::watch::Watch;
use crate::errors;
use crate::evaluate::{POOL, PyEvaluationConfig};

/// How long to wait before listening for signals again.
pub(super) const LISTEN: Duration = Duration::from_millis(50);

/// How long the end of a run is waited for in all. A function that does not return by then is left behind.
const STOPPING: Duration = Duration::from_millis(100);

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

/// A run under way.
pub(super) struct Threads<S: Sink> {
    /// Where records are judged.
    runtime: Runtime,
    /// Where the thread that started the run waits. Its clock goes on while the threads of the other one
    /// are all busy.
    pub(super) waiting: Runtime,
    pub(super) cancel: Cancel,
    /// How many rows there are so far.
    pub(super) done: Arc<AtomicUsize>,
    /// What takes the rows; gone once the run has ended.
    sink: Arc<Mutex<Option<Logged<S>>>>,
    /// Hears when everything was taken; `None` once it was heard.
    ended: Option<oneshot::Receiver<Taken<S>>>,
}

impl<S: Sink + 'static> Threads<S> {
    pub(super) fn start(
        suite: &Suite,
        config: &PyEvaluationConfig,
        Lanes { lanes, workers }: Lanes,
        created_at: DateTime<Utc>,
        cancel: Cancel,
        source: impl Source<Sealed> + 'static,
        sink: Logged<S>,
    ) -> PyResult<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(workers.get())
            .thread_name("scouter")
            .max_blocking_threads(config.max_concurrency.get().min(MOST_FUNCTIONS) + MOST_LEFT_BEHIND)
            .enable_all()
            .build()?;
        let waiting = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
        let mut limits = Limits::default().pool(PoolName::new(POOL), config.max_concurrency.get());
        limits.node_timeout = config.task_timeout;
        let cx = RunCx { limits, cancel, ..RunCx::default() };
        let (finished, ended) = oneshot::channel();
        let sink = Arc::new(Mutex::new(Some(sink)));
        let done = Arc::new(AtomicUsize::new(0));
        let (taking, counting, cancel, suite) =
            (sink.clone(), done.clone(), cx.cancel.clone(), suite.clone());
        runtime.spawn(async move {
            let mut rows = rows(&suite, source, lanes, &cx, created_at);
            let mut outcome = Ok(());
            while let Some((_, more)) = rows.next().await {
                let count = more.rows.len();
                match taking.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
                    // A run that was stopped has left with its sink.
                    None => break,
                    Some(sink) => outcome = sink.take(more),
                }
                if outcome.is_err() {
                    break;
                }
                counting.fetch_add(count, Ordering::Relaxed);
            }
            let failed = outcome.is_err();
            // Nobody listens any more where the run was stopped. Who sees that it was because of this is to
            // find out why.
            let _ = finished.send(outcome);
            if failed {
                cx.cancel.cancel();
            }
        });
        Ok(Self { runtime, waiting, cancel, done, sink, ended: Some(ended) })
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
                Ok(outcome) => outcome.map_err(|error| errors::sink(&error)).and_then(|()| watch.listen(py)),
                // Its thread panicked, which is printed: what is missing must not pass for a result.
                Err(_) => Err(PyRuntimeError::new_err("the run broke off: this is a bug of Scouter")),
            };
        }
        Ok(())
    }

    /// Ends the run: what has taken its rows so far, and why not all, where nobody heard that yet.
    pub(super) fn stop(self, py: Python<'_>, early: bool) -> (Option<Logged<S>>, Taken<S>) {
        let Self { runtime, waiting, cancel, sink, ended, .. } = self;
        py.detach(move || {
            if early {
                cancel.cancel();
            }
            let started = SystemClock.instant();
            let heard = ended.map(|ended| waiting.block_on(async { timeout(STOPPING, ended).await }));
            // Threads that are still in somebody's function then are left to it.
            runtime.shutdown_timeout(STOPPING.saturating_sub(SystemClock.instant() - started));
            let sink = sink.lock().unwrap_or_else(PoisonError::into_inner).take();
            let taken = match heard {
                Some(Ok(Ok(taken))) => taken,
                // It was heard before, or came to no end.
                None | Some(Ok(Err(_)) | Err(_)) => Ok(()),
            };
            (sink, taken)
        })
    }
}
