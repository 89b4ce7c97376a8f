//! `/v1/keys`: API keys of the spaces that the caller administers.

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderMap, StatusCode};
use scouter_wire::access::{ApiKey, ApiKeys, Hidden, MadeKey, NewKey as Asked};
use scouter_wire::problem::{Problem, ProblemCode};

use super::answers::{Absent, Packed, Taken, Unfit, Unread};
use super::body;
use super::guard::may;
use super::problem::Failure;
use super::profiles::{invalid, read_json};
use super::router::Api;
use crate::access::{Caller, Grant, Grants, Key, Role, check_key};
use crate::store::{KeyRow, NewKey};

/// How many keys are looked at for a list.
const MOST: i64 = 1000;

/// Makes an API key.
///
/// It is shown once. Its grants are in spaces that the caller administers.
#[utoipa::path(
    post,
    path = "/v1/keys",
    tag = "keys",
    operation_id = "create_key",
    params(Packed),
    request_body(content = Asked, example = json!({"name": "loader", "grants": {"shop": "write"}, "days": 90})),
    responses((status = 201, description = "The key.", body = MadeKey), Unread, Unfit, Taken)
)]
pub(super) async fn create(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    sent: Body,
) -> Result<(StatusCode, Json<MadeKey>), Failure> {
    let Asked { name, grants, days } = read_json(&api, &headers, sent, body::LOGIN).await?;
    check_key(&name, days).map_err(|error| invalid(error.to_string()))?;
    let grants =
        grants.into_iter().map(|(space, role)| Grant::of(space, &role)).collect::<Result<Grants, _>>();
    let grants = grants.map_err(|error| invalid(error.to_string()))?;
    if !grants.anywhere(Role::Read) {
        return Err(invalid("a key without a role is good for nothing"));
    }
    administers(&caller, &grants)?;
    let key = Key::new().map_err(|error| Problem::new(ProblemCode::Internal, error.to_string()))?;
    let (prefix, hash) = (key.prefix(), key.hash());
    let new = NewKey { prefix, hash: &hash, name: &name, days };
    if !api.store.add_key(&caller.name, new, &grants).await? {
        let taken = Problem::new(ProblemCode::Conflict, "a key begins like that already: try again");
        return Err(Failure(taken));
    }
    let made = MadeKey { prefix: prefix.to_owned(), key: Hidden(key.reveal().to_owned()) };
    Ok((StatusCode::CREATED, Json(made)))
}

/// Lists API keys.
///
/// Those of the spaces that the caller administers, newest first.
#[utoipa::path(
    get,
    path = "/v1/keys",
    tag = "keys",
    operation_id = "list_keys",
    responses((status = 200, description = "What is known of them.", body = ApiKeys))
)]
pub(super) async fn list(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
) -> Result<Json<ApiKeys>, Failure> {
    let mut keys = api.store.keys(MOST).await?;
    keys.retain(|key| administers(&caller, &key.grants).is_ok());
    Ok(Json(ApiKeys { items: keys.into_iter().map(told).collect() }))
}

/// Revokes an API key.
///
/// Once is enough.
#[utoipa::path(
    delete,
    path = "/v1/keys/{prefix}",
    tag = "keys",
    operation_id = "revoke_key",
    params(("prefix" = String, Path, description = "How the key begins.")),
    responses((status = 204, description = "It is not good any more."), Absent, Unfit)
)]
pub(super) async fn revoke(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    prefix: Result<Path<String>, PathRejection>,
) -> Result<StatusCode, Failure> {
    let Path(prefix) = prefix.map_err(|error| invalid(error.body_text()))?;
    // Nothing that the database knows has this in it.
    let key = if prefix.contains('\0') { None } else { api.store.key(&prefix).await? };
    // What one may not see is not there.
    if key.is_none_or(|key| administers(&caller, &key.grants).is_err()) {
        return Err(Failure(Problem::new(ProblemCode::NotFound, format!("there is no key `{prefix}`"))));
    }
    api.store.revoke_key(&caller.name, &prefix).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whether a caller administers all spaces of some grants, and so may give and take them.
fn administers(caller: &Caller, grants: &Grants) -> Result<(), Failure> {
    grants.iter().try_for_each(|(space, _)| may(caller, space, Role::Admin))
}

fn told(row: KeyRow) -> ApiKey {
    let KeyRow { prefix, name, grants, created, expires, revoked } = row;
    let grants = grants.iter().map(|(space, role)| (space.to_owned(), role.as_str().to_owned())).collect();
    ApiKey { prefix, name, grants, created, expires, revoked }
}
