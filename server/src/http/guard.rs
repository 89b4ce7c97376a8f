//! Who may do what: one layer before all operations but those by which one is let in.

use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{MatchedPath, RawPathParams, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use scouter_wire::problem::{Problem, ProblemCode};
use uuid::Uuid;

use super::alerts::not_there;
use super::problem::Failure;
use super::profiles::{invalid, not_found};
use super::router::Api;
use crate::access::{Caller, Denied, Role};
use crate::store::Store;

/// What an operation asks of its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Need {
    /// A role in the space of the profile that the path names.
    Profile(Role),
    /// A role in the space of the alert that the path names.
    Alert(Role),
    /// A role in any space: the operation looks at which itself.
    Somewhere(Role),
    /// Nothing: the operation looks at every part of what is sent itself, and says of each whether it may be.
    Nothing,
    /// A role in every space.
    Everywhere(Role),
}

/// What an operation changed, for those whose path does not say it.
#[derive(Debug, Clone)]
pub(super) enum Changed {
    /// Nothing: all was so before.
    Nothing,
    /// What is called so.
    One(String),
}

/// What an operation needs. One that nobody thought of here is for administrators.
fn need(method: &Method, path: &str) -> Need {
    let role = if method.is_safe() { Role::Read } else { Role::Write };
    match path {
        "/v1/records" => Need::Nothing,
        "/v1/profiles" | "/v1/alerts" => Need::Somewhere(role),
        "/v1/profiles/{uid}" => Need::Profile(role),
        path if path.starts_with("/v1/profiles/{uid}/") => Need::Profile(role),
        "/v1/alerts/{id}/acknowledge" => Need::Alert(role),
        "/v1/keys" | "/v1/keys/{prefix}" | "/v1/keys/{prefix}/grants" => Need::Somewhere(Role::Admin),
        "/metrics" => Need::Everywhere(Role::Read),
        _ => Need::Everywhere(Role::Admin),
    }
}

/// The layer. Who the caller is goes on with the request, and what was changed is written down.
pub(super) async fn pass(
    State(api): State<Api>,
    path: MatchedPath,
    params: Result<RawPathParams, RawPathParamsRejection>,
    mut request: Request,
    next: Next,
) -> Result<Response, Failure> {
    let caller = api.access.caller(request.uri(), request.headers()).await?;
    let params = params.map_err(|error| invalid(error.body_text()))?;
    allow(&api.store, &caller, need(request.method(), path.as_str()), &params).await?;
    // Records are too many, and keys write it down themselves.
    let own = path.as_str() == "/v1/records" || path.as_str().starts_with("/v1/keys");
    let changes = !own && !request.method().is_safe();
    let action = format!("{} {}", request.method(), path.as_str());
    let (actor, subject) = (caller.name.clone(), request.uri().path().to_owned());
    request.extensions_mut().insert(caller);
    let response = next.run(request).await;
    if changes && response.status().is_success() {
        let subject = match response.extensions().get() {
            Some(Changed::Nothing) => return Ok(response),
            Some(Changed::One(subject)) => subject,
            None => &subject,
        };
        note(&api.store, &actor, &action, subject).await;
    }
    Ok(response)
}

/// Writes down what somebody changed.
pub(super) async fn note(store: &Store, actor: &str, action: &str, subject: &str) {
    if let Err(error) = store.note(actor, action, subject).await {
        tracing::error!(%error, actor, action, subject, "what was done could not be written down");
    }
}

/// Whether a caller has what is needed.
///
/// # Errors
/// It is forbidden, or what the path names is not there for them.
async fn allow(store: &Store, caller: &Caller, need: Need, params: &RawPathParams) -> Result<(), Failure> {
    let grants = &caller.grants;
    let param = |name| params.iter().find(|(param, _)| *param == name).map_or("", |(_, value)| value);
    match need {
        Need::Nothing => Ok(()),
        Need::Somewhere(role) => somewhere(caller, role),
        Need::Everywhere(role) if grants.everywhere(role) => Ok(()),
        Need::Everywhere(role) => Err(forbidden(caller, role, "every space")),
        Need::Profile(role) | Need::Alert(role) if grants.everywhere(role) => Ok(()),
        Need::Profile(role) => {
            let uid = param("uid").parse().map_err(|_| invalid("the path has no UUID of a profile"))?;
            profile(store, caller, uid, role).await
        }
        Need::Alert(role) => {
            let id = param("id").parse().map_err(|_| invalid("the path has no number of an alert"))?;
            seen(caller, store.alert_space(id).await?, role, not_there(id))
        }
    }
}

/// Whether a caller has a role in any space.
///
/// # Errors
/// In none.
pub(super) fn somewhere(caller: &Caller, role: Role) -> Result<(), Failure> {
    if caller.grants.anywhere(role) { Ok(()) } else { Err(forbidden(caller, role, "any space")) }
}

/// Whether a caller has a role in the space of the profile that a uid means.
///
/// # Errors
/// Not there, or the profile is not there for them.
pub(super) async fn profile(store: &Store, caller: &Caller, uid: Uuid, role: Role) -> Result<(), Failure> {
    if caller.grants.everywhere(role) {
        return Ok(());
    }
    seen(caller, store.profile_space(uid).await?, role, not_found(uid))
}

/// Whether a caller has a role in the space of something. What one may not see is not there.
fn seen(caller: &Caller, space: Option<String>, role: Role, nothing: Failure) -> Result<(), Failure> {
    match space.filter(|space| caller.grants.may(space, Role::Read)) {
        Some(space) => may(caller, &space, role),
        None => Err(nothing),
    }
}

/// Whether a caller has a role in a space.
///
/// # Errors
/// Not there.
pub(super) fn may(caller: &Caller, space: &str, role: Role) -> Result<(), Failure> {
    if caller.grants.may(space, role) {
        Ok(())
    } else {
        Err(forbidden(caller, role, &format!("the space `{space}`")))
    }
}

fn forbidden(caller: &Caller, role: Role, place: &str) -> Failure {
    let why = format!("`{}` has not the role `{}` in {place}", caller.name, role.as_str());
    Failure(Problem::new(ProblemCode::Forbidden, why))
}

impl From<Denied> for Failure {
    fn from(denied: Denied) -> Self {
        let code = match denied {
            Denied::Store(error) => return error.into(),
            Denied::NotLocal(_) => ProblemCode::Forbidden,
            Denied::Missing | Denied::Scheme | Denied::Expired | Denied::Unknown => {
                ProblemCode::Unauthenticated
            }
        };
        Self(Problem::new(code, denied.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_that_nobody_thought_of_is_for_administrators() {
        for path in ["/v1/new", "/v1/profilesx", "/v1/profiles/{name}", ""] {
            assert_eq!(need(&Method::GET, path), Need::Everywhere(Role::Admin), "{path}");
        }
    }

    #[test]
    fn what_changes_something_needs_more_than_what_shows_it() {
        let path = "/v1/profiles/{uid}/status";
        assert_eq!(need(&Method::GET, path), Need::Profile(Role::Read));
        assert_eq!(need(&Method::PUT, path), Need::Profile(Role::Write));
    }
}
