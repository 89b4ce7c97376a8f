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

/// The largest window that is unpacked, as a power of two: what a packer of that size needs to remember.
const WINDOW: u32 = 23;

/// How large a body may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Size {
    /// In bytes, unpacked.
    pub(super) most: usize,
    /// What is said of one that is larger.
    pub(super) told: &'static str,
}

/// Of a batch.
pub(super) const BATCH: Size =
    Size { most: MAX_BYTES, told: "a batch has at most 4 MB once it is unpacked: divide it" };

/// Of a name and a password, or a token.
pub(super) const LOGIN: Size = Size { most: 16 << 10, told: "a login has at most 16 KB" };

/// Of everything else: the largest are profiles, of thousands of features.
pub(super) const DOCUMENT: Size =
    Size { most: 32 << 20, told: "a body has at most 32 MB once it is unpacked" };

/// Reads a body that arrives in time.
///
/// # Errors
/// It is too large, packed or unpacked; packed in a way that is not known here; damaged; or late.
pub(super) async fn read(
    headers: &HeaderMap,
    body: Body,
    size: Size,
    patience: Duration,
) -> Result<Bytes, Problem> {
    let packed = packed(headers)?;
    let bytes = timeout(patience, to_bytes(body, size.most))
        .await
        .map_err(|_| {
            let seconds = patience.as_secs();
            Problem::new(ProblemCode::Timeout, format!("the body did not arrive within {seconds} s"))
        })?
        .map_err(|error| unread(&error, size))?;
    if packed { unpack(&bytes, size) } else { Ok(bytes) }
}

fn packed(headers: &HeaderMap) -> Result<bool, Problem> {
    match headers.get(CONTENT_ENCODING).map(axum::http::HeaderValue::as_bytes) {
        None | Some(b"identity") => Ok(false),
        Some(b"zstd") => Ok(true),
        Some(_) => Err(Problem::new(ProblemCode::Unsupported, "bodies are packed by `zstd` or not at all")),
    }
}

fn too_large(size: Size) -> Problem {
    Problem::new(ProblemCode::TooLarge, size.told)
}

fn unread(error: &axum::Error, size: Size) -> Problem {
    let mut cause: &(dyn std::error::Error + 'static) = error;
    loop {
        if cause.is::<http_body_util::LengthLimitError>() {
            return too_large(size);
        }
        match cause.source() {
            Some(deeper) => cause = deeper,
            None => return Problem::new(ProblemCode::Malformed, format!("read the body: {error}")),
        }
    }
}

fn unpack(bytes: &Bytes, size: Size) -> Result<Bytes, Problem> {
    let damaged =
        |error: std::io::Error| Problem::new(ProblemCode::Malformed, format!("unpack the body: {error}"));
    let mut reader = zstd::stream::read::Decoder::with_buffer(&bytes[..]).map_err(damaged)?;
    reader.window_log_max(WINDOW).map_err(damaged)?;
    let mut unpacked = Vec::new();
    reader.take(size.most as u64 + 1).read_to_end(&mut unpacked).map_err(damaged)?;
    if unpacked.len() > size.most { Err(too_large(size)) } else { Ok(unpacked.into()) }
}
