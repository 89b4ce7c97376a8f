//! The one place that leaves Python: it feeds records to the engine, waits without the
//! interpreter, and listens for Ctrl-C.
//!
//! Everything it starts ends with it: a process that forks afterwards has nothing of ours in it.

use std::num::NonZeroU32;

use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;
use scouter_engine::{Clock, SystemClock};
use scouter_tasks::result::{Results, Row};
use scouter_tasks::run::spread;

mod events;
mod feed;
mod interrupt;
mod labels;
mod progress;
mod threads;
mod watch;

pub(crate) use watch::Awaiting;

use events::Events;
use interrupt::Interrupt;
use progress::Progress;
use threads::{Lanes, Threads};
use watch::Watch;

use crate::convert::Converter;
use crate::errors;
use crate::evaluate::{PyDataset, PyEvaluationConfig};
use crate::results::PyResults;

/// Runs a dataset: every record so many times, one trial after the other.
pub(crate) fn evaluate(
    py: Python<'_>,
    dataset: &PyDataset,
    config: &PyEvaluationConfig,
    trials: NonZeroU32,
    awaiting: Option<&Awaiting<'_>>,
) -> PyResult<PyResults> {
    let created_at = SystemClock.now().into();
    let suite = &dataset.suite;
    let events = suite.wants_origin.then(|| Events::new(py, awaiting)).transpose()?;
    let each = trials.get() as usize;
    let records = dataset.records.len() * each;
    let lanes = Lanes::of(suite, config, Some(records));
    let (entries, fed) = feed::channel(lanes.workers);
    let kept = Vec::with_capacity(records);
    let mut threads = Threads::start(suite, config, lanes, created_at, fed, kept)?;
    let mut watch = Watch {
        awaiting,
        interrupt: Interrupt::listen(py)?,
        cancel: threads.cancel.clone(),
        done: threads.done.clone(),
        progress: Progress::new(config.progress, records),
    };
    let chunk = spread(suite, lanes.lanes, Some(records));
    let run = (&threads.waiting, &threads.cancel);
    let ended = feed::feed(py, dataset, (chunk, trials), events.as_ref(), entries, run, &mut watch)
        .and_then(|()| threads.wait(py, &mut watch));
    let stopped = ended.is_err() || threads.cancel.is_cancelled();
    let mut rows = threads.stop(py, stopped).unwrap_or_default();
    drop(events);
    let ended = ended.and_then(|()| watch.interrupt.check(py));
    drop(watch);
    let mut converter = Converter::default();
    let done = rows.len();
    rows.extend((done..records).map(|at| {
        let record = dataset.records[at / each].borrow(py);
        let own = labels::of(py, dataset, &mut converter, &record);
        let row = Row::cancelled(record.uid, record.id.clone(), created_at, suite.tasks.len());
        let trial = labels::numbers(trials).nth(at % each).unwrap_or(NonZeroU32::MIN);
        Row { labels: labels::trial(&own, trial, trials), ..row }
    }));
    let results = PyResults::new(Results::new(suite.tasks.clone(), rows, stopped));
    match ended {
        Ok(()) => Ok(results),
        // What another signal handler raised is its own affair.
        Err(error) if !error.is_instance_of::<PyKeyboardInterrupt>(py) => Err(error),
        Err(error) => Err(errors::interrupted(py, Bound::new(py, results)?.into_any(), error)),
    }
}
