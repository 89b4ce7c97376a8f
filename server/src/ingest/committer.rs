//! One committer for each table: a queue with a bound, and a task that takes all that waits in it into one transaction.
//!
//! While a transaction is under way, what arrives waits for the next, so that there are more rows in each the more there is to do, and the
//! disk is waited for once for all of them.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;
use tracing::field::Empty;
use tracing::{Instrument, Span};
use uuid::Uuid;

use super::room::{Place, Room};
use super::rows::Row;
use super::watched::Profiles;
use crate::metrics::{COMMIT, ROWS};
use crate::store::{Store, StoreError};

/// How many bytes of rows go into one transaction, beside those of the first that waited.
const TRANSACTION: usize = 8 << 20;

/// What became of rows that were handed over: those that the database does not take, by their records, with what it said.
pub(super) type Outcome = Result<Vec<(Uuid, String)>, NotKept>;

/// None of the rows is known to be kept.
#[derive(Debug, Clone, thiserror::Error)]
pub enum NotKept {
    /// The database cannot be reached, or is in no state to take any.
    #[error("{0}")]
    Store(Arc<StoreError>),
    /// The database does not answer. They may be kept all the same.
    #[error("the database does not answer")]
    Silent,
}

/// The end of the queue that rows go into.
#[derive(Debug)]
pub(super) struct Committer<R> {
    queue: mpsc::Sender<Load<R>>,
    room: Room,
}

/// How a queue is worked off.
#[derive(Debug, Clone)]
pub(super) struct Pace {
    /// How long rows may take to be kept.
    pub(super) patience: Duration,
    /// Told when no more are to come: those that wait are kept, and the task ends.
    pub(super) stop: CancellationToken,
}

#[derive(Debug)]
struct Load<R> {
    place: Place<R>,
    told: oneshot::Sender<Outcome>,
}

/// Why rows are not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotTaken {
    /// The queue is full.
    Full,
    /// Nothing is taken any more.
    Closed,
}

impl<R: Row> Committer<R> {
    /// A committer with a queue of so many bytes, and its work.
    pub(super) fn new(
        store: Store,
        profiles: Arc<Profiles>,
        bound: usize,
        pace: Pace,
    ) -> (Self, impl Future<Output = ()> + Send + 'static) {
        let room = Room::of(bound);
        let (queue, waiting) = mpsc::channel(room.places());
        (Self { queue, room }, commit_all(store, profiles, waiting, pace))
    }

    /// A place in the queue for rows, which are not handed over yet.
    pub(super) fn place(&self) -> Place<R> {
        self.room.place()
    }

    /// Hands rows over. They are committed even where nobody waits for it.
    pub(super) fn hand_over(&self, place: Place<R>) -> Result<oneshot::Receiver<Outcome>, NotTaken> {
        let (told, committed) = oneshot::channel();
        self.queue.try_send(Load { place, told }).map_err(|error| match error {
            TrySendError::Full(_) => NotTaken::Full,
            TrySendError::Closed(_) => NotTaken::Closed,
        })?;
        Ok(committed)
    }
}

async fn commit_all<R: Row>(
    store: Store,
    profiles: Arc<Profiles>,
    mut waiting: mpsc::Receiver<Load<R>>,
    pace: Pace,
) {
    let mut stopping = false;
    loop {
        let first = tokio::select! {
            biased;
            first = waiting.recv() => first,
            () = pace.stop.cancelled(), if !stopping => {
                stopping = true;
                waiting.close();
                continue;
            }
        };
        let Some(first) = first else { return };
        let mut bytes = first.place.size();
        let mut loads = vec![first];
        while bytes < TRANSACTION
            && let Ok(next) = waiting.try_recv()
        {
            bytes += next.place.size();
            loads.push(next);
        }
        let span =
            tracing::info_span!("commit", table = R::TABLE.name(), rows = Empty, otel.status_code = Empty);
        commit(&store, &profiles, loads, pace.patience).instrument(span).await;
    }
}

async fn commit<R: Row>(store: &Store, profiles: &Profiles, mut loads: Vec<Load<R>>, patience: Duration) {
    let mut rows = Vec::with_capacity(loads.iter().map(|load| load.place.rows.len()).sum());
    let begins: Vec<usize> = loads
        .iter_mut()
        .map(|load| {
            let begin = rows.len();
            rows.append(&mut load.place.rows);
            begin
        })
        .collect();
    // Nobody waits longer, and what is broken off is on a connection that is closed.
    let since = Instant::now();
    let added = match timeout(patience, add(store, profiles, &rows)).await {
        Ok(added) => added.map_err(|error| NotKept::Store(Arc::new(error))),
        Err(_) => Err(NotKept::Silent),
    };
    metrics::histogram!(COMMIT).record(since.elapsed());
    let kept = if added.is_ok() { "kept" } else { "not_kept" };
    metrics::counter!(ROWS, "table" => R::TABLE.name(), "outcome" => kept).increment(rows.len() as u64);
    Span::current().record("rows", rows.len());
    let mut outcome = added.inspect_err(|error| {
        Span::current().record("otel.status_code", "ERROR");
        tracing::warn!(%error, rows = rows.len(), "failed to keep records");
    });
    // From the last to the first, so that what is refused of each is at the end.
    for (load, begin) in loads.into_iter().zip(begins).rev() {
        let own = match &mut outcome {
            Ok(wrong) => Ok(wrong.split_off(wrong.partition_point(|(at, _)| *at < begin))),
            Err(error) => Err(error.clone()),
        };
        let by_uid = |wrong: Vec<(usize, String)>| wrong.into_iter().map(|(at, why)| (rows[at].uid(), why));
        // Nobody may hear it: a client that is gone sends the records again.
        let _ = load.told.send(own.map(|wrong| by_uid(wrong).collect()));
    }
}

/// Keeps rows. Where the database finds something wrong with one, it is looked for by halves, so that the others are kept: the places of those
/// that are not, in order.
async fn add<R: Row>(
    store: &Store,
    profiles: &Profiles,
    rows: &[R],
) -> Result<Vec<(usize, String)>, StoreError> {
    let mut wrong = Vec::new();
    let mut left: Vec<_> = std::iter::once(0..rows.len()).collect();
    while let Some(range) = left.pop() {
        match R::add(store, profiles, &rows[range.clone()]).await {
            Ok(()) => {}
            Err(error) if !is_of_data(&error) => return Err(error),
            Err(error) if range.len() == 1 => wrong.push((range.start, error.to_string())),
            Err(_) => {
                let middle = range.start + range.len() / 2;
                left.extend([middle..range.end, range.start..middle]);
            }
        }
    }
    Ok(wrong)
}

/// Whether the database finds something wrong with a value. Of anything else it may think better, as when it is read-only for a while.
fn is_of_data(error: &StoreError) -> bool {
    let StoreError::Refused(error) = error else { return false };
    match error {
        sqlx::Error::Encode(_) => true,
        // Data exceptions, constraints, and limits of the program.
        sqlx::Error::Database(error) => {
            error.code().is_some_and(|code| ["22", "23", "54"].iter().any(|class| code.starts_with(class)))
        }
        _ => false,
    }
}
