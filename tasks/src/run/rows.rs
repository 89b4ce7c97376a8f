//! From records to rows.

use std::num::NonZeroUsize;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use scouter_engine::{Batch, RunCx, Source, batch, run_batch};

use super::entry::Entry;
use super::log::{RowFrames, Spare};
use super::sealed::{Sealed, Unsealed};
use crate::codec::write_row;
use crate::fingerprint::of_record;
use crate::result::Row;
use crate::suite::Suite;

/// The rows of records that one lane judged one after another, and what goes into a log of them.
#[derive(Debug, Default)]
pub struct Ran {
    /// The rows.
    pub rows: Vec<Row>,
    /// The places of their records among those of the run, where they are logged.
    pub(super) positions: Vec<u64>,
    pub(super) frames: RowFrames,
}

impl Ran {
    pub(super) fn add(
        &mut self,
        spare: &Arc<Spare>,
        Unsealed { entry, logged }: Unsealed,
        row: impl FnOnce(Entry) -> Row,
    ) {
        // Made before the record goes.
        let logged = logged.map(|position| (position, of_record(&entry)));
        let row = row(entry);
        if let Some((position, record)) = logged {
            self.positions.push(position);
            self.frames.add(spare, |out| write_row(out, position, record, &row));
        }
        self.rows.push(row);
    }
}

/// Runs the suite over every record of the source, `lanes` of them at a time: rows, in the order of
/// the records. They, and what is logged of them, are made on the thread that judged their records.
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
    let (open, spare) = (move |record: Sealed| record.open(&reads), Arc::default());
    run_batch(&suite.graph, source, lanes, cx, open, move |ran: &mut Ran, record: Unsealed, mut report| {
        trimming.trim(&mut report);
        ran.add(&spare, record, |Entry { uid, id, labels, subject }| {
            let cells = trimming.window.as_ref().map_or_else(Box::default, |window| window.cells(&subject));
            Row { uid, id, labels, created_at, took: report.took, outcomes: report.outcomes, cells }
        });
    })
}

/// How many records at a time are handed over where nodes wait. Lanes take them one by one, and to hand over one alone would wake
/// whoever reads them for each.
const HANDED: usize = 64;

/// How many records at a time are best handed to this many lanes: chunks that cost no hand-over, but,
/// where no node waits and `records` says how many there are, a few of them for every lane, so that all have work to the
/// end.
pub fn spread(suite: &Suite, lanes: NonZeroUsize, records: Option<usize>) -> NonZeroUsize {
    if suite.graph.waits() {
        return NonZeroUsize::new(HANDED).unwrap_or(NonZeroUsize::MIN).min(lanes);
    }
    let most = batch::chunk(&suite.graph);
    let fair = |records: usize| NonZeroUsize::new(records / (4 * lanes.get())).unwrap_or(NonZeroUsize::MIN);
    records.map_or(most, |records| most.min(fair(records)))
}
