//! Rows that records become, by the table that they go to.

use uuid::Uuid;

use super::room::Place;
use crate::store::{BinCountsRow, RecordRow, Store, StoreError, Table};

/// Rows that records become, by the table that they go to, each with its place in the queue of that.
#[derive(Debug)]
pub(super) struct Rows {
    /// Features and metrics.
    pub(super) records: Place<RecordRow>,
    /// Features counted by bin.
    pub(super) bin_counts: Place<BinCountsRow>,
}

/// A row of a table.
pub(super) trait Row: Send + Sync + Sized + 'static {
    /// Which.
    const TABLE: Table;
    /// The bytes that it takes in memory, about.
    fn size(&self) -> usize;
    /// The record that it is of.
    fn uid(&self) -> Uuid;
    /// Keeps rows, in one transaction.
    fn add(store: &Store, rows: &[Self]) -> impl Future<Output = Result<(), StoreError>> + Send;
}

impl Row for RecordRow {
    const TABLE: Table = Table::Records;

    fn size(&self) -> usize {
        let text = |text: &Option<String>| size_of::<Option<String>>() + text.as_ref().map_or(0, String::len);
        let texts = self.texts.as_ref().map_or(0, |texts| texts.iter().map(text).sum());
        size_of::<Self>() + size_of_val(&self.numbers[..]) + texts
    }

    fn uid(&self) -> Uuid {
        self.uid
    }

    async fn add(store: &Store, rows: &[Self]) -> Result<(), StoreError> {
        store.add_records(rows).await.map(drop)
    }
}

impl Row for BinCountsRow {
    const TABLE: Table = Table::BinCounts;

    fn size(&self) -> usize {
        size_of::<Self>() + size_of_val(&self.counts[..])
    }

    fn uid(&self) -> Uuid {
        self.uid
    }

    async fn add(store: &Store, rows: &[Self]) -> Result<(), StoreError> {
        store.add_bin_counts(rows).await.map(drop)
    }
}
