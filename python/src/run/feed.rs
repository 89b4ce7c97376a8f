//! Records that Python holds, read and handed over chunk by chunk.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use pyo3::prelude::*;
use pyo3::types::PyDict;
use scouter_engine::{Cancel, Clock, Source, SystemClock};
use scouter_tasks::fingerprint::{Fingerprint, Printer};
use scouter_tasks::memory::{Memory, Recall, Seen};
use scouter_tasks::models::Models;
use scouter_tasks::result::Labels;
use scouter_tasks::run::Entry;
use scouter_tasks::subject::Subject;
use tokio::runtime::Runtime;
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::events::Events;
use super::threads::LISTEN;
use super::watch::Watch;
use crate::convert::Converter;
use crate::evaluate::{Context, Origin, PyDataset, PyRecord};

/// How long records are read before they are handed over.
const SLOW: Duration = Duration::from_millis(20);

/// What nodes are shown beside what they read.
#[derive(Clone, Copy)]
pub(super) struct Shown<'s> {
    pub(super) events: Option<&'s Events>,
    pub(super) memory: Option<&'s Arc<Memory>>,
    pub(super) models: Option<&'s Arc<Models>>,
}

/// Chunks of records, as they were fed.
pub(crate) struct Fed(mpsc::Receiver<Vec<Entry>>);

impl Source<Entry> for Fed {
    async fn take(&mut self, _most: NonZeroUsize) -> Vec<Entry> {
        self.0.recv().await.unwrap_or_default()
    }
}

/// Where chunks go, and where they come out.
pub(super) fn channel(workers: NonZeroUsize) -> (mpsc::Sender<Vec<Entry>>, Fed) {
    let (entries, fed) = mpsc::channel(2 * workers.get());
    (entries, Fed(fed))
}

/// Reads the records and hands them over. This is the thread that has the interpreter; it gives it up
/// between chunks.
pub(super) fn feed(
    py: Python<'_>,
    dataset: &PyDataset,
    chunk: NonZeroUsize,
    shown: Shown<'_>,
    entries: mpsc::Sender<Vec<Entry>>,
    (waiting, cancel): (&Runtime, &Cancel),
    watch: &mut Watch<'_, '_>,
) -> PyResult<()> {
    let mut converter = Converter::default();
    let mut records = dataset.records.iter().peekable();
    while records.peek().is_some() {
        let started = SystemClock.instant();
        let mut ready = Vec::with_capacity(chunk.get());
        for record in records.by_ref() {
            ready.push(entry(py, dataset, &mut converter, &record.borrow(py), shown));
            // Records that take long to read are handed over sooner, and signals heard.
            if ready.len() == chunk.get() || SystemClock.instant() - started > SLOW {
                break;
            }
        }
        let mut unsent = Some(ready);
        while let Some(ready) = unsent.take() {
            watch.listen(py)?;
            if cancel.is_cancelled() {
                return Ok(());
            }
            let sent = py.detach(|| {
                waiting.block_on(async {
                    match timeout(LISTEN, entries.reserve()).await {
                        Ok(Ok(room)) => {
                            room.send(ready);
                            Ok(None)
                        }
                        Ok(Err(_)) => Err(()),
                        Err(_) => Ok(Some(ready)),
                    }
                })
            });
            match sent {
                Ok(left) => unsent = left,
                // The batch is gone: who waits for it says why.
                Err(()) => return Ok(()),
            }
        }
    }
    Ok(())
}

/// A record as the engine sees it.
fn entry(
    py: Python<'_>,
    dataset: &PyDataset,
    converter: &mut Converter,
    record: &PyRecord,
    Shown { events, memory, models }: Shown<'_>,
) -> Entry {
    let context = record.context.bind(py);
    let origin = events.map(|events| {
        let origin =
            Origin { context: Context::Dict(context.clone().unbind()), events: events.object.clone() };
        Arc::new(origin) as scouter_tasks::subject::Origin
    });
    let reads = dataset.reader.read(converter, context.as_any());
    let recall = memory.map(|memory| {
        let origin = origin.is_some().then(|| seen(converter, context));
        Box::new(Recall { memory: memory.clone(), id: record.id.clone(), origin })
    });
    let models = models.cloned();
    let subject = Subject { reads, spans: record.spans(), origin, recall, models, trial: None };
    let labels = labels(dataset, converter, context.as_any());
    Entry { uid: record.uid, id: record.id.clone(), labels, subject }
}

/// What a record with this context belongs to.
pub(super) fn labels(
    dataset: &PyDataset,
    converter: &mut Converter,
    context: &Bound<'_, PyAny>,
) -> Option<Box<Labels>> {
    let keyed = dataset.keyed.as_ref()?;
    let labels = keyed.keys.labels(&keyed.reader.read(converter, context));
    (labels != Labels::default()).then(|| Box::new(labels))
}

/// What can be seen of a context: all of it, where it has a form as a value.
fn seen(converter: &mut Converter, context: &Bound<'_, PyDict>) -> Seen {
    if let Ok(value) = converter.convert(context.as_any()) {
        return Seen { print: Fingerprint::of(&value), whole: true };
    }
    let mut printer = Printer::default();
    // A list of its own: converting may run code that changes the context.
    for (key, value) in context.items().iter().filter_map(|item| item.extract::<(Bound<'_, PyAny>, _)>().ok())
    {
        printer.text(key.str().ok().and_then(|key| key.extract::<String>().ok()).as_deref());
        match converter.convert(&value) {
            Ok(value) => printer.value(&value),
            Err(why) => printer.text(Some(&why)),
        }
    }
    Seen { print: printer.done(), whole: false }
}
