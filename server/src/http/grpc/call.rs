//! Who a call is from, and its one message.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::Request;
use axum::http::{HeaderMap, Uri};
use bytes::Bytes;
use scouter_wire::problem::{Problem, ProblemCode};
use tokio::time::timeout;
use tonic::{Status, Streaming};

use super::status::{status, unread};
use crate::access::{Access, Caller};
use crate::http::body::Size;
use crate::http::problem::SOON;

/// What a call says of who it is from.
#[derive(Debug, Clone)]
pub(super) struct Said {
    uri: Uri,
    headers: Arc<HeaderMap>,
}

impl Said {
    pub(super) fn of(call: &Request) -> Self {
        Self { uri: call.uri().clone(), headers: Arc::new(call.headers().clone()) }
    }

    /// Who it is from.
    ///
    /// # Errors
    /// They are not let in.
    pub(super) async fn caller(&self, access: &Access) -> Result<Caller, Status> {
        access.caller(&self.uri, &self.headers).await.map_err(status)
    }
}

/// The one message of a call. It is read as a stream of one, so that it is known what is wrong with it and how long it takes.
///
/// # Errors
/// It is too large, late, damaged, or not there.
pub(super) async fn message(
    sent: &mut Streaming<Bytes>,
    size: Size,
    patience: Duration,
) -> Result<Bytes, Status> {
    timeout(patience, sent.message())
        .await
        .map_err(|_| {
            let late = "the message did not arrive in time: send it again";
            status(Problem::new(ProblemCode::Timeout, late).after(SOON))
        })?
        .map_err(|error| unread(error, size))?
        .ok_or_else(|| Status::invalid_argument("there is no message"))
}
