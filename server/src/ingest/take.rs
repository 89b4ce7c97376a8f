//! Records come in.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use scouter_wire::receipt::{Receipt, RefusalCode, Refused};
use scouter_wire::records::{Group, Received};
use tokio::sync::oneshot;
use tokio::task::{JoinError, JoinSet};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::committer::{Committer, NotKept, NotTaken, Outcome, Pace};
use super::fit::fit;
use super::room::{NoRoom, Place};
use super::rows::{Row, Rows};
use super::watched::{Profiles, Standing};
use crate::access::{Grants, Role};
use crate::metrics::{BATCHES_REFUSED, RECORDS};
use crate::store::{BinCountsRow, EvalRow, RecordRow, RequestsRow, Store, StoreError};

/// How much waits at most, and for how long.
#[derive(Debug, Clone, Copy)]
pub struct IngestOptions {
    /// Bytes of rows that wait for each table, those that are being committed included.
    pub queue: usize,
    /// How long records may take to be committed, and how long whoever sent them waits to hear of it.
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
    profiles: Arc<Profiles>,
    records: Committer<RecordRow>,
    bin_counts: Committer<BinCountsRow>,
    evals: Committer<EvalRow>,
    requests: Committer<RequestsRow>,
    patience: Duration,
}

/// The tasks of [`Ingest`]. They end where this is dropped, whatever is under way.
#[derive(Debug)]
pub struct Committers {
    tasks: JoinSet<()>,
    stop: CancellationToken,
}

/// Why a batch is not kept as a whole. It does no harm to send it again, even where some of it was kept.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// More is sent than is committed.
    #[error(
        "the queue of records is full, since more arrive than the database takes: nothing of the batch is kept, send it again later"
    )]
    Full,
    /// Its rows are larger than the whole queue.
    #[error("the records of the batch take too much room: divide it")]
    TooLarge,
    /// The server is about to stop, or is broken.
    #[error("the server takes no records any more: send them again later")]
    Closed,
    /// The database did not answer in time.
    #[error(
        "the database did not commit the records in time, and may yet: send them again, which does no harm"
    )]
    Late,
    /// The database cannot be reached, or is in no state to take records.
    #[error("the records cannot be kept now: send them again later; the server's log says why")]
    NotKept(#[from] NotKept),
    /// The database cannot be reached for the profiles.
    #[error(
        "the profiles of the records cannot be looked up now: send them again later; the server's log says why"
    )]
    Profiles(#[source] StoreError),
}

impl IngestError {
    /// The reason in a word, to be counted by.
    fn word(&self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::TooLarge => "too_large",
            Self::Closed => "closed",
            Self::Late => "late",
            Self::NotKept(_) => "not_kept",
            Self::Profiles(_) => "profiles",
        }
    }
}

impl Ingest {
    /// Takes records into this database.
    pub fn start(store: &Store, options: IngestOptions) -> (Self, Committers) {
        let (mut tasks, stop) = (JoinSet::new(), CancellationToken::new());
        let profiles = Arc::new(Profiles::of(store.clone()));
        let ingest = Self {
            records: committer(store, &profiles, options, &stop, &mut tasks),
            bin_counts: committer(store, &profiles, options, &stop, &mut tasks),
            evals: committer(store, &profiles, options, &stop, &mut tasks),
            requests: committer(store, &profiles, options, &stop, &mut tasks),
            profiles,
            patience: options.patience,
        };
        (ingest, Committers { tasks, stop })
    }

    /// Keeps the records of a batch, sent by somebody who may do this. What is in the receipt as accepted is committed.
    ///
    /// # Errors
    /// Nothing of it is known to be kept: the queue is full, or the database is away.
    pub async fn take(&self, received: Received, grants: &Grants) -> Result<Receipt, IngestError> {
        let taken = self.keep(received, grants).await;
        match &taken {
            Ok(Receipt { accepted, refused }) => {
                metrics::counter!(RECORDS, "result" => "accepted").increment(*accepted);
                metrics::counter!(RECORDS, "result" => "refused").increment(refused.len() as u64);
            }
            Err(error) => metrics::counter!(BATCHES_REFUSED, "reason" => error.word()).increment(1),
        }
        taken
    }

    async fn keep(&self, received: Received, grants: &Grants) -> Result<Receipt, IngestError> {
        let sent = received.batch.len();
        let before = received.refused.len();
        // All rows have their places before any are handed over: a batch that does not fit is not kept in part.
        let (Rows { records, bin_counts, evals, requests }, mut refused) = self.fit(received, grants).await?;
        let told = [
            hand_over(&self.records, records)?,
            hand_over(&self.bin_counts, bin_counts)?,
            hand_over(&self.evals, evals)?,
            hand_over(&self.requests, requests)?,
        ];
        for told in told.into_iter().flatten() {
            let wrong = self.hear(told).await?.into_iter();
            refused.extend(wrong.map(|(uid, why)| Refused::new(Some(uid), RefusalCode::NotStorable, why)));
        }
        let accepted = (sent + before).saturating_sub(refused.len()) as u64;
        Ok(Receipt { accepted, refused })
    }

    async fn fit(&self, received: Received, grants: &Grants) -> Result<(Rows, Vec<Refused>), IngestError> {
        let Received { batch, mut refused } = received;
        let uids: HashSet<_> = batch.groups.iter().map(Group::profile).collect();
        let standing = timeout(self.patience, self.profiles.standing(&uids)).await;
        let standing = standing.map_err(|_| IngestError::Late)?;
        let standing = standing
            .inspect_err(|error| tracing::warn!(%error, "failed to look profiles up"))
            .map_err(IngestError::Profiles)?;
        let mut rows = Rows {
            records: self.records.place(),
            bin_counts: self.bin_counts.place(),
            evals: self.evals.place(),
            requests: self.requests.place(),
        };
        for group in batch.groups {
            let profile = group.profile();
            let (code, reason) = match standing.get(&profile) {
                Some(Standing::Active(_, watched)) if !grants.may(&watched.space, Role::Write) => (
                    RefusalCode::Forbidden,
                    format!("who sends it may not write in the space of profile `{profile}`"),
                ),
                Some(Standing::Active(uid, watched)) => {
                    fit(group.of_profile(*uid), watched, &mut rows, &mut refused)?;
                    continue;
                }
                Some(Standing::Inactive) => (
                    RefusalCode::InactiveProfile,
                    format!(
                        "profile `{profile}` is not active: switch it on, by `set_active=True` where it is registered"
                    ),
                ),
                Some(Standing::Unreadable(why)) => {
                    (RefusalCode::UnknownProfile, format!("profile `{profile}`: {why}"))
                }
                Some(Standing::Unknown) | None => (
                    RefusalCode::UnknownProfile,
                    format!(
                        "there is no profile `{profile}`: register it here, by `ScouterClient.register_profile`"
                    ),
                ),
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
            Ok(Err(_)) => Err(IngestError::Closed),
            Err(_) => Err(IngestError::Late),
        }
    }
}

impl Committers {
    /// Waits until one of them ends, which none does by itself: why it did.
    pub async fn ended(&mut self) -> Option<JoinError> {
        self.tasks.join_next().await.and_then(Result::err)
    }

    /// Takes nothing more, and waits until all that was handed over is committed.
    pub async fn finish(mut self) {
        self.stop.cancel();
        while let Some(end) = self.tasks.join_next().await {
            if let Err(error) = end {
                tracing::error!(%error, "a committer ended before its time");
            }
        }
    }
}

impl From<NotTaken> for IngestError {
    fn from(why: NotTaken) -> Self {
        match why {
            NotTaken::Full => Self::Full,
            NotTaken::Closed => Self::Closed,
        }
    }
}

impl From<NoRoom> for IngestError {
    fn from(why: NoRoom) -> Self {
        match why {
            NoRoom::Full => Self::Full,
            NoRoom::TooLarge => Self::TooLarge,
        }
    }
}

/// The committer of a table, whose work is begun.
fn committer<R: Row>(
    store: &Store,
    profiles: &Arc<Profiles>,
    IngestOptions { queue, patience }: IngestOptions,
    stop: &CancellationToken,
    tasks: &mut JoinSet<()>,
) -> Committer<R> {
    let pace = Pace { patience, stop: stop.clone() };
    let (committer, work) = Committer::new(store.clone(), Arc::clone(profiles), queue, pace);
    tasks.spawn(work);
    committer
}

fn hand_over<R: Row>(
    committer: &Committer<R>,
    place: Place<R>,
) -> Result<Option<oneshot::Receiver<Outcome>>, NotTaken> {
    if place.rows.is_empty() { Ok(None) } else { committer.hand_over(place).map(Some) }
}
