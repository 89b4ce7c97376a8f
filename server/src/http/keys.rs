//! `/v1/keys`: API keys of the spaces that the caller administers.

use std::collections::BTreeMap;

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderMap, StatusCode};
use scouter_wire::access::{ApiKey, ApiKeys, Hidden, MadeKey, NewKey as Asked, SetGrants};
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
    let grants = given(&caller, grants)?;
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
    let key = named(&api, &caller, prefix).await?;
    api.store.revoke_key(&caller.name, &key.prefix).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Changes what an API key may do.
///
/// From its next request on it may do what is sent, and nothing else. The caller administers all spaces of its grants, of those before and those after.
#[utoipa::path(
    put,
    path = "/v1/keys/{prefix}/grants",
    tag = "keys",
    operation_id = "set_key_grants",
    params(("prefix" = String, Path, description = "How the key begins."), Packed),
    request_body(content = SetGrants, example = json!({"grants": {"shop": "read"}})),
    responses((status = 200, description = "The key as it is now.", body = ApiKey), Unread, Absent, Unfit, Taken)
)]
pub(super) async fn set_grants(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    prefix: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    sent: Body,
) -> Result<Json<ApiKey>, Failure> {
    let key = named(&api, &caller, prefix).await?;
    if key.revoked.is_some() {
        return Err(not_there(&key.prefix));
    }
    let SetGrants { grants } = read_json(&api, &headers, sent, body::LOGIN).await?;
    let grants = given(&caller, grants)?;
    // Somebody else may have given it a space meanwhile that the caller does not administer.
    if !api.store.set_key_grants(&caller.name, &key.prefix, &grants, Some(&key.grants)).await? {
        let changed = "somebody else changed or revoked the key meanwhile: look at it again";
        return Err(Failure(Problem::new(ProblemCode::Conflict, changed)));
    }
    Ok(Json(told(KeyRow { grants, ..key })))
}

/// The key that a path names, where the caller administers all of its spaces: what one may not see is not there.
async fn named(
    api: &Api,
    caller: &Caller,
    prefix: Result<Path<String>, PathRejection>,
) -> Result<KeyRow, Failure> {
    let Path(prefix) = prefix.map_err(|error| invalid(error.body_text()))?;
    // Nothing that the database knows has this in it.
    let key = if prefix.contains('\0') { None } else { api.store.key(&prefix).await? };
    key.filter(|key| administers(caller, &key.grants).is_ok()).ok_or_else(|| not_there(&prefix))
}

fn not_there(prefix: &str) -> Failure {
    Failure(Problem::new(ProblemCode::NotFound, format!("there is no key `{prefix}`")))
}

/// Grants as they were sent, which the caller may give.
fn given(caller: &Caller, sent: BTreeMap<String, String>) -> Result<Grants, Failure> {
    let grants = sent.into_iter().map(|(space, role)| Grant::of(space, &role)).collect::<Result<Grants, _>>();
    let grants = grants.map_err(|error| invalid(error.to_string()))?;
    if !grants.anywhere(Role::Read) {
        return Err(invalid("a key without a role is good for nothing"));
    }
    administers(caller, &grants)?;
    Ok(grants)
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
