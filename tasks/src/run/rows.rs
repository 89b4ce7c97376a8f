//! From records to rows.

use std::num::NonZeroUsize;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use scouter_engine::{Batch, RunCx, Source, batch, run_batch};
use smol_str::SmolStr;
use uuid::Uuid;

use super::entry::Entry;
use super::log::{LastFrame, LoggedRows, RowFrames, RunDirError, Spare};
use super::resume::Resuming;
use super::sealed::{Sealed, Unsealed};
use crate::codec::write_row;
use crate::fingerprint::of_record;
use crate::result::{Labels, Row};
use crate::subject::{Reads, Subject};
use crate::suite::Suite;

/// The rows of records that one lane judged one after another, and what goes into a log of them.
#[derive(Debug, Default)]
pub struct Ran {
    /// The rows.
    pub rows: Vec<Row>,
    /// How many of them the log had, so that they were not run.
    pub from_log: usize,
    pub(super) frames: RowFrames,
    /// Why a row of the log could not be read; the first.
    pub(super) unread: Option<RunDirError>,
    last: LastFrame,
}

impl Ran {
    /// Adds the row of a record, and what goes into the log of it.
    pub(super) fn add(
        &mut self,
        spare: &Arc<Spare>,
        Unsealed { entry, logged }: Unsealed,
        row: impl FnOnce(Uuid, Option<SmolStr>, Option<Box<Labels>>, &Subject) -> Row,
    ) {
        let logged = logged.map(|position| (position, of_record(&entry)));
        let Entry { uid, id, labels, subject } = entry;
        let row = row(uid, id, labels, &subject);
        if let Some((position, record)) = logged {
            self.frames.add(spare, |out| write_row(out, position, record, &subject.reads, &row));
        }
        self.rows.push(row);
    }

    /// Adds the row of a record that the log has, where it does and the record is what it was: whether it need not be run.
    fn add_logged(&mut self, past: &LoggedRows, record: &mut Sealed, reads: &Reads) -> bool {
        let Some(place) = record.logged.and_then(|position| past.place(position)) else { return false };
        let entry = record.look(reads);
        if of_record(entry) != place.record {
            return false;
        }
        match past.read(place, &entry.subject.reads, &mut self.last) {
            Ok(row) => {
                self.rows.push(row);
                self.from_log += 1;
            }
            Err(error) => {
                self.unread.get_or_insert(error);
            }
        }
        true
    }
}

/// Runs the suite over every record of the source, `lanes` of them at a time: rows, in the order of
/// the records. They, and what is logged of them, are made on the thread that judged their records. A record whose row is
/// in the log is not run.
///
/// Must be called within a tokio runtime.
pub fn rows(
    suite: &Suite,
    source: Resuming<impl Source<Sealed> + 'static>,
    lanes: NonZeroUsize,
    cx: &RunCx,
    created_at: DateTime<Utc>,
) -> Batch<Ran> {
    let (reads, trimming, spare) = (suite.reads.clone(), suite.clone(), Arc::default());
    let past = source.past.clone();
    let open = move |ran: &mut Ran, mut record: Sealed| {
        let is_done = past.as_ref().is_some_and(|past| ran.add_logged(past, &mut record, &reads));
        (!is_done).then(|| record.open(&reads))
    };
    run_batch(&suite.graph, source, lanes, cx, open, move |ran: &mut Ran, record: Unsealed, mut report| {
        trimming.trim(&mut report);
        ran.add(&spare, record, |uid, id, labels, subject| {
            let cells = trimming.window.as_ref().map_or_else(Box::default, |window| window.cells(subject));
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
