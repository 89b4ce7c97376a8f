//! A client as ours is, in the process of the benchmark.

use std::ops::Range;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use scouter_wire::protobuf::{self, read_receipt};
use scouter_wire::records::{Batch, Body, Features, Group, Record, Uid};
use uuid::Uuid;

use super::outcome::Outcome;
use super::profile::names;

pub(crate) type Http = Client<HttpConnector, Full<Bytes>>;

pub(crate) fn client() -> Http {
    let mut connector = HttpConnector::new();
    // As clients of ours do: the end of a body waits for no acknowledgement of what was before it.
    connector.set_nodelay(true);
    Client::builder(TokioExecutor::new()).build(connector)
}

/// A batch of rows as it is sent.
pub(crate) fn batch(
    profile: Uuid,
    features: usize,
    rows: Range<usize>,
    uid: impl Fn(usize) -> Uuid,
) -> Outcome<Bytes> {
    let mut group = Group::new(profile, names(features))?;
    for row in rows {
        let numbers = (0..features).map(|at| (row * 31 + at * 7) as f64 * 0.37 % 100.0).collect();
        let uid = Uid::try_from(uid(row))?;
        let record = Record { uid, body: Body::Features(Features { numbers, texts: Vec::new() }) };
        group.push(record).map_err(|refused| refused.reason)?;
    }
    Ok(protobuf::write_batch(Batch { groups: vec![group] }).into())
}

/// The answer to a request.
pub(crate) async fn post(client: &Http, url: &str, kind: &str, body: Bytes) -> Outcome<Bytes> {
    let request = hyper::Request::post(url).header("content-type", kind).body(Full::new(body))?;
    let answer = client.request(request).await?;
    let status = answer.status();
    let body = answer.into_body().collect().await?.to_bytes();
    if !status.is_success() {
        return Err(format!("{status}: {}", String::from_utf8_lossy(&body)).into());
    }
    Ok(body)
}

/// Sends a batch. How many of its records are kept.
pub(crate) async fn send(client: &Http, url: &str, batch: Bytes) -> Outcome<u64> {
    let answer = post(client, url, "application/protobuf", batch).await?;
    Ok(read_receipt(answer)?.accepted)
}
