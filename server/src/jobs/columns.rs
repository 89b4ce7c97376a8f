//! Records of a window as columns, a piece at a time: so much is in memory, however many there are.

use futures_util::TryStreamExt;
use futures_util::stream::BoxStream;

use super::JobError;
use crate::registry::{Layout, Place};
use crate::store::{StoreError, Values};

/// Rows of a piece.
const ROWS: usize = 4096;

/// Some records, by feature.
#[derive(Debug)]
pub(super) struct Columns {
    numbers: Vec<Vec<f64>>,
    texts: Vec<Vec<Option<String>>>,
    rows: usize,
}

/// The values of a feature in some records.
#[derive(Debug, Clone, Copy)]
pub(super) enum Cells<'a> {
    /// Numbers; NaN is missing.
    Numbers(&'a [f64]),
    /// Texts.
    Texts(&'a [Option<String>]),
}

impl Columns {
    /// Those of a feature.
    pub(super) fn cells(&self, place: Place) -> Cells<'_> {
        match place {
            Place::Number(at) => Cells::Numbers(&self.numbers[at]),
            Place::Text(at) => Cells::Texts(&self.texts[at]),
        }
    }

    fn add(&mut self, (numbers, texts): Values) -> Result<(), StoreError> {
        let texts = texts.unwrap_or_default();
        if (numbers.len(), texts.len()) != (self.numbers.len(), self.texts.len()) {
            return Err(StoreError::Damaged {
                what: "a record".to_owned(),
                why: format!(
                    "it has {} numbers and {} texts, its profile {} and {}",
                    numbers.len(),
                    texts.len(),
                    self.numbers.len(),
                    self.texts.len()
                ),
            });
        }
        self.numbers.iter_mut().zip(numbers).for_each(|(column, number)| column.push(number));
        self.texts.iter_mut().zip(texts).for_each(|(column, text)| column.push(text));
        self.rows += 1;
        Ok(())
    }

    fn clear(&mut self) {
        self.numbers.iter_mut().for_each(Vec::clear);
        self.texts.iter_mut().for_each(Vec::clear);
        self.rows = 0;
    }
}

/// Reads records piece by piece. How many there were.
pub(super) async fn each_piece(
    mut records: BoxStream<'_, Result<Values, StoreError>>,
    layout: &Layout,
    mut visit: impl FnMut(&Columns) -> Result<(), JobError>,
) -> Result<u64, JobError> {
    let mut columns =
        Columns { numbers: vec![Vec::new(); layout.numbers], texts: vec![Vec::new(); layout.texts], rows: 0 };
    let mut rows = 0;
    while let Some(values) = records.try_next().await? {
        columns.add(values)?;
        rows += 1;
        if columns.rows == ROWS {
            visit(&columns)?;
            columns.clear();
        }
    }
    visit(&columns)?;
    Ok(rows)
}
