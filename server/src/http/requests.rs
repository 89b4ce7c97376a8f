//! `GET /v1/profiles/{uid}/requests`: requests to an application, by route.

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use scouter_wire::records::Route;
use scouter_wire::requests::{RequestsQuery, RequestsTold};
use tokio::time::Instant;
use uuid::Uuid;

use super::answers::{Absent, Unfit};
use super::problem::Failure;
use super::profiles::{invalid, not_found, path};
use super::router::Api;
use super::table::stretch;
use crate::store::{StoreError, least_uid};
use crate::traffic::Traffic;

/// How many records are read at once. In between others have the connection: a month of a hundred processes is nine million records.
const AT_ONCE: i64 = 10_000;

/// Shows requests to an application.
///
/// By route, in a stretch of time, as its observers counted them: how many there were and how they ended, and how long they took.
#[utoipa::path(
    get,
    path = "/v1/profiles/{uid}/requests",
    tag = "records",
    operation_id = "get_requests",
    params(("uid" = Uuid, Path, description = "Which profile."), RequestsQuery),
    responses((status = 200, description = "Each route.", body = RequestsTold), Absent, Unfit)
)]
pub(super) async fn get(
    State(api): State<Api>,
    uid: Result<Path<Uuid>, PathRejection>,
    query: Result<Query<RequestsQuery>, QueryRejection>,
) -> Result<Json<RequestsTold>, Failure> {
    let uid = path(&api, uid).await?;
    let Query(RequestsQuery { start_datetime, end_datetime }) =
        query.map_err(|error| invalid(error.body_text()))?;
    let (start, end) = stretch(&api, start_datetime, end_datetime)?;
    if api.store.profile_space(uid).await?.is_none() {
        return Err(not_found(uid));
    }
    Ok(Json(put_together(&api, uid, (least_uid(start), least_uid(end))).await?))
}

/// What the records between two uids come to. They are many where the time is long, and none is held longer than it takes to add it.
async fn put_together(
    api: &Api,
    profile: Uuid,
    (mut above, below): (Uuid, Uuid),
) -> Result<RequestsTold, Failure> {
    let until = Instant::now() + api.bounds.summary;
    let mut traffic = Traffic::default();
    loop {
        let (from, mut read) = (above, 0);
        let add = |record: Uuid, routes: String| -> Result<(), StoreError> {
            let routes: Vec<Route> = serde_json::from_str(&routes).map_err(|error| StoreError::Damaged {
                what: format!("the requests of `{profile}`"),
                why: error.to_string(),
            })?;
            for route in routes {
                traffic.add(route);
            }
            (above, read) = (record, read + 1);
            Ok(())
        };
        api.store.requests(profile, (from, below), AT_ONCE, add).await?;
        if read < AT_ONCE {
            return Ok(traffic.told());
        }
        if Instant::now() >= until {
            let seconds = api.bounds.summary.as_secs();
            return Err(invalid(format!(
                "the requests of that time are too many to be put together within {seconds} s: ask for a shorter one"
            )));
        }
    }
}
