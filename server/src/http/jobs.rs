//! `POST /v1/profiles/{uid}/run`: drift is looked for at once.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use scouter_wire::drift::JobDue;
use scouter_wire::problem::{Problem, ProblemCode};
use uuid::Uuid;

use super::problem::Failure;
use super::profiles::{not_found, path};
use super::router::Api;

pub(super) async fn run(
    State(api): State<Api>,
    uid: Result<Path<Uuid>, PathRejection>,
) -> Result<(StatusCode, Json<JobDue>), Failure> {
    let profile = path(uid)?;
    if !api.store.due_now(profile).await? {
        let inactive = "the profile is not active: switch it on, and its drift is looked for";
        return Err(match api.store.profile(profile).await? {
            Some(_) => Failure(Problem::new(ProblemCode::Conflict, inactive)),
            None => not_found(profile),
        });
    }
    api.wake.notify_one();
    Ok((StatusCode::ACCEPTED, Json(JobDue { profile })))
}
