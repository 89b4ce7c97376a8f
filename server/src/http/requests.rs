//! `GET /v1/profiles/{uid}/requests`: requests to an application, by route.

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use scouter_wire::records::Route;
use scouter_wire::requests::{RequestsQuery, RequestsTold};
use uuid::Uuid;

use super::answers::{Absent, Unfit};
use super::problem::Failure;
use super::profiles::{invalid, not_found, path};
use super::router::Api;
use super::table::stretch;
use crate::store::{StoreError, least_uid};
use crate::traffic::Traffic;

/// How many records are put together at most: one of a process every half a minute for a month.
const MOST: i64 = 100_000;

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
    let uid = path(uid)?;
    let Query(RequestsQuery { start_datetime, end_datetime }) =
        query.map_err(|error| invalid(error.body_text()))?;
    let (start, end) = stretch(&api, start_datetime, end_datetime)?;
    if api.store.profile_space(uid).await?.is_none() {
        return Err(not_found(uid));
    }
    let mut traffic = Traffic::default();
    let mut records = 0;
    let add = |routes: String| -> Result<(), Failure> {
        records += 1;
        if records > MOST {
            return Err(invalid(format!(
                "there are more than {MOST} records in that time: ask for a shorter one"
            )));
        }
        let routes: Vec<Route> = serde_json::from_str(&routes).map_err(|error| StoreError::Damaged {
            what: format!("the requests of `{uid}`"),
            why: error.to_string(),
        })?;
        for route in routes {
            traffic.add(route);
        }
        Ok(())
    };
    api.store.requests(uid, (least_uid(start), least_uid(end)), MOST + 1, add).await?;
    Ok(Json(traffic.told()))
}
