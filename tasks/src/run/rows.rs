//! From records to rows.

use std::num::NonZeroUsize;

use chrono::{DateTime, Utc};
use scouter_engine::{Batch, RunCx, Source, batch, run_batch};

use super::entry::Entry;
use super::sealed::{Sealed, Unsealed};
use crate::codec::write_row;
use crate::fingerprint::{Printer, of_record};
use crate::result::Row;
use crate::suite::Suite;

/// How long the bytes of a row are made without asking for more room.
const BYTES: usize = 512;

/// A row, and what goes into the log of it.
#[derive(Debug)]
pub struct Ran {
    /// The row.
    pub row: Row,
    pub(super) logged: Option<Entered>,
}

/// What goes into the log of a row.
#[derive(Debug)]
pub(crate) struct Entered {
    /// The place of the record among those of the run.
    pub(crate) position: u64,
    pub(crate) bytes: Vec<u8>,
}

impl Ran {
    pub(super) fn new(Unsealed { entry, logged }: Unsealed, row: impl FnOnce(Entry) -> Row) -> Self {
        // Made before the record goes.
        let logged = logged.map(|position| (position, of_record(&mut Printer::default(), &entry)));
        let row = row(entry);
        let logged = logged.map(|(position, record)| {
            let mut bytes = Vec::with_capacity(BYTES);
            write_row(&mut bytes, position, record, &row);
            Entered { position, bytes }
        });
        Self { row, logged }
    }
}

/// Runs the suite over every record of the source, `lanes` of them at a time: rows, in the order of
/// the records. Each row, and what is logged of it, is made on the thread that judged its record.
///
/// Must be called within a tokio runtime.
pub fn rows(
    suite: &Suite,
    source: impl Source<Sealed> + 'static,
    lanes: NonZeroUsize,
    cx: &RunCx,
    created_at: DateTime<Utc>,
) -> Batch<Ran> {
    let (reads, trimming) = (suite.reads.clone(), suite.clone());
    let open = move |record: Sealed| record.open(&reads);
    run_batch(&suite.graph, source, lanes, cx, open, move |record: Unsealed, mut report| {
        trimming.trim(&mut report);
        Ran::new(record, |Entry { uid, id, labels, subject }| {
            let cells = trimming.window.as_ref().map_or_else(Box::default, |window| window.cells(&subject));
            Row { uid, id, labels, created_at, took: report.took, outcomes: report.outcomes, cells }
        })
    })
}

/// How many records at a time are best handed to this many lanes: chunks that cost no hand-over, but,
/// where `records` says how many there are, a few of them for every lane, so that all have work to the
/// end.
pub fn spread(suite: &Suite, lanes: NonZeroUsize, records: Option<usize>) -> NonZeroUsize {
    let most = batch::chunk(&suite.graph);
    let fair = |records: usize| NonZeroUsize::new(records / (4 * lanes.get())).unwrap_or(NonZeroUsize::MIN);
    records.map_or(most, |records| most.min(fair(records)))
}
