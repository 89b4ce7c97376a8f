//! From records to messages.

use bytes::Bytes;
use prost::Message;
use uuid::Uuid;

use super::v1;
use crate::receipt::{Receipt, Refused};
use crate::records::{
    Batch, Body, Eval, FeatureBins, Features, Group, Latency, Metric, Record, Route, StatusCount, Text,
};

/// A batch as bytes.
pub fn write_batch(batch: Batch) -> Vec<u8> {
    batch_message(batch).encode_to_vec()
}

/// A receipt as bytes.
pub fn write_receipt(receipt: Receipt) -> Vec<u8> {
    receipt_message(receipt).encode_to_vec()
}

/// The message of a receipt.
pub fn receipt_message(receipt: Receipt) -> v1::Receipt {
    let refused = |Refused { uid, code, reason }| v1::Refused {
        uid: uid.map(bytes).unwrap_or_default(),
        code: String::from(code),
        reason,
    };
    v1::Receipt { accepted: receipt.accepted, refused: receipt.refused.into_iter().map(refused).collect() }
}

/// The message of a batch.
pub fn batch_message(batch: Batch) -> v1::Batch {
    v1::Batch { groups: batch.groups.into_iter().map(group).collect() }
}

fn bytes(uid: Uuid) -> Bytes {
    Bytes::copy_from_slice(uid.as_bytes())
}

fn group(group: Group) -> v1::Group {
    let (profile, names, records) = group.into_parts();
    let record = |Record { uid, body }| v1::Record { uid: bytes(uid.get()), body: Some(write_body(body)) };
    v1::Group { profile: profile.to_string(), names, records: records.into_iter().map(record).collect() }
}

fn write_body(body: Body) -> v1::record::Body {
    match body {
        Body::Features(Features { numbers, texts }) => {
            let texts = texts.into_iter().map(|Text { name, text }| v1::Text { name, text }).collect();
            v1::record::Body::Features(v1::Features { numbers, texts })
        }
        Body::Bins(features) => {
            let bins = |FeatureBins { name, bins, other, unseen, missing }| v1::FeatureBins {
                name,
                bins,
                other,
                unseen,
                missing,
            };
            v1::record::Body::Bins(v1::Bins { features: features.into_iter().map(bins).collect() })
        }
        Body::Metrics(metrics) => {
            let metric = |Metric { name, value }| v1::Metric { name, value };
            v1::record::Body::Metrics(v1::Metrics { metrics: metrics.into_iter().map(metric).collect() })
        }
        Body::Eval(Eval { context, id, session, trace }) => {
            let context = Box::<str>::from(context).into_string();
            v1::record::Body::Eval(v1::Eval { context, id, session, trace })
        }
        Body::Requests(routes) => {
            v1::record::Body::Requests(v1::Requests { routes: routes.into_iter().map(route).collect() })
        }
    }
}

fn route(route: Route) -> v1::Route {
    let Route { route, count, errors, latency, error_latency, statuses } = route;
    let Latency { p5, p25, p50, p95, p99 } = latency;
    let status = |StatusCount { status, count }| v1::StatusCount { status, count };
    v1::Route {
        route,
        count,
        errors,
        latency: Some(v1::Latency { p5, p25, p50, p95, p99 }),
        error_latency,
        statuses: statuses.into_iter().map(status).collect(),
    }
}
