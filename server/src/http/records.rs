//! `POST /v1/records`: a batch of records.

use axum::body::Body;
use axum::extract::{Extension, State};
use axum::http::HeaderMap;
use axum::response::Response;
use scouter_wire::receipt::Receipt;
use scouter_wire::records::Batch;

use super::answers::{Packed, Unread};
use super::body;
use super::form::Form;
use super::problem::Failure;
use super::router::Api;
use crate::access::Caller;

/// Takes records in.
///
/// It is answered when they are committed. Records are judged one by one: what is refused keeps nothing else from being accepted. Sending a
/// batch again does no harm: records are told apart by their `uid`.
#[utoipa::path(
    post,
    path = "/v1/records",
    tag = "records",
    operation_id = "send_records",
    params(Packed),
    request_body(
        description = "A batch: 4 MB unpacked and 10,000 records at most. As protobuf it is `scouter.v1.Batch`.",
        content((Batch = "application/json"), ("application/protobuf"), ("application/x-protobuf"))
    ),
    responses(
        (
            status = 200,
            description = "What became of them, in the form that the batch had.",
            content((Receipt = "application/json"), ("application/protobuf"))
        ),
        Unread,
    )
)]
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
