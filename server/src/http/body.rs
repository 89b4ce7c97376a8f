//! Bodies that are read: bounded, unpacked, in time.

use std::io::Read;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_ENCODING;
use bytes::Bytes;
use scouter_wire::MAX_BYTES;
use scouter_wire::problem::{Problem, ProblemCode};
use tokio::time::timeout;

/// How long a body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(30);
/// The largest window that is unpacked, as a power of two: what a packer of that size needs to remember.
const WINDOW: u32 = 23;

/// Reads a body.
///
/// # Errors
/// It is too large, packed or unpacked; packed in a way that is not known here; damaged; or late.
pub(super) async fn read(headers: &HeaderMap, body: Body) -> Result<Bytes, Problem> {
    let packed = packed(headers)?;
    let bytes = timeout(PATIENCE, to_bytes(body, MAX_BYTES))
        .await
        .map_err(|_| Problem::new(ProblemCode::Timeout, "the body did not arrive in time"))?
        .map_err(|error| unread(&error))?;
    if packed { unpack(&bytes) } else { Ok(bytes) }
}

fn packed(headers: &HeaderMap) -> Result<bool, Problem> {
    match headers.get(CONTENT_ENCODING).map(axum::http::HeaderValue::as_bytes) {
        None | Some(b"identity") => Ok(false),
        Some(b"zstd") => Ok(true),
        Some(_) => Err(Problem::new(ProblemCode::Unsupported, "bodies are packed by `zstd` or not at all")),
    }
}

fn too_large() -> Problem {
    let most = MAX_BYTES >> 20;
    Problem::new(
        ProblemCode::TooLarge,
        format!("a body has at most {most} MB once it is unpacked: divide it"),
    )
}

fn unread(error: &axum::Error) -> Problem {
    let mut cause: &(dyn std::error::Error + 'static) = error;
    loop {
        if cause.is::<http_body_util::LengthLimitError>() {
            return too_large();
        }
        match cause.source() {
            Some(deeper) => cause = deeper,
            None => return Problem::new(ProblemCode::Malformed, format!("read the body: {error}")),
        }
    }
}

fn unpack(bytes: &Bytes) -> Result<Bytes, Problem> {
    let damaged =
        |error: std::io::Error| Problem::new(ProblemCode::Malformed, format!("unpack the body: {error}"));
    let mut reader = zstd::stream::read::Decoder::with_buffer(&bytes[..]).map_err(damaged)?;
    reader.window_log_max(WINDOW).map_err(damaged)?;
    let mut unpacked = Vec::new();
    reader.take(MAX_BYTES as u64 + 1).read_to_end(&mut unpacked).map_err(damaged)?;
    if unpacked.len() > MAX_BYTES { Err(too_large()) } else { Ok(unpacked.into()) }
}
