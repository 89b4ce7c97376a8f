//! Tables as the records of a run: a record a row.

use arrow_array::RecordBatch;
use arrow_schema::ArrowError;
use scouter_tasks::records::{Chunks, Fields, Flaw, Opened, Opener, ReadError, Unit};
use scouter_tasks::run::Entry;

use super::value::value;

/// How many rows are handed over at once.
const ROWS: usize = 256;

/// Batches one after another, wherever they come from.
pub(crate) type Stream = Box<dyn Iterator<Item = Result<RecordBatch, ArrowError>> + Send>;

/// The rows of a stream of batches.
pub(crate) struct Batches {
    stream: Stream,
    /// What is left of the batch that was read last.
    left: Option<RecordBatch>,
    /// How many rows were handed over.
    read: u64,
}

impl std::fmt::Debug for Batches {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Batches").field("read", &self.read).finish_non_exhaustive()
    }
}

impl Batches {
    pub(super) fn new(stream: Stream) -> Self {
        Self { stream, left: None, read: 0 }
    }
}

/// Some rows.
pub(crate) struct Rows {
    batch: RecordBatch,
    /// How many rows there are before them.
    before: u64,
}

impl Chunks for Batches {
    type Chunk = Rows;

    const UNIT: Unit = Unit::Row;

    fn next(&mut self) -> Result<Option<Rows>, ReadError> {
        loop {
            if let Some(batch) = self.left.take_if(|batch| batch.num_rows() > 0) {
                let count = batch.num_rows().min(ROWS);
                self.left = Some(batch.slice(count, batch.num_rows() - count));
                let before = self.read;
                self.read += count as u64;
                return Ok(Some(Rows { batch: batch.slice(0, count), before }));
            }
            match self.stream.next() {
                None => return Ok(None),
                Some(Ok(batch)) => self.left = Some(batch),
                Some(Err(error)) => {
                    let message = error.to_string();
                    return Err(ReadError::Broken { unit: Unit::Row, after: self.read, message });
                }
            }
        }
    }

    fn open(Rows { batch, before }: Rows, opener: &Opener) -> Vec<Opened> {
        let schema = batch.schema_ref();
        let named = schema.fields().iter().zip(batch.columns());
        let used: Vec<_> = named
            .filter_map(|(field, column)| Some((field.name(), opener.shape.of(field.name())?, column)))
            .collect();
        let entry = |row: usize| -> Result<Entry, Flaw> {
            let mut fields = Fields::default();
            for (name, used, column) in &used {
                fields.add(name, used, value(column.as_ref(), row))?;
            }
            opener.entry(fields)
        };
        (0..batch.num_rows())
            .map(|row| Opened { number: before + row as u64 + 1, entry: entry(row) })
            .collect()
    }
}
