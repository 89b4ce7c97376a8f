//! Records come in.

use std::collections::HashSet;
use std::time::Duration;

use scouter_wire::receipt::{Receipt, RefusalCode, Refused};
use scouter_wire::records::{Group, Received};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use uuid::Uuid;

use super::committer::{Committer, Full, NotKept, Outcome, Place};
use super::fit::{TooLarge, fit};
use super::rows::{Row, Rows};
use super::watched::{Profiles, Standing};
use crate::store::{BinCountsRow, RecordRow, Store, StoreError};

/// How much waits at most, and for how long.
#[derive(Debug, Clone, Copy)]
pub struct IngestOptions {
    /// Bytes of rows that wait for each table, those that are being committed included.
    pub queue: usize,
    /// How long whoever sent records waits to hear that they are committed.
    pub patience: Duration,
}

impl Default for IngestOptions {
    fn default() -> Self {
        Self { queue: 64 << 20, patience: Duration::from_secs(30) }
    }
}

/// Takes records in. They are kept before that is told.
#[derive(Debug)]
pub struct Ingest {
    profiles: Profiles,
    records: Committer<RecordRow>,
    bin_counts: Committer<BinCountsRow>,
    queue: usize,
    patience: Duration,
}

/// The tasks of [`Ingest`].
#[derive(Debug)]
pub struct Committers([JoinHandle<()>; 2]);

/// Why a batch is not kept as a whole. It does no harm to send it again, even where some of it was kept.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// More is sent than is committed.
    #[error("more records arrive than can be kept: send them again later")]
    Full,
    /// Its rows are larger than the whole queue.
    #[error("the records of the batch take too much room: divide it")]
    TooLarge,
    /// The database did not answer in time.
    #[error("the records were not committed in time: send them again")]
    Late,
    /// The database cannot be reached, or is in no state to take records.
    #[error("the records cannot be kept: {0}")]
    NotKept(#[from] NotKept),
    /// The database cannot be reached for the profiles.
    #[error("the profiles of the records cannot be looked up: {0}")]
    Profiles(#[source] StoreError),
}

impl Ingest {
    /// Takes records into this database.
    pub fn start(store: &Store, options: IngestOptions) -> (Self, Committers) {
        let IngestOptions { queue, patience } = options;
        let (records, first) = Committer::start(store.clone(), queue);
        let (bin_counts, second) = Committer::start(store.clone(), queue);
        let profiles = Profiles::of(store.clone());
        (Self { profiles, records, bin_counts, queue, patience }, Committers([first, second]))
    }

    /// Keeps the records of a batch. What is in the receipt as accepted is committed.
    ///
    /// # Errors
    /// Nothing of it is known to be kept: the queue is full, or the database is away.
    pub async fn take(&self, received: Received) -> Result<Receipt, IngestError> {
        let sent = received.batch.len();
        let before = received.refused.len();
        let (Rows { records, bin_counts }, mut refused) = self.fit(received).await?;
        // Both places are taken before anything is handed over: a batch that does not fit is not kept in part.
        let records = place(&self.records, records)?;
        let bin_counts = place(&self.bin_counts, bin_counts)?;
        let records = records.map(|place| self.records.hand_over(place)).transpose()?;
        let bin_counts = bin_counts.map(|place| self.bin_counts.hand_over(place)).transpose()?;
        for told in [records, bin_counts].into_iter().flatten() {
            let wrong = self.hear(told).await?.into_iter();
            refused.extend(wrong.map(|(uid, why)| Refused::new(Some(uid), RefusalCode::NotStorable, why)));
        }
        let accepted = (sent + before).saturating_sub(refused.len()) as u64;
        Ok(Receipt { accepted, refused })
    }

    async fn fit(&self, received: Received) -> Result<(Rows, Vec<Refused>), IngestError> {
        let Received { batch, mut refused } = received;
        let uids: HashSet<_> = batch.groups.iter().map(Group::profile).collect();
        let standing = self.profiles.standing(&uids).await.map_err(IngestError::Profiles)?;
        let (mut rows, mut room) = (Rows::default(), self.queue);
        for group in batch.groups {
            let profile = group.profile();
            let (code, reason) = match standing.get(&profile) {
                Some(Standing::Active(watched)) => {
                    fit(group, watched, &mut room, &mut rows, &mut refused)?;
                    continue;
                }
                Some(Standing::Inactive) => {
                    (RefusalCode::InactiveProfile, format!("profile `{profile}` is not active"))
                }
                Some(Standing::Unreadable(why)) => {
                    (RefusalCode::UnknownProfile, format!("profile `{profile}`: {why}"))
                }
                Some(Standing::Unknown) | None => {
                    (RefusalCode::UnknownProfile, format!("there is no profile `{profile}`"))
                }
            };
            let all = group.records().iter();
            refused
                .extend(all.map(|record| Refused::new(Some(record.uid.get()), code.clone(), reason.clone())));
        }
        Ok((rows, refused))
    }

    async fn hear(&self, told: oneshot::Receiver<Outcome>) -> Result<Vec<(Uuid, String)>, IngestError> {
        match timeout(self.patience, told).await {
            Ok(Ok(outcome)) => Ok(outcome?),
            // A committer that is gone tells nothing.
            Ok(Err(_)) | Err(_) => Err(IngestError::Late),
        }
    }
}

impl Committers {
    /// Waits until all that was handed over is committed. [`Ingest`] must be dropped for that to come.
    pub async fn finish(self) {
        for task in self.0 {
            if let Err(error) = task.await {
                tracing::error!(%error, "a committer ended before its time");
            }
        }
    }
}

impl From<Full> for IngestError {
    fn from(_: Full) -> Self {
        Self::Full
    }
}

impl From<TooLarge> for IngestError {
    fn from(_: TooLarge) -> Self {
        Self::TooLarge
    }
}

fn place<R: Row>(committer: &Committer<R>, rows: Vec<R>) -> Result<Option<Place<R>>, IngestError> {
    if rows.is_empty() {
        return Ok(None);
    }
    Ok(Some(committer.place(rows)?))
}
