//! `POST /v1/profiles/{uid}/run`: drift is looked for at once. `GET /v1/profiles/{uid}/job`: whether that has come to its end, and to what.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use scouter_wire::drift::{JobDue, JobFound, JobState, JobWaiting};
use scouter_wire::problem::{Problem, ProblemCode};
use uuid::Uuid;

use super::answers::{Absent, Taken, Unfit};
use super::problem::Failure;
use super::profiles::{invalid, not_found, path};
use super::router::Api;
use crate::registry::Kind;
use crate::store::FoundRow;

/// Looks for drift at once.
///
/// What is found has its place in the drift over time, and alerts are told of as always. Where the job is under way, it looks once more when that has come to
/// its end.
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
    let profile = path(&api, uid).await?;
    let Some(asked) = api.store.due_now(profile).await? else {
        let inactive = "the profile is not active: switch it on, and its drift is looked for";
        return Err(match api.store.profile(profile).await? {
            Some(row) if Kind::of(&row.kind).is_none_or(|kind| !kind.has_jobs()) => {
                invalid(format!("no job looks at what came for a profile of `{}`", row.kind))
            }
            Some(_) => Failure(Problem::new(ProblemCode::Conflict, inactive)),
            None => not_found(profile),
        });
    };
    api.wake.notify_one();
    Ok((StatusCode::ACCEPTED, Json(JobDue { profile, asked_at: Some(asked) })))
}

/// Shows how things stand with the job of a profile.
///
/// A job that was asked for has come to its end when it is not under way any more. A window with too few rows for anything to be said goes on: `waiting` tells of it.
#[utoipa::path(
    get,
    path = "/v1/profiles/{uid}/job",
    tag = "drift",
    operation_id = "get_job",
    params(("uid" = Uuid, Path, description = "Which profile.")),
    responses((status = 200, description = "How things stand.", body = JobState), Absent, Unfit)
)]
pub(super) async fn state(
    State(api): State<Api>,
    uid: Result<Path<Uuid>, PathRejection>,
) -> Result<Json<JobState>, Failure> {
    let profile = path(&api, uid).await?;
    let nothing = JobState {
        profile,
        under_way: false,
        due_at: None,
        failure: None,
        last: None,
        waiting: None,
        alert: None,
    };
    let Some(job) = api.store.job(profile).await? else {
        return match api.store.profile(profile).await? {
            Some(_) => Ok(Json(nothing)),
            None => Err(not_found(profile)),
        };
    };
    // Looked at after the job, with whose end it was written.
    let last = api.store.last_found(profile).await?;
    let count = |count: i64| u64::try_from(count).unwrap_or_default();
    let found = |FoundRow { began, ended, rows, drifted, lost }| JobFound {
        began,
        ended,
        rows: count(rows),
        drifted,
        lost,
    };
    let waiting = job.few_rows.zip(job.few_needed);
    Ok(Json(JobState {
        under_way: job.under_way,
        due_at: Some(job.due),
        failure: job.failure,
        last: last.map(found),
        waiting: waiting.map(|(rows, needed)| JobWaiting { rows: count(rows), needed: count(needed) }),
        alert: job.alert,
        ..nothing
    }))
}
