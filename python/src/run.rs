//! The one place that leaves Python: it feeds records to the engine, waits without the
//! interpreter, and listens for Ctrl-C.
//!
//! Everything it starts ends with it: a process that forks afterwards has nothing of ours in it.

use std::path::Path;
use std::sync::{Arc, PoisonError};

use chrono::{DateTime, Utc};
use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;
use scouter_engine::{Clock, SystemClock};
use scouter_tasks::records::{Account, MakeOrigin, Opener, Shape};
use scouter_tasks::result::{Results, Row};
use scouter_tasks::run::{Sink, spread};

mod events;
mod feed;
mod interrupt;
mod progress;
mod threads;
mod watch;

pub(crate) use feed::Fed;
pub(crate) use watch::Awaiting;

use events::Events;
use interrupt::Interrupt;
use progress::Progress;
use threads::{Lanes, Threads};
use watch::Watch;

use crate::errors;
use crate::evaluate::{Context, Origin, PyDataset, PyEvaluationConfig};
use crate::results::{PyResults, PySummary};
use crate::tables::{AnySource, RowFile};

/// The most rows that room is made for before there are any: a file may claim what it does not hold.
const ROOM: usize = 1 << 20;

/// Runs a dataset.
pub(crate) fn evaluate(
    py: Python<'_>,
    dataset: &PyDataset,
    config: &PyEvaluationConfig,
    awaiting: Option<&Awaiting<'_>>,
) -> PyResult<PyResults> {
    let created_at = SystemClock.now().into();
    let suite = &dataset.suite;
    let kept = Vec::with_capacity(dataset.known_len().unwrap_or_default().min(ROOM));
    let Ran { sink, ended, stopped, account } = drive(py, dataset, config, awaiting, created_at, kept)?;
    let mut rows = sink.unwrap_or_default();
    let left = dataset.records.iter().skip(rows.len()).map(|record| {
        let record = record.borrow(py);
        Row::cancelled(record.uid, record.id.clone(), created_at, suite.tasks.len())
    });
    rows.extend(left);
    let mut results = Results::new(suite.tasks.clone(), rows, stopped);
    results.bad = account.bad;
    let results = PyResults::new(results);
    let why = account.broken.map(|broken| format!("{}: {broken}", dataset.place()));
    told(py, ended, why, |py| Ok(Bound::new(py, results.clone())?.into_any()))?;
    Ok(results)
}

/// Runs a dataset into a file.
pub(crate) fn evaluate_to(
    py: Python<'_>,
    dataset: &PyDataset,
    path: &Path,
    config: &PyEvaluationConfig,
) -> PyResult<PySummary> {
    let created_at = SystemClock.now().into();
    let file = RowFile::create(path, dataset.suite.tasks.clone()).map_err(|error| error.told(py, path))?;
    let Ran { sink, ended, stopped, account } = drive(py, dataset, config, None, created_at, file)?;
    let whole = ended.is_ok() && !stopped && account.broken.is_none();
    // A run whose threads were left behind still has it, and nothing of it can be saved.
    let Some(file) = sink else { return ended.and_then(|()| Err(errors::value("the run was left behind"))) };
    let (tally, path, written) = py.detach(|| file.finish(whole));
    let summary = PySummary { path: path.clone(), tally, bad: account.bad, cancelled: stopped };
    let kept = format!("what was done before is in `{}`", path.display());
    let why = account.broken.map(|broken| format!("{}: {broken}; {kept}", dataset.place()));
    if let Err(error) = &ended
        && path.exists()
    {
        // A note, for whose error it is is not known here; Python 3.10 has none.
        let _ = error.value(py).call_method1("add_note", (kept,));
    }
    told(py, ended, why, |py| Ok(Bound::new(py, summary.clone())?.into_any()))?;
    written.map_err(|error| error.told(py, &path))?;
    Ok(summary)
}

/// Raises what ended a run early, with what was `done`.
fn told<'py>(
    py: Python<'py>,
    ended: PyResult<()>,
    broken: Option<String>,
    done: impl FnOnce(Python<'py>) -> PyResult<Bound<'py, PyAny>>,
) -> PyResult<()> {
    match (ended, broken) {
        (Ok(()), None) => Ok(()),
        (Ok(()), Some(why)) => Err(errors::broken(py, &why, done(py)?)),
        // What another signal handler raised is its own affair.
        (Err(error), _) if !error.is_instance_of::<PyKeyboardInterrupt>(py) => Err(error),
        (Err(error), _) => Err(errors::interrupted(py, done(py)?, error)),
    }
}

/// What became of a run.
struct Ran<S> {
    /// What took the rows; gone where a thread that was left behind has it.
    sink: Option<S>,
    ended: PyResult<()>,
    /// Whether it was stopped before its end.
    stopped: bool,
    account: Account,
}

/// Runs a dataset into a sink.
fn drive<S: Sink + 'static>(
    py: Python<'_>,
    dataset: &PyDataset,
    config: &PyEvaluationConfig,
    awaiting: Option<&Awaiting<'_>>,
    created_at: DateTime<Utc>,
    sink: S,
) -> PyResult<Ran<S>> {
    let suite = &dataset.suite;
    let events = suite.wants_origin.then(|| Events::new(py, awaiting)).transpose()?;
    let records = dataset.known_len();
    let lanes = Lanes::of(suite, config, records);
    let (entries, source) = match &dataset.table {
        None => {
            let (entries, fed) = feed::channel(lanes.workers);
            (Some(entries), AnySource::Fed(fed))
        }
        Some(table) => {
            let opener = opener(dataset, events.as_ref(), table.mapping.clone());
            let source = py.detach(|| table.source(opener, lanes.workers));
            (None, source.map_err(|error| error.told(py, &table.from))?)
        }
    };
    let account = source.account();
    let mut threads = Threads::start(suite, config, lanes, created_at, source, sink)?;
    let mut watch = Watch {
        awaiting,
        interrupt: Interrupt::listen(py)?,
        cancel: threads.cancel.clone(),
        done: threads.done.clone(),
        progress: Progress::new(config.progress, records),
    };
    let fed = entries.map_or(Ok(()), |entries| {
        let chunk = spread(suite, lanes.lanes, records);
        let run = (&threads.waiting, &threads.cancel);
        feed::feed(py, dataset, chunk, events.as_ref(), entries, run, &mut watch)
    });
    let ended = fed.and_then(|()| threads.wait(py, &mut watch));
    let stopped = ended.is_err() || threads.cancel.is_cancelled();
    let sink = threads.stop(py, stopped);
    drop(events);
    let ended = ended.and_then(|()| watch.interrupt.check(py));
    let account =
        account.map(|account| std::mem::take(&mut *account.lock().unwrap_or_else(PoisonError::into_inner)));
    Ok(Ran { sink, ended, stopped, account: account.unwrap_or_default() })
}

/// What makes entries of the records of a table.
fn opener(dataset: &PyDataset, events: Option<&Events>, mapping: scouter_tasks::records::Mapping) -> Opener {
    let suite = &dataset.suite;
    let origin = events.map(|events| {
        let events = events.object.clone();
        Arc::new(move |context| {
            let origin = Origin { context: Context::Read(context), events: events.clone() };
            Arc::new(origin) as scouter_tasks::subject::Origin
        }) as MakeOrigin
    });
    let shape = Shape::new(mapping, &suite.reads, suite.wants_origin);
    Opener { shape, reads: suite.reads.clone(), origin, clock: Arc::new(SystemClock) }
}
