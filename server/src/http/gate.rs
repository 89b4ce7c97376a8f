//! How many requests are under way at once. Others wait a little, without their bodies, and are then told to come again.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use scouter_wire::problem::{Problem, ProblemCode};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::problem::{Failure, SOON};

/// How long an answer may take in any case, as where the database is gone without a word.
const LONGEST: Duration = Duration::from_mins(2);

/// Lets so many in at once.
#[derive(Debug, Clone)]
pub(super) struct Gate {
    places: Arc<Semaphore>,
    most: usize,
    wait: Duration,
}

/// There are as many as may be, for a while already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0} requests of this kind are under way, and there may be no more at once: send it again later; where that lasts, the database is too slow for them"
)]
pub(super) struct TooMany(usize);

impl Gate {
    /// For so many at once; others wait so long.
    pub(super) fn new(places: usize, wait: Duration) -> Self {
        Self { places: Arc::new(Semaphore::new(places)), most: places, wait }
    }

    /// Waits for a place, which is held until it is dropped.
    ///
    /// # Errors
    /// There was none in time.
    pub(super) async fn enter(&self) -> Result<OwnedSemaphorePermit, TooMany> {
        match timeout(self.wait, Arc::clone(&self.places).acquire_owned()).await {
            Ok(Ok(place)) => Ok(place),
            _ => Err(TooMany(self.most)),
        }
    }

    /// Waits for a place as long as it takes. None where the gate is closed, which it never is.
    pub(super) async fn wait(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.places).acquire_owned().await.ok()
    }

    /// Does something once there is a place for it.
    ///
    /// # Errors
    /// There was none in time, or it took too long.
    pub(super) async fn within<T>(&self, work: impl Future<Output = T>) -> Result<T, Failure> {
        let _place = self.enter().await?;
        timeout(LONGEST, work).await.map_err(|_| {
            let problem = Problem::new(ProblemCode::Unavailable, "there was no answer within two minutes, since the database takes that long: send it again, and ask for less where one can");
            Failure(problem.after(SOON))
        })
    }

    /// The layer of a router: requests that have no place are answered with 429.
    ///
    /// # Errors
    /// There was none in time, or there was no answer.
    pub(super) async fn pass(
        State(gate): State<Self>,
        request: Request,
        next: Next,
    ) -> Result<Response, Failure> {
        gate.within(next.run(request)).await
    }
}

impl From<TooMany> for Failure {
    fn from(error: TooMany) -> Self {
        Self(Problem::new(ProblemCode::Overloaded, error.to_string()).after(SOON))
    }
}
