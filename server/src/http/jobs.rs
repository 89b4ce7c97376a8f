//! `POST /v1/profiles/{uid}/run`: drift is looked for at once.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use scouter_wire::drift::JobDue;
use scouter_wire::problem::{Problem, ProblemCode};
use uuid::Uuid;

use super::answers::{Absent, Taken, Unfit};
use super::problem::Failure;
use super::profiles::{invalid, not_found, path};
use super::router::Api;
use crate::registry::Kind;

/// Looks for drift at once.
///
/// What is found has its place in the drift over time, and alerts are told of as always.
#[utoipa::path(
    post,
    path = "/v1/profiles/{uid}/run",
    tag = "drift",
    operation_id = "run_profile",
    params(("uid" = Uuid, Path, description = "Which profile.")),
    responses((status = 202, description = "It is looked for.", body = JobDue), Absent, Taken, Unfit)
)]
pub(super) async fn run(
    State(api): State<Api>,
    uid: Result<Path<Uuid>, PathRejection>,
) -> Result<(StatusCode, Json<JobDue>), Failure> {
    let profile = path(uid)?;
    if !api.store.due_now(profile).await? {
        let inactive = "the profile is not active: switch it on, and its drift is looked for";
        return Err(match api.store.profile(profile).await? {
            Some(row) if Kind::of(&row.kind).is_none_or(|kind| !kind.has_jobs()) => {
                invalid(format!("no job looks at what came for a profile of `{}`", row.kind))
            }
            Some(_) => Failure(Problem::new(ProblemCode::Conflict, inactive)),
            None => not_found(profile),
        });
    }
    api.wake.notify_one();
    Ok((StatusCode::ACCEPTED, Json(JobDue { profile })))
}
