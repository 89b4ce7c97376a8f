//! Rows that records become, by the table that they go to.

use uuid::Uuid;

use super::counted::counted;
use super::room::Place;
use super::watched::Profiles;
use crate::store::{BinCountsRow, EvalRow, RecordRow, RequestsRow, Store, StoreError, Table};

/// Rows that records become, by the table that they go to, each with its place in the queue of that.
#[derive(Debug)]
pub(super) struct Rows {
    /// Features and metrics.
    pub(super) records: Place<RecordRow>,
    /// Features counted by bin.
    pub(super) bin_counts: Place<BinCountsRow>,
    /// What is to be evaluated.
    pub(super) evals: Place<EvalRow>,
    /// Requests by route.
    pub(super) requests: Place<RequestsRow>,
}

/// A row of a table.
pub(super) trait Row: Send + Sync + Sized + 'static {
    /// Which.
    const TABLE: Table;
    /// The bytes that it takes in memory, about.
    fn size(&self) -> usize;
    /// The record that it is of.
    fn uid(&self) -> Uuid;
    /// Keeps rows, in one transaction, by what is known of profiles.
    fn add(
        store: &Store,
        profiles: &Profiles,
        rows: &[Self],
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
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

    async fn add(store: &Store, profiles: &Profiles, rows: &[Self]) -> Result<(), StoreError> {
        store.add_counted_records(rows, &counted(profiles, rows)).await.map(drop)
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

    async fn add(store: &Store, _: &Profiles, rows: &[Self]) -> Result<(), StoreError> {
        store.add_bin_counts(rows).await.map(drop)
    }
}

impl Row for EvalRow {
    const TABLE: Table = Table::EvalRecords;

    fn size(&self) -> usize {
        let texts = [&self.id, &self.session].into_iter().flatten().map(String::len).sum::<usize>();
        size_of::<Self>() + self.context.len() + texts
    }

    fn uid(&self) -> Uuid {
        self.uid
    }

    async fn add(store: &Store, _: &Profiles, rows: &[Self]) -> Result<(), StoreError> {
        store.add_eval_records(rows).await.map(drop)
    }
}

impl Row for RequestsRow {
    const TABLE: Table = Table::Requests;

    fn size(&self) -> usize {
        size_of::<Self>() + self.routes.len()
    }

    fn uid(&self) -> Uuid {
        self.uid
    }

    async fn add(store: &Store, _: &Profiles, rows: &[Self]) -> Result<(), StoreError> {
        store.add_requests(rows).await.map(drop)
    }
}
