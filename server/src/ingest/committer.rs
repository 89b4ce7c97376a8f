//! One committer for each table: a queue with a bound, and a task that takes all that waits in it into one transaction.
//!
//! While a transaction is under way, what arrives waits for the next, so that there are more rows in each the more there is to do, and the
//! disk is waited for once for all of them.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::rows::Row;
use crate::store::{Store, StoreError};

/// So many bytes of rows are counted as one in the bound of a queue.
const UNIT: usize = 1024;

/// How many bytes of rows go into one transaction, beside those of the first that waited.
const TRANSACTION: usize = 8 << 20;

/// What became of rows that were handed over: those that the database does not take, by their records, with what it said.
pub(super) type Outcome = Result<Vec<(Uuid, String)>, NotKept>;

/// None of the rows is known to be kept: the database cannot be reached, or is in no state to take any.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub struct NotKept(pub(super) Arc<StoreError>);

/// The end of the queue that rows go into.
#[derive(Debug)]
pub(super) struct Committer<R> {
    queue: mpsc::Sender<Load<R>>,
    room: Arc<Semaphore>,
}

/// A place in the queue.
pub(super) struct Place<R> {
    rows: Vec<R>,
    held: OwnedSemaphorePermit,
}

#[derive(Debug)]
struct Load<R> {
    rows: Vec<R>,
    size: usize,
    told: oneshot::Sender<Outcome>,
    /// Its place in the queue, given up when it is committed.
    _held: OwnedSemaphorePermit,
}

/// The queue is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Full;

impl<R: Row> Committer<R> {
    /// Starts a committer with a queue of so many bytes. Its task ends, with all that was handed over committed, when this is dropped.
    pub(super) fn start(store: Store, bound: usize) -> (Self, JoinHandle<()>) {
        let units = (bound / UNIT).max(1);
        // A load takes a unit at least, so there are never more loads than units.
        let (queue, waiting) = mpsc::channel(units);
        let task = tokio::spawn(commit_all(store, waiting));
        (Self { queue, room: Arc::new(Semaphore::new(units)) }, task)
    }

    /// Takes a place for rows, without handing them over yet.
    pub(super) fn place(&self, rows: Vec<R>) -> Result<Place<R>, Full> {
        let units = size(&rows).div_ceil(UNIT).max(1);
        let units = u32::try_from(units).map_err(|_| Full)?;
        let held = Arc::clone(&self.room).try_acquire_many_owned(units).map_err(|_| Full)?;
        Ok(Place { rows, held })
    }

    /// Hands rows over. They are committed even where nobody waits for it.
    pub(super) fn hand_over(&self, place: Place<R>) -> Result<oneshot::Receiver<Outcome>, Full> {
        let Place { rows, held } = place;
        let (told, committed) = oneshot::channel();
        let load = Load { size: size(&rows), rows, told, _held: held };
        self.queue.try_send(load).map_err(|_| Full)?;
        Ok(committed)
    }
}

fn size<R: Row>(rows: &[R]) -> usize {
    rows.iter().map(Row::size).sum()
}

async fn commit_all<R: Row>(store: Store, mut waiting: mpsc::Receiver<Load<R>>) {
    while let Some(first) = waiting.recv().await {
        let mut bytes = first.size;
        let mut loads = vec![first];
        while bytes < TRANSACTION
            && let Ok(next) = waiting.try_recv()
        {
            bytes += next.size;
            loads.push(next);
        }
        commit(&store, loads).await;
    }
}

async fn commit<R: Row>(store: &Store, mut loads: Vec<Load<R>>) {
    let mut rows = Vec::with_capacity(loads.iter().map(|load| load.rows.len()).sum());
    let begins: Vec<usize> = loads
        .iter_mut()
        .map(|load| {
            let begin = rows.len();
            rows.append(&mut load.rows);
            begin
        })
        .collect();
    let mut outcome = add(store, &rows).await.map_err(|error| {
        tracing::warn!(%error, rows = rows.len(), "failed to keep records");
        NotKept(Arc::new(error))
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
async fn add<R: Row>(store: &Store, rows: &[R]) -> Result<Vec<(usize, String)>, StoreError> {
    let mut wrong = Vec::new();
    let mut left: Vec<_> = std::iter::once(0..rows.len()).collect();
    while let Some(range) = left.pop() {
        match R::add(store, &rows[range.clone()]).await {
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
