//! `POST /v1/records`: a batch of records. It is answered when they are committed.

use axum::body::Body;
use axum::extract::{Extension, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::body;
use super::form::Form;
use super::problem::Failure;
use super::router::Api;
use crate::access::Caller;

pub(super) async fn post(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    sent: Body,
) -> Result<Response, Failure> {
    let form = Form::of(&headers)?;
    let bytes = body::read(&headers, sent, body::BATCH, api.bounds.body).await?;
    let received = form.read(&bytes)?;
    drop(bytes);
    Ok(form.answer(api.ingest.take(received, &caller.grants).await?))
}
