//! The forms that batches and receipts have.

use axum::Json;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use scouter_wire::problem::{Problem, ProblemCode};
use scouter_wire::receipt::Receipt;
use scouter_wire::records::Received;
use scouter_wire::{ReadError, json, protobuf};

const PROTOBUF: &str = "application/protobuf";

/// The form of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Json,
    Protobuf,
}

impl Form {
    /// That which the headers tell.
    ///
    /// # Errors
    /// It is none that is known here.
    pub(super) fn of(headers: &HeaderMap) -> Result<Self, Problem> {
        let told = headers.get(CONTENT_TYPE).and_then(|told| told.to_str().ok()).unwrap_or_default();
        match told.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
            "application/json" => Ok(Self::Json),
            PROTOBUF | "application/x-protobuf" => Ok(Self::Protobuf),
            _ => Err(Problem::new(
                ProblemCode::Unsupported,
                "records are sent as `application/json` or `application/protobuf`",
            )),
        }
    }

    /// Reads a batch.
    ///
    /// # Errors
    /// It is none.
    pub(super) fn read(self, body: &Bytes) -> Result<Received, ReadError> {
        match self {
            Self::Json => json::read_batch(body),
            Self::Protobuf => protobuf::read_batch(body),
        }
    }

    /// Answers with a receipt.
    pub(super) fn answer(self, receipt: Receipt) -> Response {
        match self {
            Self::Json => Json(receipt).into_response(),
            Self::Protobuf => ([(CONTENT_TYPE, PROTOBUF)], protobuf::write_receipt(receipt)).into_response(),
        }
    }
}
