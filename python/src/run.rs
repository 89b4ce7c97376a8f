//! The one place that leaves Python: it feeds records to the engine, waits without the
//! interpreter, and listens for Ctrl-C.
//!
//! Everything it starts ends with it: a process that forks afterwards has nothing of ours in it.

use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;
use scouter_engine::{Clock, SystemClock};
use scouter_tasks::result::{Results, Row};
use scouter_tasks::run::{resume, spread};

mod events;
mod feed;
mod history;
mod interrupt;
mod progress;
mod threads;
mod watch;

pub(crate) use history::History;
pub(crate) use watch::Awaiting;

use events::Events;
use interrupt::Interrupt;
use progress::Progress;
use threads::{Lanes, Threads};
use watch::Watch;

use crate::errors;
use crate::evaluate::{PyDataset, PyEvaluationConfig};
use crate::results::PyResults;

/// Runs a dataset.
pub(crate) fn evaluate(
    py: Python<'_>,
    dataset: &PyDataset,
    config: &PyEvaluationConfig,
    history: &History,
    awaiting: Option<&Awaiting<'_>>,
) -> PyResult<PyResults> {
    let created_at = SystemClock.now().into();
    let suite = &dataset.suite;
    let (run_dir, memory) = history.open(py, dataset, created_at)?;
    let events = suite.wants_origin.then(|| Events::new(py, awaiting)).transpose()?;
    let records = dataset.records.len();
    let complete = run_dir.as_ref().map_or(0, |dir| dir.recovered().records);
    let lanes = Lanes::of(suite, config, Some(records));
    let (entries, fed) = feed::channel(lanes.workers);
    let (fed, kept) = resume(run_dir, fed, Vec::with_capacity(records));
    let mut threads = Threads::start(suite, config, lanes, created_at, fed, kept)?;
    let mut watch = Watch {
        awaiting,
        interrupt: Interrupt::listen(py)?,
        cancel: threads.cancel.clone(),
        done: threads.done.clone(),
        progress: Progress::new(config.progress, records.saturating_sub(complete)),
    };
    let chunk = spread(suite, lanes.lanes, Some(records));
    let run = (&threads.waiting, &threads.cancel);
    let shown = (events.as_ref(), memory.as_ref());
    let ended = feed::feed(py, dataset, chunk, shown, entries, run, &mut watch)
        .and_then(|()| threads.wait(py, &mut watch));
    let stopped = ended.is_err() || threads.cancel.is_cancelled();
    let kept = threads.stop(py, stopped).map(|kept| py.detach(|| kept.finish(stopped)));
    drop(events);
    let ended = ended.and_then(|()| watch.interrupt.check(py));
    let (mut rows, ended) = match kept.transpose() {
        Ok(rows) => (rows.unwrap_or_default(), ended),
        // What went wrong first is what is told.
        Err(error) => (Vec::new(), ended.and_then(|()| Err(errors::sink(&error)))),
    };
    drop(watch);
    let left = dataset.records[rows.len()..].iter().map(|record| {
        let record = record.borrow(py);
        Row::cancelled(record.uid, record.id.clone(), created_at, suite.tasks.len())
    });
    rows.extend(left);
    let results = PyResults::new(Results::new(suite.tasks.clone(), rows, stopped));
    match ended {
        Ok(()) => Ok(results),
        // What another signal handler raised is its own affair.
        Err(error) if !error.is_instance_of::<PyKeyboardInterrupt>(py) => Err(error),
        Err(error) => Err(errors::interrupted(py, Bound::new(py, results)?.into_any(), error)),
    }
}
