//! Alerts are listed and acknowledged.

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Extension, Path, Query, State};
use scouter_wire::alerts::{Alert, AlertCursor, AlertPage, AlertQuery, AlertSpace, Direction};
use scouter_wire::problem::{Problem, ProblemCode};
use uuid::Uuid;

use super::answers::{Absent, Unfit};
use super::guard::may;
use super::problem::Failure;
use super::profiles::{invalid, moment, not_found, path, text};
use super::router::Api;
use crate::access::{Caller, Role};
use crate::store::{AlertRow, AlertsOf, Toward, WhichAlerts};

/// How many alerts a page has where nothing else is asked for, and at most.
const PAGE: u32 = 50;
const LARGEST_PAGE: u32 = 500;

/// Lists the alerts of a profile.
///
/// Newest first.
#[utoipa::path(
    get,
    path = "/v1/profiles/{uid}/alerts",
    tag = "alerts",
    operation_id = "list_alerts",
    params(("uid" = Uuid, Path, description = "Which profile."), AlertQuery),
    responses((status = 200, description = "Some of them.", body = AlertPage), Absent, Unfit)
)]
pub(super) async fn list(
    State(api): State<Api>,
    uid: Result<Path<Uuid>, PathRejection>,
    query: Result<Query<AlertQuery>, QueryRejection>,
) -> Result<Json<AlertPage>, Failure> {
    let profile = path(&api, uid).await?;
    let page = page(&api, AlertsOf::Profile(profile), query).await?;
    if page.items.is_empty() && api.store.profile(profile).await?.is_none() {
        return Err(not_found(profile));
    }
    Ok(Json(page))
}

/// Lists the alerts of all profiles.
///
/// Newest first, of the spaces that the caller may read.
#[utoipa::path(
    get,
    path = "/v1/alerts",
    tag = "alerts",
    operation_id = "list_all_alerts",
    params(AlertSpace, AlertQuery),
    responses((status = 200, description = "Some of them.", body = AlertPage), Unfit)
)]
pub(super) async fn list_all(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    space: Result<Query<AlertSpace>, QueryRejection>,
    query: Result<Query<AlertQuery>, QueryRejection>,
) -> Result<Json<AlertPage>, Failure> {
    let Query(AlertSpace { space }) = space.map_err(|error| invalid(error.body_text()))?;
    let spaces = match space {
        Some(space) => {
            text("space", &space)?;
            may(&caller, &space, Role::Read)?;
            Some(vec![space])
        }
        None => caller.grants.spaces(Role::Read),
    };
    Ok(Json(page(&api, AlertsOf::Spaces(spaces), query).await?))
}

/// A page of some alerts.
async fn page(
    api: &Api,
    of: AlertsOf,
    query: Result<Query<AlertQuery>, QueryRejection>,
) -> Result<AlertPage, Failure> {
    let Query(query) = query.map_err(|error| invalid(error.body_text()))?;
    let created = moment("cursor_created_at", query.cursor_created_at)?;
    let cursor = match (created, query.cursor_id) {
        (Some(created), Some(id)) => Some((created, id)),
        (None, None) => None,
        _ => return Err(invalid("a cursor is `cursor_created_at` and `cursor_id` together")),
    };
    let which = WhichAlerts {
        of,
        active: query.active,
        from: moment("start_datetime", query.start_datetime)?,
        before: moment("end_datetime", query.end_datetime)?,
    };
    let most = query.limit.unwrap_or(PAGE).clamp(1, LARGEST_PAGE);
    // One more tells whether there is another page.
    let limit = i64::from(most) + 1;
    let toward = toward(query.direction)?;
    let mut rows = api.store.alerts(&which, toward, cursor, limit).await?;
    let more = rows.len() > most as usize;
    rows.truncate(most as usize);
    // Where a page begins behind a cursor, the alert of the cursor lies the other way.
    let (has_next, has_previous) = match toward {
        Toward::Past => (cursor.is_some(), more),
        Toward::Present => (more, cursor.is_some()),
    };
    if toward == Toward::Present {
        rows.reverse();
    }
    let cursor = |row: &AlertRow| AlertCursor { created_at: row.created, id: row.id };
    Ok(AlertPage {
        has_next,
        next_cursor: rows.first().filter(|_| has_next).map(cursor),
        has_previous,
        previous_cursor: rows.last().filter(|_| has_previous).map(cursor),
        items: rows.into_iter().map(told).collect(),
    })
}

/// Where a page lies from its cursor.
///
/// # Errors
/// It is no word that is known here.
pub(super) fn toward(direction: Option<Direction>) -> Result<Toward, Failure> {
    match direction.unwrap_or(Direction::Previous) {
        Direction::Previous => Ok(Toward::Past),
        Direction::Next => Ok(Toward::Present),
        Direction::Other(word) => {
            Err(invalid(format!("`direction` is `{word}`: `previous` is older, `next` is newer")))
        }
    }
}

/// Says that an alert is known.
///
/// Of what was told of it by then nothing more is told but its end. What drifts beside that is told, and the alert is open again. Once is enough.
#[utoipa::path(
    post,
    path = "/v1/alerts/{id}/acknowledge",
    tag = "alerts",
    operation_id = "acknowledge_alert",
    params(("id" = i64, Path, description = "Which alert.")),
    responses((status = 200, description = "The alert as it is now.", body = Alert), Absent, Unfit)
)]
pub(super) async fn acknowledge(
    State(api): State<Api>,
    id: Result<Path<i64>, PathRejection>,
) -> Result<Json<Alert>, Failure> {
    let Path(id) = id.map_err(|_| invalid("the path has no number of an alert"))?;
    let row = api.store.acknowledge_alert(id).await?;
    row.map(|row| Json(told(row))).ok_or_else(|| not_there(id))
}

pub(super) fn not_there(id: i64) -> Failure {
    Failure(Problem::new(ProblemCode::NotFound, format!("there is no alert `{id}`")))
}

fn told(row: AlertRow) -> Alert {
    let AlertRow {
        id,
        profile,
        space,
        name,
        version,
        created,
        seen,
        drifted,
        acknowledged,
        resolved,
        deliveries,
    } = row;
    Alert {
        id,
        profile,
        entity_name: format!("{space}/{name}/{version}"),
        created_at: created,
        seen_at: seen,
        active: resolved.is_none(),
        acknowledged_at: acknowledged,
        resolved_at: resolved,
        alert: drifted,
        deliveries: Some(deliveries),
    }
}
