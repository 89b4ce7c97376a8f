//! `/v1/profiles`: profiles are registered, found, switched on and off.

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Extension, Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use chrono::{DateTime, Datelike, Utc};
use scouter_wire::problem::{Problem, ProblemCode};
use scouter_wire::profiles::{
    Profile as Told, ProfileKind, ProfilePage, ProfileQuery, Register, Registered, SetStatus, WholeProfile,
};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::answers::{Absent, Packed, Taken, Unfit, Unread};
use super::body::{self, Size};
use super::guard::{Changed, may};
use super::problem::Failure;
use super::router::Api;
use crate::access::{Caller, Role};
use crate::registry::{self, Kind, Profile};
use crate::store::{Activation, ProfileRow, Which};

/// How many profiles a page has where nothing else is asked for, and at most.
const PAGE: u32 = 50;
const LARGEST_PAGE: u32 = 500;

pub(super) fn invalid(why: impl Into<String>) -> Failure {
    Failure(Problem::new(ProblemCode::Invalid, why))
}

pub(super) fn not_found(uid: Uuid) -> Failure {
    Failure(Problem::new(ProblemCode::NotFound, format!("there is no profile `{uid}`")))
}

fn activation(
    (field, active): (&str, bool),
    deactivate_others: bool,
    otherwise: Activation,
) -> Result<Activation, Failure> {
    match (active, deactivate_others) {
        (false, false) => Ok(otherwise),
        (false, true) => Err(invalid(format!(
            "`deactivate_others` goes with `{field}: true`: others are switched off when one is switched on"
        ))),
        (true, false) => Ok(Activation::On),
        (true, true) => Ok(Activation::OnAlone),
    }
}

async fn read<T: DeserializeOwned>(api: &Api, headers: &HeaderMap, sent: Body) -> Result<T, Failure> {
    read_json(api, headers, sent, body::DOCUMENT).await
}

/// Reads a body of JSON.
///
/// # Errors
/// It is larger than that, late, or no such JSON.
pub(super) async fn read_json<T: DeserializeOwned>(
    api: &Api,
    headers: &HeaderMap,
    sent: Body,
    size: Size,
) -> Result<T, Failure> {
    let bytes = body::read(headers, sent, size, api.bounds.body).await?;
    serde_json::from_slice(&bytes)
        .map_err(|error| Failure(Problem::new(ProblemCode::Malformed, format!("read JSON: {error}"))))
}

/// Registers a profile.
///
/// One of the same space, name, kind and version that says the same is the same profile; one that says something else is a conflict.
#[utoipa::path(
    post,
    path = "/v1/profiles",
    tag = "profiles",
    operation_id = "register_profile",
    params(Packed),
    request_body(content = Register, description = "The profile as a document, 32 MB at most."),
    responses(
        (status = 200, description = "It was there already.", body = Registered),
        (status = 201, description = "It is there now.", body = Registered),
        Unread,
        Unfit,
        Taken,
    )
)]
pub(super) async fn register(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    sent: Body,
) -> Result<(StatusCode, Extension<Changed>, Json<Registered>), Failure> {
    let (registered, changed) = add(&api, &caller, read(&api, &headers, sent).await?).await?;
    let status = if registered.new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Extension(changed), Json(registered)))
}

/// Registers what a caller sends, and says whether it changed anything.
///
/// # Errors
/// It is no profile, or there is another of its version; the caller may not write in its space; the database.
pub(super) async fn add(
    api: &Api,
    caller: &Caller,
    sent: Register,
) -> Result<(Registered, Changed), Failure> {
    let Register { profile, activate, deactivate_others } = sent;
    let profile = Profile::read(profile.get()).map_err(|error| invalid(error.to_string()))?;
    may(caller, &profile.identity().space, Role::Write)?;
    let activation = activation(("activate", activate), deactivate_others, Activation::Unchanged)?;
    let kept = profile.kind().remark().map(str::to_owned);
    let remarks = [profile.remark(), api.routes.remark(profile.dispatch())].into_iter().flatten();
    let remark = kept.or_else(|| remarks.reduce(|remarks, more| format!("{remarks}; {more}")));
    let registry::Registered { uid, version, new } =
        registry::register(&api.store, &*api.clock, profile, activation).await?;
    api.wake.notify_one();
    let nothing = !new && activation == Activation::Unchanged;
    let changed = if nothing { Changed::Nothing } else { Changed::One(uid.to_string()) };
    Ok((Registered { uid, version, new, remark }, changed))
}

/// Finds profiles.
///
/// Newest first, of the spaces that the caller may read.
#[utoipa::path(
    get,
    path = "/v1/profiles",
    tag = "profiles",
    operation_id = "list_profiles",
    params(ProfileQuery),
    responses((status = 200, description = "Some of them.", body = ProfilePage), Unfit)
)]
pub(super) async fn list(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    query: Result<Query<ProfileQuery>, QueryRejection>,
) -> Result<Json<ProfilePage>, Failure> {
    let Query(query) = query.map_err(|error| invalid(error.body_text()))?;
    let ProfileQuery { space, name, version, kind, active, limit, after } = query;
    for (parameter, asked) in [("space", &space), ("name", &name), ("version", &version)] {
        text(parameter, asked.as_deref().unwrap_or_default())?;
    }
    if let Some(ProfileKind::Other(word)) = &kind {
        let known: Vec<_> = ProfileKind::ALL.iter().map(ProfileKind::as_str).collect();
        return Err(invalid(format!("`kind` is `{word}`: it is one of `{}`", known.join("`, `"))));
    }
    let after = match after {
        Some(after) => {
            let read = || {
                let (micros, uid) = after.split_once('_')?;
                Some((DateTime::from_timestamp_micros(micros.parse().ok()?)?, uid.parse().ok()?))
            };
            Some(
                read()
                    .ok_or_else(|| invalid(format!("`after` is `{after}`, which is no `next` of a page")))?,
            )
        }
        None => None,
    };
    let most = limit.unwrap_or(PAGE).clamp(1, LARGEST_PAGE);
    if let Some(space) = &space {
        may(&caller, space, Role::Read)?;
    }
    let spaces = caller.grants.spaces(Role::Read);
    let which = Which { space, name, kind: kind.map(String::from), version, active, spaces };
    // One more tells whether there is another page.
    let mut rows = api.store.profiles(&which, after, i64::from(most) + 1).await?;
    let more = rows.len() > most as usize;
    rows.truncate(most as usize);
    let next = rows.last().filter(|_| more);
    let next = next.map(|row| format!("{}_{}", row.created.timestamp_micros(), row.uid));
    Ok(Json(ProfilePage { items: rows.into_iter().map(told).collect(), next }))
}

/// Shows a profile with its document.
#[utoipa::path(
    get,
    path = "/v1/profiles/{uid}",
    tag = "profiles",
    operation_id = "get_profile",
    params(("uid" = Uuid, Path, description = "Which profile.")),
    responses((status = 200, description = "The profile.", body = WholeProfile), Absent, Unfit)
)]
pub(super) async fn get(
    State(api): State<Api>,
    uid: Result<Path<Uuid>, PathRejection>,
) -> Result<Json<WholeProfile>, Failure> {
    let uid = path(&api, uid).await?;
    whole(&api, uid).await.map(Json)
}

/// A profile with its document, by its own uid.
///
/// # Errors
/// There is none, or the database.
pub(super) async fn whole(api: &Api, uid: Uuid) -> Result<WholeProfile, Failure> {
    let (row, document) = tokio::try_join!(api.store.profile(uid), api.store.profile_document(uid))?;
    let (Some(row), Some(document)) = (row, document) else { return Err(not_found(uid)) };
    let document = serde_json::value::RawValue::from_string(document)
        .map_err(|error| Failure(Problem::new(ProblemCode::Internal, error.to_string())))?;
    Ok(WholeProfile { profile: told(row), document })
}

/// Switches a profile on or off.
///
/// One that is switched on takes the next record; one that is switched off may take some for a second.
#[utoipa::path(
    put,
    path = "/v1/profiles/{uid}/status",
    tag = "profiles",
    operation_id = "set_profile_status",
    params(("uid" = Uuid, Path, description = "Which profile."), Packed),
    request_body = SetStatus,
    responses((status = 200, description = "The profile as it is now.", body = Told), Unread, Absent, Unfit)
)]
pub(super) async fn set_status(
    State(api): State<Api>,
    uid: Result<Path<Uuid>, PathRejection>,
    headers: HeaderMap,
    sent: Body,
) -> Result<Json<Told>, Failure> {
    let uid = path(&api, uid).await?;
    switch(&api, uid, read(&api, &headers, sent).await?).await.map(Json)
}

/// Switches a profile, by its own uid.
///
/// # Errors
/// There is none, others cannot be switched off so, or the database.
pub(super) async fn switch(api: &Api, uid: Uuid, set: SetStatus) -> Result<Told, Failure> {
    let SetStatus { active, deactivate_others } = set;
    let activation = activation(("active", active), deactivate_others, Activation::Off)?;
    api.store.activate_profile(uid, activation).await?;
    api.wake.notify_one();
    api.store.profile(uid).await?.map(told).ok_or_else(|| not_found(uid))
}

/// The profile that a path names, by whichever uid that means it.
pub(super) async fn path(api: &Api, uid: Result<Path<Uuid>, PathRejection>) -> Result<Uuid, Failure> {
    let Path(uid) = uid.map_err(|_| invalid("the path has no UUID of a profile"))?;
    Ok(api.store.meant_profile(uid).await?)
}

fn told(row: ProfileRow) -> Told {
    let ProfileRow { uid, space, name, kind, version, active, created } = row;
    let remark = Kind::of(&kind).and_then(Kind::remark).map(str::to_owned);
    Told { uid, space, name, version, kind: kind.into(), active, created, remark }
}

/// Whether the database can hold a text that something of a profile is to be.
pub(super) fn text(parameter: &str, asked: &str) -> Result<(), Failure> {
    if asked.contains('\0') {
        return Err(invalid(format!("`{parameter}` has the character U+0000 in it, which no profile has")));
    }
    Ok(())
}

/// A time that the database can hold.
pub(super) fn moment(name: &str, told: Option<DateTime<Utc>>) -> Result<Option<DateTime<Utc>>, Failure> {
    match told {
        Some(told) if !(1..=9999).contains(&told.year()) => {
            Err(invalid(format!("`{name}` is in the year {}: it is in the years 1 to 9999", told.year())))
        }
        told => Ok(told),
    }
}
