//! Errors as answers.

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::response::{IntoResponse, Response};
use scouter_wire::ReadError;
use scouter_wire::problem::{Problem, ProblemCode};

use super::trace;
use crate::ingest::IngestError;
use crate::registry::RegisterError;
use crate::store::StoreError;

/// The type of a problem's JSON.
pub(super) const PROBLEM: &str = "application/problem+json";
/// After how many seconds a client may try again.
pub(super) const SOON: u64 = 1;

/// What is told of a database that is away. What it says itself may name hosts, users and databases: that is for the log.
pub(super) const AWAY: &str = "the database cannot be reached; the server's log says why";

/// A problem as an answer.
#[derive(Debug)]
pub(super) struct Failure(pub(super) Problem);

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let Self(mut problem) = self;
        problem.request_id = trace::number();
        let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry = problem.retry_after;
        let mut response = (status, Json(problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = retry {
            headers.insert(RETRY_AFTER, seconds.into());
        }
        response
    }
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        let code = match error {
            ReadError::Malformed { .. } => ProblemCode::Malformed,
            ReadError::TooManyRecords | ReadError::TooManyValues => ProblemCode::TooLarge,
        };
        Self(Problem::new(code, error.to_string()))
    }
}

impl From<IngestError> for Failure {
    fn from(error: IngestError) -> Self {
        let (code, retry) = match &error {
            IngestError::Full => (ProblemCode::Overloaded, true),
            IngestError::TooLarge => (ProblemCode::TooLarge, false),
            IngestError::Closed | IngestError::Late | IngestError::NotKept(_) | IngestError::Profiles(_) => {
                (ProblemCode::Unavailable, true)
            }
        };
        let problem = Problem::new(code, error.to_string());
        Self(if retry { problem.after(SOON) } else { problem })
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(error) => {
                tracing::warn!(%error, "the database cannot be reached");
                Self(Problem::new(ProblemCode::Unavailable, AWAY).after(SOON))
            }
            error => {
                tracing::error!(%error, "an operation failed");
                Self(Problem::new(ProblemCode::Internal, "something went wrong here; the log says what"))
            }
        }
    }
}

impl From<RegisterError> for Failure {
    fn from(error: RegisterError) -> Self {
        let code = match error {
            RegisterError::Store(error) => return error.into(),
            RegisterError::Other { .. } => ProblemCode::Conflict,
            RegisterError::Identity(_)
            | RegisterError::Uid(_)
            | RegisterError::SingleBin(_)
            | RegisterError::Tasks(_)
            | RegisterError::Document(_) => ProblemCode::Invalid,
        };
        Self(Problem::new(code, error.to_string()))
    }
}
