//! Whether the server lives, and whether it can work.

use std::time::Duration;

use axum::extract::State;
use scouter_wire::problem::{Problem, ProblemCode};
use tokio::time::timeout;

use super::answers::Away;
use super::problem::{AWAY, Failure, SOON};
use super::router::Api;

/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

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
#[utoipa::path(
    get,
    path = "/readyz",
    tag = "server",
    operation_id = "get_readiness",
    responses((status = 200, description = "It does.", body = String), Away)
)]
pub(super) async fn ready(State(api): State<Api>) -> Result<&'static str, Failure> {
    match timeout(PATIENCE, api.store.ping()).await {
        Ok(Ok(())) => return Ok("ready\n"),
        // Nobody is asked who they are here, so what the database says is for the log.
        Ok(Err(error)) => tracing::warn!(%error, "the server is not ready"),
        Err(_) => tracing::warn!("the server is not ready: the database does not answer"),
    }
    Err(Failure(Problem::new(ProblemCode::Unavailable, AWAY).after(SOON)))
}
