//! Records that Python holds, read and handed over chunk by chunk.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;
use std::vec;

use pyo3::prelude::*;
use pyo3::types::PyDict;
use scouter_engine::{Cancel, Clock, Source, SystemClock};
use scouter_tasks::fingerprint::{Fingerprint, Printer};
use scouter_tasks::memory::{Memory, Recall, Seen};
use scouter_tasks::models::Models;
use scouter_tasks::packed::Packed;
use scouter_tasks::result::Labels;
use scouter_tasks::run::{Entry, Sealed};
use scouter_tasks::subject::Subject;
use tokio::runtime::Runtime;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;
use tokio::time::timeout;

use super::events::Events;
use super::threads::LISTEN;
use super::watch::Watch;
use crate::convert::Converter;
use crate::evaluate::{Context, Fields, Origin, PyDataset, PyRecord};

/// How long records are read before they are handed over.
const SLOW: Duration = Duration::from_millis(20);

/// The clock is looked at after the first record, and then once in so many: to ask it takes as long as to read two or three values.
const LOOK: usize = 8;

/// Records that were read together.
#[derive(Default)]
pub(super) struct Chunk {
    /// Who they are, and where that begins which was read of them.
    entries: Vec<(Entry, usize)>,
    packed: Packed,
}

/// What nodes are shown beside what they read.
#[derive(Clone, Copy)]
pub(super) struct Shown<'s> {
    pub(super) events: Option<&'s Events>,
    /// Whether records are to be told from what they were in an earlier run.
    pub(super) seen: bool,
    pub(super) memory: Option<&'s Arc<Memory>>,
    pub(super) models: Option<&'s Arc<Models>>,
}

/// Records, as they were fed.
pub(crate) struct Fed {
    chunks: mpsc::Receiver<Chunk>,
    /// What is left of the chunk that came last.
    entries: vec::IntoIter<(Entry, usize)>,
    packed: Arc<Packed>,
}

impl Source<Sealed> for Fed {
    async fn take(&mut self, most: NonZeroUsize) -> Vec<Sealed> {
        if self.entries.len() == 0 {
            let Chunk { entries, packed } = self.chunks.recv().await.unwrap_or_default();
            (self.entries, self.packed) = (entries.into_iter(), Arc::new(packed));
        }
        let packed = &self.packed;
        let sealed = |(entry, at)| Sealed::new(entry, packed.clone(), at);
        self.entries.by_ref().take(most.get()).map(sealed).collect()
    }
}

/// Where chunks go, and where records come out.
pub(super) fn channel(workers: NonZeroUsize) -> (mpsc::Sender<Chunk>, Fed) {
    let (sender, chunks) = mpsc::channel(workers.get());
    (sender, Fed { chunks, entries: Vec::new().into_iter(), packed: Arc::default() })
}

/// Reads the records and hands them over. This is the thread that has the interpreter; it gives it up
/// between chunks.
pub(super) fn feed(
    py: Python<'_>,
    dataset: &PyDataset,
    chunk: NonZeroUsize,
    shown: Shown<'_>,
    chunks: mpsc::Sender<Chunk>,
    (waiting, cancel): (&Runtime, &Cancel),
    watch: &mut Watch<'_, '_>,
) -> PyResult<()> {
    let mut converter = Converter::default();
    let mut records = dataset.records.iter().peekable();
    // Chunks are of about one size.
    let mut bytes = 0;
    while records.peek().is_some() {
        let started = SystemClock.instant();
        let mut ready =
            Chunk { entries: Vec::with_capacity(chunk.get()), packed: Packed::with_capacity(bytes) };
        for record in records.by_ref() {
            let at = ready.packed.len();
            let read = unread(py, dataset, &mut converter, &record.borrow(py), shown, &mut ready.packed);
            ready.entries.push((read, at));
            let count = ready.entries.len();
            // Records that take long to read are handed over sooner, and signals heard.
            if count == chunk.get() || count % LOOK == 1 && SystemClock.instant() - started > SLOW {
                break;
            }
        }
        bytes = ready.packed.len();
        let mut unsent = Some(ready);
        while let Some(ready) = unsent.take() {
            watch.listen(py)?;
            if cancel.is_cancelled() {
                return Ok(());
            }
            let sent = py.detach(|| match chunks.try_send(ready) {
                Err(TrySendError::Full(ready)) => waiting.block_on(async {
                    match timeout(LISTEN, chunks.reserve()).await {
                        Ok(Ok(room)) => {
                            room.send(ready);
                            Ok(None)
                        }
                        Ok(Err(_)) => Err(()),
                        Err(_) => Ok(Some(ready)),
                    }
                }),
                Err(TrySendError::Closed(_)) => Err(()),
                Ok(()) => Ok(None),
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
pub(super) fn entry(
    py: Python<'_>,
    dataset: &PyDataset,
    converter: &mut Converter,
    record: &PyRecord,
    shown: Shown<'_>,
) -> Entry {
    let mut packed = Packed::default();
    let mut entry = unread(py, dataset, converter, record, shown, &mut packed);
    entry.subject.reads = packed.unpack(0).reads(&dataset.suite.reads);
    entry
}

/// A record as the engine sees it, but for what is read of it, which goes `into` bytes.
fn unread(
    py: Python<'_>,
    dataset: &PyDataset,
    converter: &mut Converter,
    record: &PyRecord,
    Shown { events, seen, memory, models }: Shown<'_>,
    into: &mut Packed,
) -> Entry {
    let origin = events.map(|events| {
        let context = Context::Dict(record.context.dict(py).clone().unbind());
        Arc::new(Origin { context, events: events.object.clone() }) as scouter_tasks::subject::Origin
    });
    dataset.reader.read_record(py, converter, &record.context, into);
    let seen = seen.then(|| self::seen(converter, record.context.dict(py)));
    let recall = memory.cloned().map(|memory| Box::new(Recall { memory, id: record.id.clone() }));
    let models = models.cloned();
    let subject = Subject { spans: record.spans(), origin, seen, recall, models, ..Subject::default() };
    let labels = labels(py, dataset, converter, &record.context);
    Entry { uid: record.uid, id: record.id.clone(), labels, subject }
}

/// What a record with this context belongs to.
pub(super) fn labels(
    py: Python<'_>,
    dataset: &PyDataset,
    converter: &mut Converter,
    context: &Fields,
) -> Option<Box<Labels>> {
    let keyed = dataset.keyed.as_ref()?;
    let mut packed = Packed::default();
    keyed.reader.read_record(py, converter, context, &mut packed);
    let labels = keyed.keys.labels(&packed.unpack(0).reads(keyed.keys.reads()));
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
