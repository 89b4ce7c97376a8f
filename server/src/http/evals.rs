//! `GET /v1/profiles/{uid}/evals`: what is to be evaluated, as it was sent.

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use scouter_wire::evals::{EvalPage, EvalQuery, KeptEval as Told};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::alerts::toward;
use super::answers::{Absent, Unfit};
use super::problem::Failure;
use super::profiles::{invalid, moment, not_found, path};
use super::router::Api;
use crate::registry::Kind;
use crate::store::{KeptEval, StoreError, Toward, least_uid, made};

/// How many a page has where nothing else is asked for, and at most.
const PAGE: u32 = 50;
const LARGEST_PAGE: u32 = 500;
/// No further one is on a page whose contexts have so many bytes.
const LARGEST: i64 = 8 << 20;

/// Lists what is to be evaluated.
///
/// As it was sent, newest first. A page ends early where contexts are large.
#[utoipa::path(
    get,
    path = "/v1/profiles/{uid}/evals",
    tag = "records",
    operation_id = "list_evals",
    params(("uid" = Uuid, Path, description = "Which profile."), EvalQuery),
    responses((status = 200, description = "Some of it.", body = EvalPage), Absent, Unfit)
)]
pub(super) async fn list(
    State(api): State<Api>,
    uid: Result<Path<Uuid>, PathRejection>,
    query: Result<Query<EvalQuery>, QueryRejection>,
) -> Result<Json<EvalPage>, Failure> {
    let profile = path(&api, uid).await?;
    let Query(query) = query.map_err(|error| invalid(error.body_text()))?;
    let toward = toward(query.direction)?;
    let start = moment("start_datetime", query.start_datetime)?;
    let end = moment("end_datetime", query.end_datetime)?;
    let Some(row) = api.store.profile(profile).await? else { return Err(not_found(profile)) };
    if Kind::of(&row.kind) != Some(Kind::GenAI) {
        let kind = row.kind;
        return Err(invalid(format!(
            "nothing is evaluated of the profile `{profile}` of `{kind}`: its records are at `/v1/profiles/{profile}/records`"
        )));
    }
    let (mut above, mut below) = (start.map_or(Uuid::nil(), least_uid), end.map_or(Uuid::max(), least_uid));
    match (query.cursor, toward) {
        (Some(cursor), Toward::Past) => below = below.min(cursor),
        (Some(cursor), Toward::Present) => above = above.max(cursor),
        (None, _) => {}
    }
    let most = query.limit.unwrap_or(PAGE).clamp(1, LARGEST_PAGE);
    // One more tells whether there is another page.
    let mut rows = api.store.evals(profile, (above, below), toward, i64::from(most) + 1, LARGEST).await?;
    let found = rows.first().map_or(0, |row| row.found);
    rows.truncate(most as usize);
    let more = found > i64::try_from(rows.len()).unwrap_or(i64::MAX);
    // Where a page begins behind a cursor, that of the cursor lies the other way.
    let (has_next, has_previous) = match toward {
        Toward::Past => (query.cursor.is_some(), more),
        Toward::Present => (more, query.cursor.is_some()),
    };
    if toward == Toward::Present {
        rows.reverse();
    }
    Ok(Json(EvalPage {
        has_next,
        next_cursor: rows.first().filter(|_| has_next).map(|row| row.uid),
        has_previous,
        previous_cursor: rows.last().filter(|_| has_previous).map(|row| row.uid),
        items: rows.into_iter().map(told).collect::<Result<_, _>>()?,
    }))
}

fn told(row: KeptEval) -> Result<Told, StoreError> {
    let KeptEval { uid, arrived, id, session, trace, context, found: _ } = row;
    let context = RawValue::from_string(context).map_err(|error| StoreError::Damaged {
        what: format!("what is to be evaluated as `{uid}`"),
        why: error.to_string(),
    })?;
    // It has as many bytes as a UUID.
    let trace = trace.and_then(|bytes| Uuid::from_slice(&bytes).ok()).map(|trace| trace.simple().to_string());
    Ok(Told { uid, created_at: made(uid), arrived_at: arrived, id, session, trace, context })
}
