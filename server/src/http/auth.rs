//! `/v1/auth`: by which one is let in.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use scouter_wire::access::{ChangePassword, Login, Refresh, Tokens};
use scouter_wire::problem::{Problem, ProblemCode};
use serde::de::DeserializeOwned;

use super::answers::{Packed, Unfit, Unknown, Unread};
use super::body;
use super::problem::Failure;
use super::profiles::read_json;
use super::router::Api;
use crate::access::LoginError;

/// Logs in.
///
/// A password that is good once is only good for setting another.
#[utoipa::path(
    post,
    path = "/v1/auth/login",
    tag = "auth",
    operation_id = "log_in",
    params(Packed),
    request_body = Login,
    responses((status = 200, description = "What requests are sent with, and goes on with.", body = Tokens), Unread, Unknown)
)]
pub(super) async fn login(
    State(api): State<Api>,
    headers: HeaderMap,
    sent: Body,
) -> Result<Json<Tokens>, Failure> {
    let login: Login = read(&api, &headers, sent).await?;
    Ok(Json(api.access.log_in(login).await?))
}

/// Sets another password.
///
/// All sessions end, and a new one begins.
#[utoipa::path(
    post,
    path = "/v1/auth/password",
    tag = "auth",
    operation_id = "change_password",
    params(Packed),
    request_body = ChangePassword,
    responses((status = 200, description = "What requests are sent with, and goes on with.", body = Tokens), Unread, Unknown, Unfit)
)]
pub(super) async fn change_password(
    State(api): State<Api>,
    headers: HeaderMap,
    sent: Body,
) -> Result<Json<Tokens>, Failure> {
    let change: ChangePassword = read(&api, &headers, sent).await?;
    Ok(Json(api.access.change_password(change).await?))
}

/// Goes on with a session.
///
/// A refresh token is good once: where it is used again, its session ends.
#[utoipa::path(
    post,
    path = "/v1/auth/refresh",
    tag = "auth",
    operation_id = "refresh_session",
    params(Packed),
    request_body = Refresh,
    responses((status = 200, description = "What requests are sent with, and goes on with.", body = Tokens), Unread, Unknown)
)]
pub(super) async fn refresh(
    State(api): State<Api>,
    headers: HeaderMap,
    sent: Body,
) -> Result<Json<Tokens>, Failure> {
    let Refresh { refresh_token } = read(&api, &headers, sent).await?;
    Ok(Json(api.access.refresh(&refresh_token.0).await?))
}

/// Ends a session.
#[utoipa::path(
    post,
    path = "/v1/auth/logout",
    tag = "auth",
    operation_id = "log_out",
    params(Packed),
    request_body = Refresh,
    responses((status = 204, description = "It has ended."), Unread, Unknown)
)]
pub(super) async fn logout(
    State(api): State<Api>,
    headers: HeaderMap,
    sent: Body,
) -> Result<StatusCode, Failure> {
    let Refresh { refresh_token } = read(&api, &headers, sent).await?;
    api.access.log_out(&refresh_token.0).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn read<T: DeserializeOwned>(api: &Api, headers: &HeaderMap, sent: Body) -> Result<T, Failure> {
    read_json(api, headers, sent, body::LOGIN).await
}

impl From<LoginError> for Failure {
    fn from(error: LoginError) -> Self {
        let code = match error {
            LoginError::Store(error) => return error.into(),
            LoginError::Wrong | LoginError::Refresh | LoginError::UsedBefore => ProblemCode::Unauthenticated,
            LoginError::OneTime(_) => ProblemCode::Forbidden,
            LoginError::Wait(wait) => {
                let problem = Problem::new(ProblemCode::Overloaded, error.to_string());
                return Self(problem.after(wait.as_secs() + 1));
            }
            LoginError::Unfit(_) => ProblemCode::Invalid,
            LoginError::NoRandomness(_) | LoginError::NotSigned => ProblemCode::Internal,
        };
        Self(Problem::new(code, error.to_string()))
    }
}
