//! Whether the server lives, and whether it can work.

use axum::extract::State;
use scouter_wire::problem::{Problem, ProblemCode};

use super::problem::Failure;
use super::router::Api;

/// `GET /healthz`: the process answers.
pub(super) async fn alive() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: the database answers too.
pub(super) async fn ready(State(api): State<Api>) -> Result<&'static str, Failure> {
    match api.store.ping().await {
        Ok(()) => Ok("ready\n"),
        Err(error) => Err(Failure(Problem::new(ProblemCode::Unavailable, error.to_string()).after(1))),
    }
}
