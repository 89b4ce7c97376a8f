//! From records to rows.

use std::num::NonZeroUsize;

use chrono::{DateTime, Utc};
use scouter_engine::{Batch, RunCx, Source, batch, run_batch};

use super::entry::Entry;
use crate::result::Row;
use crate::suite::Suite;

/// Runs the suite over every record of the source, `lanes` of them at a time: rows, in the order of
/// the records. Each row is made on the thread that judged its record.
///
/// Must be called within a tokio runtime.
pub fn rows(
    suite: &Suite,
    source: impl Source<Entry> + 'static,
    lanes: NonZeroUsize,
    cx: &RunCx,
    created_at: DateTime<Utc>,
) -> Batch<Row> {
    let trimming = suite.clone();
    run_batch(&suite.graph, source, lanes, cx, move |entry: Entry, mut report| {
        trimming.trim(&mut report);
        let Entry { uid, id, labels, subject } = entry;
        let cells = trimming.window.as_ref().map_or_else(Box::default, |window| window.cells(&subject));
        Row { uid, id, labels, created_at, took: report.took, outcomes: report.outcomes, cells }
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
