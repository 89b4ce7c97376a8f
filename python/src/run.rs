//! The one place that leaves Python: it feeds records to the engine, waits without the
//! interpreter, and listens for Ctrl-C.
//!
//! Everything it starts ends with it: a process that forks afterwards has nothing of ours in it.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use pyo3::exceptions::{PyKeyboardInterrupt, PyRuntimeError};
use pyo3::prelude::*;
use scouter_engine::{
    Cancel, Clock, Limits, Outcome, PoolName, RunCx, Source, SystemClock, batch, run_batch,
};
use scouter_tasks::measured::Measured;
use scouter_tasks::result::{Results, Row};
use scouter_tasks::subject::Subject;
use tokio::runtime::Runtime;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

mod interrupt;
mod progress;

use interrupt::Interrupt;
use progress::Progress;

use crate::convert::Converter;
use crate::errors;
use crate::evaluate::{Origin, POOL, PyDataset, PyEvaluationConfig, PyRecord};
use crate::results::PyResults;

/// How long to wait before listening for signals again.
const LISTEN: Duration = Duration::from_millis(50);

/// How long a stopped run is waited for. A function that does not return by then is left behind.
const STOPPING: Duration = Duration::from_millis(100);

/// How long records are read before they are handed over.
const SLOW: Duration = Duration::from_millis(20);

/// The most functions that run in threads at once.
const MOST_FUNCTIONS: usize = 512;

/// The event loop that awaits a run, and what tells the run to stop.
pub(crate) struct Awaiting<'py> {
    pub(crate) events: Bound<'py, PyAny>,
    pub(crate) stop: Bound<'py, PyAny>,
}

/// What is kept of a run over one record.
type Kept = (Vec<Outcome<Measured>>, Duration);

/// Runs a dataset.
pub(crate) fn evaluate(
    py: Python<'_>,
    dataset: &PyDataset,
    config: &PyEvaluationConfig,
    awaiting: Option<&Awaiting<'_>>,
) -> PyResult<PyResults> {
    let created_at = SystemClock.now().into();
    let events = Events::of(py, dataset, awaiting)?;
    let mut run = Run::start(dataset, config)?;
    let mut watch = Watch {
        awaiting,
        interrupt: Interrupt::listen(py)?,
        cancel: run.cancel.clone(),
        done: run.done.clone(),
        progress: Progress::new(config.progress, dataset.records.len()),
    };
    let fed = feed(py, dataset, &mut run, events.as_ref(), &mut watch);
    let ended = fed.and_then(|()| run.wait(py, &mut watch));
    let stopped = ended.is_err() || run.cancel.is_cancelled();
    let kept = run.stop(py, stopped);
    drop(events);
    let ended = ended.and_then(|()| watch.interrupt.check(py));
    drop(watch);
    let mut kept = kept.into_iter();
    let tasks = dataset.suite.tasks.len();
    let rows = dataset.records.iter().map(|record| {
        let record = record.borrow(py);
        let (uid, id) = (record.uid, record.id.as_deref().map(Into::into));
        match kept.next() {
            Some((outcomes, took)) => Row { uid, id, created_at, took, outcomes },
            None => Row::cancelled(uid, id, created_at, tasks),
        }
    });
    let results = PyResults::new(Results::new(dataset.suite.tasks.clone(), rows.collect(), stopped));
    match ended {
        Ok(()) => Ok(results),
        // What another signal handler raised is its own affair.
        Err(error) if !error.is_instance_of::<PyKeyboardInterrupt>(py) => Err(error),
        Err(error) => Err(errors::interrupted(py, Bound::new(py, results)?.into_any(), error)),
    }
}

/// A run under way.
struct Run {
    /// Where records are judged.
    runtime: Runtime,
    /// Where this thread waits. Its clock goes on while the threads of the other one are all busy.
    waiting: Runtime,
    cancel: Cancel,
    /// Where records go; `None` once all are fed.
    subjects: Option<mpsc::Sender<Vec<Subject>>>,
    /// What came of the records so far, in their order.
    kept: Arc<Mutex<Vec<Kept>>>,
    done: Arc<AtomicUsize>,
    /// Hears when everything is kept; `None` once it was heard.
    ended: Option<oneshot::Receiver<()>>,
    chunk: usize,
}

/// Chunks of subjects, as they were fed.
struct Fed(mpsc::Receiver<Vec<Subject>>);

impl Source<Subject> for Fed {
    async fn take(&mut self, _most: NonZeroUsize) -> Vec<Subject> {
        self.0.recv().await.unwrap_or_default()
    }
}

impl Run {
    fn start(dataset: &PyDataset, config: &PyEvaluationConfig) -> PyResult<Self> {
        let suite = dataset.suite.clone();
        let cores = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        let workers = config.workers.unwrap_or(cores);
        let records = dataset.records.len();
        let lanes = if suite.graph.waits() { config.max_concurrency } else { workers };
        let lanes = lanes.min(NonZeroUsize::new(records).unwrap_or(NonZeroUsize::MIN));
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(workers.get())
            .thread_name("scouter")
            // Functions that were timed out keep their thread until they return.
            .max_blocking_threads(config.max_concurrency.get().min(MOST_FUNCTIONS))
            .enable_time()
            .build()?;
        let waiting = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
        let mut limits = Limits::default().pool(PoolName::new(POOL), config.max_concurrency.get());
        limits.node_timeout = config.task_timeout;
        let cx = RunCx { limits, ..RunCx::default() };
        let (subjects, fed) = mpsc::channel(2 * workers.get());
        let (finished, ended) = oneshot::channel();
        let kept = Arc::new(Mutex::new(Vec::with_capacity(dataset.records.len())));
        let done = Arc::new(AtomicUsize::new(0));
        // A few chunks for every lane, so that all of them have work to the end.
        let chunk = (records / (4 * lanes.get())).clamp(1, batch::chunk(&suite.graph).get());
        let graph = suite.graph.clone();
        let (keeping, counting, cancel) = (kept.clone(), done.clone(), cx.cancel.clone());
        runtime.spawn(async move {
            let mut results = run_batch(&graph, Fed(fed), lanes, &cx, move |_, mut report| {
                suite.trim(&mut report);
                (report.outcomes, report.took)
            });
            while let Some((_, more)) = results.next().await {
                counting.fetch_add(more.len(), Ordering::Relaxed);
                keeping.lock().unwrap_or_else(PoisonError::into_inner).extend(more);
            }
            // Nobody listens any more where the run was stopped.
            let _ = finished.send(());
        });
        Ok(Self { runtime, waiting, cancel, subjects: Some(subjects), kept, done, ended: Some(ended), chunk })
    }

    /// Waits for the end of everything that was fed.
    fn wait(&mut self, py: Python<'_>, watch: &mut Watch<'_, '_>) -> PyResult<()> {
        self.subjects = None;
        // A run that was stopped is waited for by who stops it, and not for ever.
        while let Some(ended) = self.ended.as_mut().filter(|_| !self.cancel.is_cancelled()) {
            let waiting = &self.waiting;
            let waited = py.detach(|| waiting.block_on(async { timeout(LISTEN, ended).await }));
            match waited {
                Ok(Ok(())) => self.ended = None,
                // Its thread panicked, which is printed: what is missing must not pass for a result.
                Ok(Err(_)) => {
                    return Err(PyRuntimeError::new_err("the run broke off: this is a bug of Scouter"));
                }
                Err(_) => {}
            }
            watch.listen(py)?;
        }
        Ok(())
    }

    /// Ends the run: what was kept of it.
    fn stop(mut self, py: Python<'_>, early: bool) -> Vec<Kept> {
        self.subjects = None;
        let Self { runtime, waiting, cancel, kept, ended, .. } = self;
        py.detach(move || {
            if early {
                cancel.cancel();
            }
            if let Some(ended) = ended {
                let _ = waiting.block_on(async { timeout(STOPPING, ended).await });
            }
            // Threads that are still in somebody's function then are left to it.
            runtime.shutdown_timeout(STOPPING);
            std::mem::take(&mut *kept.lock().unwrap_or_else(PoisonError::into_inner))
        })
    }
}

/// Reads the records and hands them over, chunk by chunk. This is the thread that has the
/// interpreter; it gives it up between chunks.
fn feed(
    py: Python<'_>,
    dataset: &PyDataset,
    run: &mut Run,
    events: Option<&Events>,
    watch: &mut Watch<'_, '_>,
) -> PyResult<()> {
    let Some(sender) = run.subjects.clone() else { return Ok(()) };
    let mut converter = Converter::default();
    let mut records = dataset.records.iter().peekable();
    while records.peek().is_some() {
        let started = SystemClock.instant();
        let mut chunk = Vec::with_capacity(run.chunk);
        for record in records.by_ref() {
            chunk.push(subject(py, dataset, &mut converter, &record.borrow(py), events));
            // Records that take long to read are handed over sooner, and signals heard.
            if chunk.len() == run.chunk || SystemClock.instant() - started > SLOW {
                break;
            }
        }
        let mut waiting = Some(chunk);
        while let Some(chunk) = waiting.take() {
            watch.listen(py)?;
            if run.cancel.is_cancelled() {
                return Ok(());
            }
            let runtime = &run.waiting;
            let sent = py.detach(|| {
                runtime.block_on(async {
                    match timeout(LISTEN, sender.reserve()).await {
                        Ok(Ok(room)) => {
                            room.send(chunk);
                            Ok(None)
                        }
                        Ok(Err(_)) => Err(()),
                        Err(_) => Ok(Some(chunk)),
                    }
                })
            });
            match sent {
                Ok(left) => waiting = left,
                // The batch is gone: `wait` says why.
                Err(()) => return Ok(()),
            }
        }
    }
    Ok(())
}

/// A record as the engine sees it.
fn subject(
    py: Python<'_>,
    dataset: &PyDataset,
    converter: &mut Converter,
    record: &PyRecord,
    events: Option<&Events>,
) -> Subject {
    let context = record.context.bind(py);
    let origin = events.map(|events| {
        let origin = Origin { context: context.clone().unbind(), events: events.object.clone() };
        Arc::new(origin) as scouter_tasks::subject::Origin
    });
    Subject { reads: dataset.reader.read(converter, context.as_any()), spans: record.spans(), origin }
}

/// What the waiting thread has an eye on.
struct Watch<'a, 'py> {
    awaiting: Option<&'a Awaiting<'py>>,
    interrupt: Interrupt,
    cancel: Cancel,
    done: Arc<AtomicUsize>,
    progress: Progress,
}

impl Watch<'_, '_> {
    /// Lets Python's signal handlers run, hears whether whoever awaits the run has given it up,
    /// and shows how far it is.
    fn listen(&mut self, py: Python<'_>) -> PyResult<()> {
        self.progress.show(self.done.load(Ordering::Relaxed));
        self.interrupt.check(py)?;
        if let Some(awaiting) = self.awaiting
            && awaiting.stop.call_method0("is_set")?.is_truthy()?
        {
            self.cancel.cancel();
        }
        Ok(())
    }
}

/// Where functions that are awaited run; closed when it is dropped.
struct Events {
    object: Arc<Py<PyAny>>,
}

impl Events {
    /// `None` where no task needs one.
    fn of(py: Python<'_>, dataset: &PyDataset, awaiting: Option<&Awaiting<'_>>) -> PyResult<Option<Self>> {
        if !dataset.suite.wants_origin {
            return Ok(None);
        }
        let events = awaiting.map(|awaiting| awaiting.events.clone());
        let object = py.import("scouter._events")?.getattr("Events")?.call1((events,))?;
        Ok(Some(Self { object: Arc::new(object.unbind()) }))
    }
}

impl Drop for Events {
    fn drop(&mut self) {
        Python::attach(|py| {
            if let Err(error) = self.object.call_method0(py, "close") {
                error.write_unraisable(py, None);
            }
        });
    }
}
