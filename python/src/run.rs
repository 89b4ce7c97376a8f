//! The one place that leaves Python: it feeds records to the engine, waits without the
//! interpreter, and listens for Ctrl-C.
//!
//! Everything it starts ends with it: a process that forks afterwards has nothing of ours in it.

use std::num::NonZeroU32;
use std::path::Path;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;
use scouter_engine::{Cancel, Clock, SystemClock};
use scouter_providers::Scope;
use scouter_tasks::memory::Memory;
use scouter_tasks::records::{Account, MakeOrigin, Mapping, Opener, ReadError, Shape};
use scouter_tasks::result::{Results, Row};
use scouter_tasks::run::{Earlier, RunDir, Sink, as_trial, labelled, repeat, resume, spread};
use scouter_tasks::suite::{Suite, asked_the_same};
use scouter_tasks::window::{Watching, Window, cancelled, judge};

mod asked;
mod embed;
mod events;
mod feed;
mod history;
mod interrupt;
mod progress;
mod texts;
mod threads;
mod tidy;
mod tracing;
mod watch;

pub(crate) use asked::warn;
pub(crate) use feed::Fed;
pub(crate) use history::History;
pub(crate) use interrupt::Interrupt;
pub(crate) use tracing::Tracing;
pub(crate) use watch::Awaiting;

use asked::Asked;
use events::Events;
use feed::Shown;
use progress::Progress;
use texts::numbers_as_text;
use threads::{Lanes, Threads};
use watch::Watch;

use crate::convert::Converter;
use crate::errors;
use crate::evaluate::{Context, Origin, PyDataset, PyEvaluationConfig, PyRecord, hints};
use crate::genai::Failed;
use crate::results::{PyResults, PySummary};
use crate::tables::{AnySource, RowFile};

/// How long what an earlier run came to is looked up when somebody waits for the end of this one. All of it stands in the
/// directory.
const LOOKING: Duration = Duration::from_millis(100);

/// The most rows that room is made for before there are any: a file may claim what it does not hold.
const ROOM: usize = 1 << 20;

/// What is wanted of a run beside how it goes.
#[derive(Debug)]
pub(crate) struct Wanted {
    /// How often every record is run, one trial after the other.
    pub(crate) trials: NonZeroU32,
    pub(crate) history: History,
}

impl Wanted {
    /// Opens what the run goes on with.
    fn open(&self, py: Python<'_>, dataset: &PyDataset, config: &PyEvaluationConfig) -> PyResult<Opened> {
        let created_at = SystemClock.now().into();
        let (run_dir, memory) = self.history.open(py, dataset, config, self.trials, created_at)?;
        Ok(Opened { created_at, trials: self.trials, run_dir, memory })
    }
}

/// A run before its first record.
struct Opened {
    created_at: DateTime<Utc>,
    trials: NonZeroU32,
    run_dir: Option<RunDir>,
    memory: Option<Arc<Memory>>,
}

impl Opened {
    /// Whether records that are shown whole are to be told from what they were in an earlier run.
    fn seen(&self, dataset: &PyDataset) -> bool {
        dataset.suite.wants_origin && (self.run_dir.is_some() || self.memory.is_some())
    }
}

/// Runs a dataset.
pub(crate) fn evaluate(
    py: Python<'_>,
    dataset: &PyDataset,
    config: &PyEvaluationConfig,
    wanted: &Wanted,
    awaiting: Option<&Awaiting<'_>>,
) -> PyResult<PyResults> {
    let suite = &dataset.suite;
    if config.embedding.is_some() {
        // Those of a file are not there any more when the run is over.
        dataset.objects(py)?;
    }
    let opened = wanted.open(py, dataset, config)?;
    let created_at = opened.created_at;
    let left = Left::of(dataset, &opened);
    let kept = Vec::with_capacity(dataset.known_len().unwrap_or_default().min(ROOM));
    let Ran { sink, window, ended, stopped, overdue, hurried, account, asked } =
        drive(py, dataset, config, opened, awaiting, kept)?;
    let mut rows = sink.unwrap_or_default();
    rows.extend(left.rows(py, dataset, rows.len(), hurried.then_some(LOOKING)));
    let mut results = Results::new(suite.tasks.clone(), rows, stopped);
    results.bad = account.bad;
    results.stopped = asked.why().or(overdue);
    results.used = asked.used;
    let early = stopped || account.broken.is_some();
    results.window = py.detach(|| judged(suite, window, early, created_at));
    let embedded = config.embedding.as_ref().filter(|_| ended.is_ok() && !stopped);
    let embedded = embedded.map_or(Ok(()), |wanted| {
        let made = embed::embed(py, dataset, wanted, &results)?;
        results.embedded = Some(made.embedded);
        match made.failed {
            // As a budget does that ends a run: there is what was done before, and it says so.
            Some(Failed::Call(failed)) if failed.0.scope() == Scope::Run => {
                results.cancelled = true;
                results.stopped = Some(format!("failed to {}", failed.0));
                Ok(())
            }
            Some(failed) => Err(failed.raise(py)),
            None => Ok(()),
        }
    });
    if !stopped
        && account.broken.is_none()
        && results.wants_hints()
        && let Some(checked) = hints(py, dataset)
    {
        results.hint(&checked);
    }
    if let Some(told) = py.detach(|| numbers_as_text(dataset, &results)) {
        warn(py, told);
    }
    let results = PyResults::new(results);
    let why = account.broken.map(|broken| unread(dataset, &broken));
    told(py, ended, why, asked, |py| Ok(Bound::new(py, results.clone())?.into_any()))?;
    match embedded {
        Ok(()) => Ok(results),
        // What was judged is there all the same.
        Err(error) if error.is_instance_of::<PyKeyboardInterrupt>(py) => {
            Err(errors::interrupted(py, Bound::new(py, results)?.into_any(), error))
        }
        Err(error) => {
            let _ = error.value(py).setattr("results", results);
            Err(error)
        }
    }
}

/// Runs a dataset into a file.
pub(crate) fn evaluate_to(
    py: Python<'_>,
    dataset: &PyDataset,
    path: &Path,
    config: &PyEvaluationConfig,
    wanted: &Wanted,
) -> PyResult<PySummary> {
    if config.embedding.is_some() {
        return Err(errors::value(
            "rows in files have no place for embeddings: leave `embedder` out, or use `evaluate`",
        ));
    }
    if dataset.table.as_ref().is_some_and(|table| table.from.is(path)) {
        return Err(errors::value(format!(
            "`{}` holds the records: results would take their place; name another file",
            path.display()
        )));
    }
    // A directory that is refused leaves no file behind.
    let opened = wanted.open(py, dataset, config)?;
    let file = RowFile::create(path, dataset.suite.tasks.clone()).map_err(|error| error.told(py, path))?;
    let created_at = opened.created_at;
    let Ran { sink, window, ended, stopped, overdue, account, asked, .. } =
        drive(py, dataset, config, opened, None, file)?;
    let whole = ended.is_ok() && !stopped && account.broken.is_none();
    // A run whose threads were left behind still has it, and nothing of it can be saved.
    let Some(file) = sink else { return ended.and_then(|()| Err(errors::value("the run was left behind"))) };
    let (mut tally, path, written) = py.detach(|| file.finish(whole));
    let suite = &dataset.suite;
    let early = stopped || account.broken.is_some();
    let mut window = py.detach(|| judged(suite, window, early, created_at));
    if whole
        && (tally.wants_hints() || window.as_deref().is_some_and(Results::wants_hints))
        && let Some(checked) = hints(py, dataset)
    {
        tally.hint(&checked);
        if let Some(window) = &mut window {
            Arc::make_mut(window).hint(&checked);
        }
    }
    let summary = PySummary {
        path: path.clone(),
        tally,
        bad: account.bad,
        cancelled: stopped,
        stopped: asked.why().or(overdue),
        used: asked.used,
        window,
    };
    let kept = format!("what was done before is in `{}`", path.display());
    let why = account.broken.map(|broken| format!("{}; {kept}", unread(dataset, &broken)));
    if let Err(error) = &ended
        && path.exists()
    {
        // A note, for whose error it is is not known here; Python 3.10 has none.
        let _ = error.value(py).call_method1("add_note", (kept,));
    }
    told(py, ended, why, asked, |py| Ok(Bound::new(py, summary.clone())?.into_any()))?;
    written.map_err(|error| error.told(py, &path))?;
    Ok(summary)
}

/// What the tasks come to that look at all records, where there are any. Where not all were run, nothing is judged.
fn judged(
    suite: &Suite,
    window: Option<Window>,
    early: bool,
    created_at: DateTime<Utc>,
) -> Option<Arc<Results>> {
    let plan = suite.window.as_deref()?;
    Some(Arc::new(match window {
        Some(window) if !early => judge(plan, window, created_at),
        _ => cancelled(plan, created_at),
    }))
}

/// Raises what ended a run early, with what was `done`.
fn told<'py>(
    py: Python<'py>,
    ended: PyResult<()>,
    broken: Option<String>,
    asked: Asked,
    done: impl FnOnce(Python<'py>) -> PyResult<Bound<'py, PyAny>>,
) -> PyResult<()> {
    let unsaved = asked.unsaved();
    if let Some(why) =
        unsaved.as_ref().filter(|_| ended.is_err() || broken.is_some() || asked.refused().is_some())
    {
        // Something else is raised, and this must not be lost.
        asked::warn(py, why.clone());
    }
    match (ended, broken) {
        (Ok(()), None) => match asked.refused().or(unsaved) {
            Some(why) => Err(errors::model(py, &why, done(py)?)),
            None => Ok(()),
        },
        (Ok(()), Some(why)) => Err(errors::broken(py, &why, done(py)?)),
        // What another signal handler raised is its own affair.
        (Err(error), _) if !error.is_instance_of::<PyKeyboardInterrupt>(py) => Err(error),
        (Err(error), _) => Err(errors::interrupted(py, done(py)?, error)),
    }
}

/// What there is to say of records that a stopped run did not come to.
struct Left {
    created_at: DateTime<Utc>,
    trials: NonZeroU32,
    seen: bool,
    memory: Option<Arc<Memory>>,
    /// What an earlier run came to.
    earlier: Option<Earlier>,
}

impl Left {
    fn of(dataset: &PyDataset, opened: &Opened) -> Self {
        Self {
            created_at: opened.created_at,
            trials: opened.trials,
            seen: opened.seen(dataset),
            memory: opened.memory.clone(),
            earlier: opened.run_dir.as_ref().map(RunDir::earlier),
        }
    }

    /// The rows behind the first `done`: those of the earlier run, as far as there is time to look them up, and for all others
    /// that they were cancelled.
    fn rows(mut self, py: Python<'_>, dataset: &PyDataset, done: usize, most: Option<Duration>) -> Vec<Row> {
        let started = SystemClock.instant();
        let mut converter = Converter::default();
        let (trials, created_at) = (self.trials, self.created_at);
        let numbers = (1..=trials.get()).filter_map(NonZeroU32::new);
        // Records of which all trials are done are not gone through.
        let each = trials.get() as usize;
        let records = dataset.records.iter().skip(done / each);
        let all = records.flat_map(|record| numbers.clone().map(move |trial| (record, trial)));
        let row = |(position, (record, trial)): (u64, (&Py<PyRecord>, NonZeroU32))| {
            let record = record.borrow(py);
            let is_late = most.is_some_and(|most| SystemClock.instant() - started > most);
            let earlier = self.earlier.as_mut().filter(|_| !is_late).and_then(|earlier| {
                earlier.row(position, || {
                    let shown =
                        Shown { events: None, seen: self.seen, memory: self.memory.as_ref(), models: None };
                    let entry = feed::entry(py, dataset, &mut converter, &record, shown);
                    as_trial(&entry, trial, trials)
                })
            });
            earlier.unwrap_or_else(|| {
                let own = feed::labels(py, dataset, &mut converter, &record.context);
                let labels = labelled(own.as_deref(), trial, trials);
                let tasks = dataset.suite.tasks.len();
                Row { labels, ..Row::cancelled(record.uid, record.id.clone(), created_at, tasks) }
            })
        };
        let first = (done - done % each) as u64;
        (first..).zip(all).skip(done % each).map(row).collect()
    }
}

/// What became of a run.
struct Ran<S> {
    /// What took the rows; gone where a thread that was left behind has it.
    sink: Option<S>,
    /// The columns over all records, where tasks look at these.
    window: Option<Window>,
    ended: PyResult<()>,
    /// Whether it was stopped before its end.
    stopped: bool,
    /// That its time was over, where that stopped it.
    overdue: Option<String>,
    /// Whether somebody waits for its end.
    hurried: bool,
    account: Account,
    asked: Asked,
}

/// Runs a dataset into a sink.
fn drive<S: Sink + 'static>(
    py: Python<'_>,
    dataset: &PyDataset,
    config: &PyEvaluationConfig,
    run: Opened,
    awaiting: Option<&Awaiting<'_>>,
    sink: S,
) -> PyResult<Ran<S>> {
    let suite = &dataset.suite;
    let seen = run.seen(dataset);
    let Opened { created_at, trials, run_dir, memory } = run;
    let (cancel, hurry) = (Cancel::default(), Cancel::default());
    // Before anything is spent: such a judge would be believed, and never saw a record.
    asked_the_same(suite).for_each(|told| warn(py, told));
    let (models, tracing) = asked::open(py, dataset, config, memory.is_some(), &cancel)?;
    let events = suite.wants_origin.then(|| Events::new(py, awaiting)).transpose()?;
    let shown = Shown { events: events.as_ref(), seen, memory: memory.as_ref(), models: models.as_ref() };
    let complete = run_dir.as_ref().map_or(0, |dir| dir.recovered().records);
    let records = dataset.known_len().map(|records| records.saturating_mul(trials.get() as usize));
    let lanes = Lanes::of(suite, config, records);
    let (entries, source) = match &dataset.table {
        None => {
            let (entries, fed) = feed::channel(lanes.workers);
            (Some(entries), AnySource::Fed(fed))
        }
        Some(table) => {
            let opener = opener(dataset, shown, table.mapping.clone());
            let source = py.detach(|| table.source(opener, lanes.workers));
            (None, source.map_err(|error| error.told(py, &table.from))?)
        }
    };
    let account = source.account();
    let watching = Watching::new(suite.window.clone(), sink);
    let (source, sink) = resume(run_dir, repeat(source, trials), watching);
    let mut threads = Threads::start(suite, config, lanes, created_at, cancel, source, sink)?;
    let mut watch = Watch {
        awaiting,
        interrupt: Interrupt::listen(py)?,
        cancel: threads.cancel.clone(),
        hurry: hurry.clone(),
        done: threads.done.clone(),
        progress: Progress::new(config.progress, records.map(|records| records.saturating_sub(complete))),
        tracing,
    };
    let fed = entries.map_or(Ok(()), |entries| {
        let chunk = spread(suite, lanes.lanes, records);
        let run = (&threads.waiting, &threads.cancel);
        feed::feed(py, dataset, chunk, shown, entries, run, &mut watch)
    });
    let ended = fed.and_then(|()| threads.wait(py, &mut watch));
    if ended.is_err() {
        hurry.cancel();
    }
    let stopped = ended.is_err() || threads.cancel.is_cancelled();
    let overdue = config.run_timeout.filter(|_| threads.cancel.is_overdue());
    let overdue = overdue.map(|time| format!("the time of the run is over: {time:?} have passed"));
    let (logged, taken) = threads.stop(py, stopped);
    let account =
        account.map(|account| std::mem::take(&mut *account.lock().unwrap_or_else(PoisonError::into_inner)));
    let account = account.unwrap_or_default();
    let early = stopped || account.broken.is_some();
    let logged = logged.map(|logged| py.detach(|| logged.finish(early))).transpose();
    drop(events);
    let broken_off = ended.is_err() || taken.is_err();
    let (asked, heard) = Asked::end(py, models, |py| {
        watch.listen(py)?;
        Ok(broken_off || hurry.is_cancelled())
    });
    let ended = ended.and(heard).and(watch.finish(py)).and_then(|()| watch.interrupt.check(py));
    let (sink, taken) = match logged {
        Ok(sink) => (sink, taken),
        Err(error) => (None, taken.and(Err(error))),
    };
    let ended = match (ended, taken) {
        (Ok(()), Err(error)) => Err(errors::sink(&error)),
        // What went wrong first is raised, and this must not be lost.
        (Err(first), Err(error)) => {
            asked::warn(py, error.to_string());
            Err(first)
        }
        (ended, Ok(())) => ended,
    };
    let (sink, window) = sink.map_or((None, None), |watching| {
        let (sink, window) = watching.finish();
        (Some(sink), window)
    });
    Ok(Ran { sink, window, ended, stopped, overdue, hurried: hurry.is_cancelled(), account, asked })
}

/// Why the records of a dataset were not read to their end.
fn unread(dataset: &PyDataset, broken: &ReadError) -> String {
    let hint = if matches!(broken, ReadError::Bad(_)) {
        "; `skip_bad=True` leaves out what cannot be read, and counts it"
    } else {
        ""
    };
    format!("{}: {broken}{hint}", dataset.place())
}

/// What makes entries of the records of a table.
fn opener(
    dataset: &PyDataset,
    Shown { events, seen, memory, models }: Shown<'_>,
    mapping: Mapping,
) -> Opener {
    let suite = &dataset.suite;
    let (memory, models) = (memory.cloned(), models.cloned());
    let origin = events.map(|events| {
        let events = events.object.clone();
        Arc::new(move |context| {
            let origin = Origin { context: Context::Read(context), events: events.clone() };
            Arc::new(origin) as scouter_tasks::subject::Origin
        }) as MakeOrigin
    });
    let keys = dataset.keyed.as_ref().map(|keyed| keyed.keys.clone()).unwrap_or_default();
    let shape = Shape::new(mapping, &[&suite.reads, keys.reads()], suite.wants_origin);
    let reads = suite.reads.clone();
    Opener { shape, reads, keys, origin, seen, memory, models, clock: Arc::new(SystemClock) }
}
