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
        content(
            (
                Batch = "application/json",
                example = json!({"groups": [{"profile": "0195a5c0-0000-7000-8000-000000000001", "records": [
                    {"uid": "0195a5c0-1111-7000-8000-000000000001", "features": {"age": 41.5, "city": "Rome", "income": null}},
                    {"uid": "0195a5c0-1111-7000-8000-000000000002", "bins": {"age": {"bins": [3, 7], "missing": 1}}},
                    {"uid": "0195a5c0-1111-7000-8000-000000000003", "metrics": {"mae": 0.2}}
                ]}]})
            ),
            ("application/protobuf"),
            ("application/x-protobuf")
        )
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
