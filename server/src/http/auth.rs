//! `/v1/auth`: by which one is let in.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use scouter_wire::access::{ChangePassword, Login, Refresh, Tokens};
use scouter_wire::problem::{Problem, ProblemCode};
use serde::de::DeserializeOwned;

use super::body;
use super::problem::Failure;
use super::profiles::read_json;
use super::router::Api;
use crate::access::LoginError;

/// `POST /v1/auth/login`.
pub(super) async fn login(
    State(api): State<Api>,
    headers: HeaderMap,
    sent: Body,
) -> Result<Json<Tokens>, Failure> {
    let login: Login = read(&api, &headers, sent).await?;
    Ok(Json(api.access.log_in(login).await?))
}

/// `POST /v1/auth/password`.
pub(super) async fn change_password(
    State(api): State<Api>,
    headers: HeaderMap,
    sent: Body,
) -> Result<Json<Tokens>, Failure> {
    let change: ChangePassword = read(&api, &headers, sent).await?;
    Ok(Json(api.access.change_password(change).await?))
}

/// `POST /v1/auth/refresh`.
pub(super) async fn refresh(
    State(api): State<Api>,
    headers: HeaderMap,
    sent: Body,
) -> Result<Json<Tokens>, Failure> {
    let Refresh { refresh_token } = read(&api, &headers, sent).await?;
    Ok(Json(api.access.refresh(&refresh_token.0).await?))
}

/// `POST /v1/auth/logout`.
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
