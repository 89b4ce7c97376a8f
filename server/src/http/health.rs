//! Whether the server lives, and whether it can work.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Extension, State};
use scouter_wire::problem::{Problem, ProblemCode};
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

use super::answers::Away;
use super::problem::{AWAY, Failure, SOON};
use super::router::Api;
use crate::store::Store;

/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// For how long an answer is told again before the database is asked anew.
const FRESH: Duration = Duration::from_secs(1);

/// What the database answered last. Anybody may ask, as often as they like: it costs one connection a second at most, and who comes meanwhile waits
/// for that one's answer.
#[derive(Debug, Default)]
pub(super) struct Readiness(Mutex<Option<(Instant, bool)>>);

impl Readiness {
    /// Whether it answers, by what it said a moment ago or says now.
    async fn told(&self, ask: impl Future<Output = bool>) -> bool {
        let mut last = self.0.lock().await;
        if let Some((at, ready)) = *last
            && at.elapsed() < FRESH
        {
            return ready;
        }
        let ready = ask.await;
        *last = Some((Instant::now(), ready));
        ready
    }
}

/// Says that the process answers.
#[utoipa::path(
    get,
    path = "/healthz",
    tag = "server",
    operation_id = "get_health",
    responses((status = 200, description = "It does.", body = String))
)]
pub(super) async fn alive() -> &'static str {
    "ok\n"
}

/// Says whether the database answers too.
///
/// It is asked once a second at most, however often that is asked here.
#[utoipa::path(
    get,
    path = "/readyz",
    tag = "server",
    operation_id = "get_readiness",
    responses((status = 200, description = "It does.", body = String), Away)
)]
pub(super) async fn ready(
    State(api): State<Api>,
    Extension(readiness): Extension<Arc<Readiness>>,
) -> Result<&'static str, Failure> {
    if readiness.told(answers(&api.store)).await {
        return Ok("ready\n");
    }
    Err(Failure(Problem::new(ProblemCode::Unavailable, AWAY).after(SOON)))
}

/// Whether the database answers. Nobody is asked who they are here, so what it says where it does not is for the log.
async fn answers(store: &Store) -> bool {
    match timeout(PATIENCE, store.ping()).await {
        Ok(Ok(())) => return true,
        Ok(Err(error)) => tracing::warn!(%error, "the server is not ready"),
        Err(_) => tracing::warn!("the server is not ready: the database does not answer"),
    }
    false
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use futures_util::future::join_all;
    use tokio::task::yield_now;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_database_is_asked_once_a_second_however_many_want_to_know() {
        let (readiness, asked) = (Readiness::default(), Cell::new(0));
        let ask = |answer| {
            let asked = &asked;
            readiness.told(async move {
                asked.set(asked.get() + 1);
                yield_now().await;
                answer
            })
        };
        assert_eq!(join_all((0..100).map(|_| ask(true))).await, [true; 100]);
        assert_eq!(asked.get(), 1);
        tokio::time::advance(FRESH / 2).await;
        assert!(ask(false).await, "what was said a moment ago");
        tokio::time::advance(FRESH / 2).await;
        assert!(!ask(false).await && !ask(true).await);
        assert_eq!(asked.get(), 2);
    }
}
