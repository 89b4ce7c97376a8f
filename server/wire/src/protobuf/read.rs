//! From messages to records.

use bytes::{Buf, Bytes};
use prost::Message;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::count::{Count, count};
use super::v1;
use crate::error::{MAX_RECORDS, MAX_VALUES, ReadError};
use crate::receipt::{Receipt, RefusalCode, Refused};
use crate::records::{
    Body, Eval, FeatureBins, Features, Group, Latency, Metric, Received, Record, Route, StatusCount, Text,
    Uid,
};

/// Reads a batch.
///
/// # Errors
/// The bytes are no batch, or have too many records or values.
pub fn read_batch(bytes: &Bytes) -> Result<Received, ReadError> {
    let Count { records, values } = count(bytes);
    if records > MAX_RECORDS {
        return Err(ReadError::TooManyRecords);
    }
    if values > MAX_VALUES {
        return Err(ReadError::TooManyValues);
    }
    v1::Batch::decode(bytes.clone()).map(batch).map_err(malformed)
}

/// Reads a receipt.
///
/// # Errors
/// The bytes are no receipt.
pub fn read_receipt(bytes: impl Buf) -> Result<Receipt, ReadError> {
    v1::Receipt::decode(bytes).map(receipt).map_err(malformed)
}

#[expect(clippy::needless_pass_by_value, reason = "errors are mapped by it")]
pub(super) fn malformed(error: prost::DecodeError) -> ReadError {
    ReadError::Malformed { form: "protobuf", why: error.to_string() }
}

/// The receipt of a message.
pub fn receipt(message: v1::Receipt) -> Receipt {
    let refused = message.refused.into_iter().map(|refused| Refused {
        uid: Uuid::from_slice(&refused.uid).ok(),
        code: refused.code.into(),
        reason: refused.reason,
    });
    Receipt { accepted: message.accepted, refused: refused.collect() }
}

/// The records of a message, and what cannot be read of it.
pub fn batch(message: v1::Batch) -> Received {
    let mut received = Received::default();
    for (at, sent) in message.groups.into_iter().enumerate() {
        let group = match open(&sent.profile, sent.names) {
            Ok(group) => group,
            Err((code, reason)) => {
                let all = sent.records.iter().map(|record| {
                    Refused::new(Uuid::from_slice(&record.uid).ok(), code.clone(), reason.clone())
                });
                received.refused.extend(all);
                continue;
            }
        };
        fill(group, sent.records, at, &mut received);
    }
    received
}

fn open(profile: &str, names: Vec<String>) -> Result<Group, (RefusalCode, String)> {
    let profile = profile.parse().map_err(|_| {
        (RefusalCode::UnknownProfile, format!("`{profile}` is no identifier of a profile: it is no UUID"))
    })?;
    Group::new(profile, names)
        .map_err(|name| (RefusalCode::Shape, format!("feature `{name}` is named twice")))
}

fn fill(mut group: Group, sent: Vec<v1::Record>, at: usize, received: &mut Received) {
    group.reserve(sent.len());
    for (place, sent) in sent.into_iter().enumerate() {
        match record(sent, || format!("record {place} of group {at}")).and_then(|record| group.push(record)) {
            Ok(()) => {}
            Err(refused) => received.refused.push(refused),
        }
    }
    received.batch.groups.push(group);
}

fn record(sent: v1::Record, place: impl Fn() -> String) -> Result<Record, Refused> {
    let uid = uid(&sent.uid, place)?;
    let body = sent.body.ok_or("it has no body, or one of a kind that is not known here".to_owned());
    match body.and_then(read_body) {
        Ok(body) => Ok(Record { uid, body }),
        Err(reason) => Err(Refused::new(Some(uid.get()), RefusalCode::Unreadable, reason)),
    }
}

fn uid(sent: &Bytes, place: impl Fn() -> String) -> Result<Uid, Refused> {
    let uuid = Uuid::from_slice(sent).ok();
    uuid.and_then(|uuid| Uid::try_from(uuid).ok()).ok_or_else(|| {
        Refused::new(uuid, RefusalCode::Uid, format!("{}: `uid` is no UUID of version 7", place()))
    })
}

fn read_body(sent: v1::record::Body) -> Result<Body, String> {
    Ok(match sent {
        v1::record::Body::Features(v1::Features { numbers, texts }) => {
            let texts = texts.into_iter().map(|v1::Text { name, text }| Text { name, text }).collect();
            Body::Features(Features { numbers, texts })
        }
        v1::record::Body::Bins(v1::Bins { features }) => {
            let bins = |v1::FeatureBins { name, bins, other, unseen, missing }| FeatureBins {
                name,
                bins,
                other,
                unseen,
                missing,
            };
            Body::Bins(features.into_iter().map(bins).collect())
        }
        v1::record::Body::Metrics(v1::Metrics { metrics }) => {
            let metric = |v1::Metric { name, value }| Metric { name, value };
            Body::Metrics(metrics.into_iter().map(metric).collect())
        }
        v1::record::Body::Eval(v1::Eval { context, id, session, trace }) => {
            let context = RawValue::from_string(context)
                .map_err(|error| format!("`eval.context` is no JSON: {error}"))?;
            Body::Eval(Eval { context, id, session, trace })
        }
        v1::record::Body::Requests(v1::Requests { routes }) => {
            Body::Requests(routes.into_iter().map(route).collect())
        }
    })
}

fn route(sent: v1::Route) -> Route {
    let v1::Route { route, count, errors, latency, error_latency, statuses } = sent;
    let v1::Latency { p5, p25, p50, p95, p99 } = latency.unwrap_or_default();
    let status = |v1::StatusCount { status, count }| StatusCount { status, count };
    Route {
        route,
        count,
        errors,
        latency: Latency { p5, p25, p50, p95, p99 },
        error_latency,
        statuses: statuses.into_iter().map(status).collect(),
    }
}
