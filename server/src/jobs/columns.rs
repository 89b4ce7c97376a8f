//! Records of a window as columns, a piece at a time: so much is in memory, however many there are.

use super::JobError;
use crate::metrics::JOB_ROWS_SKIPPED;
use crate::registry::{Layout, Place};
use crate::store::{Awaited, Reader, Store, Values};

/// How many rows a piece has at most, and how many bytes beside those of its last row.
pub(crate) const ROWS: usize = 4096;
const BYTES: usize = 8 << 20;

/// Some records, by feature.
#[derive(Debug)]
pub(crate) struct Columns {
    numbers: Vec<Vec<f64>>,
    texts: Vec<Vec<Option<String>>>,
    rows: usize,
    bytes: usize,
}

/// Which records of a window are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    /// Those that were not counted when they were kept, in any order.
    Uncounted,
    /// All, in the order in which they were made.
    All,
}

/// The values of a feature in some records.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Cells<'a> {
    /// Numbers, or moments in microseconds since 1970; NaN is missing.
    Numbers(&'a [f64]),
    /// Texts.
    Texts(&'a [Option<String>]),
}

impl Columns {
    /// Those of a profile, without records.
    pub(crate) fn of(layout: &Layout) -> Self {
        let (numbers, texts) = (vec![Vec::new(); layout.numbers], vec![Vec::new(); layout.texts]);
        Self { numbers, texts, rows: 0, bytes: 0 }
    }

    /// Those of a feature.
    pub(crate) fn cells(&self, place: Place) -> Cells<'_> {
        match place {
            Place::Number(at) | Place::Moment(at) => Cells::Numbers(&self.numbers[at]),
            Place::Text(at) => Cells::Texts(&self.texts[at]),
        }
    }

    /// Adds a record. Whether it is one of the profile: one that has another number of values is left out.
    #[must_use]
    pub(crate) fn add(&mut self, (numbers, texts): Values) -> bool {
        let texts = texts.unwrap_or_default();
        if (numbers.len(), texts.len()) != (self.numbers.len(), self.texts.len()) {
            return false;
        }
        self.bytes += size_of_val(&numbers[..]) + size_of_val(&texts[..]);
        self.bytes += texts.iter().flatten().map(String::len).sum::<usize>();
        self.numbers.iter_mut().zip(numbers).for_each(|(column, number)| column.push(number));
        self.texts.iter_mut().zip(texts).for_each(|(column, text)| column.push(text));
        self.rows += 1;
        true
    }

    /// How many records there are.
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// Whether it is a piece.
    pub(crate) fn is_full(&self) -> bool {
        self.rows >= ROWS || self.bytes >= BYTES
    }

    fn clear(&mut self) {
        self.numbers.iter_mut().for_each(Vec::clear);
        self.texts.iter_mut().for_each(Vec::clear);
        (self.rows, self.bytes) = (0, 0);
    }
}

/// Says that rows do not fit their profile. They are nobody's, so they are left out, and the job goes on without them. Who only asks says nothing:
/// the job will.
pub(super) fn skipped(Awaited { profile, reader, .. }: Awaited, rows: u64) {
    if rows > 0 && reader == Reader::Job {
        metrics::counter!(JOB_ROWS_SKIPPED).increment(rows);
        tracing::warn!(%profile, rows, "rows with another number of values than their profile were left out of its window");
    }
}

/// Reads the records that a job has yet to look at, piece by piece. How many there were that fit the profile.
///
/// # Errors
/// They cannot be read, are more than the reader takes, or the visitor fails.
pub(super) async fn each_piece(
    store: &Store,
    awaited: Awaited,
    which: Which,
    layout: &Layout,
    mut visit: impl FnMut(&Columns) -> Result<(), JobError> + Send,
) -> Result<u64, JobError> {
    let mut columns = Columns::of(layout);
    let (mut rows, mut odd) = (0, 0);
    let mut add = |values: Values| {
        if columns.add(values) {
            rows += 1;
        } else {
            odd += 1;
        }
        if columns.is_full() {
            visit(&columns)?;
            columns.clear();
        }
        Ok::<_, JobError>(())
    };
    match which {
        Which::Uncounted => store.uncounted_records(awaited, &mut add).await?,
        Which::All => store.records_in_order(awaited, &mut add).await?,
    }
    if awaited.is_beyond(rows + odd) {
        return Err(JobError::TooMuch);
    }
    visit(&columns)?;
    skipped(awaited, odd);
    Ok(rows)
}
