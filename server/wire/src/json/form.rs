//! What a record looks like in JSON.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{cell::Cell, pairs::Pairs};
use crate::records::{Latency, Uid};

#[derive(Serialize, Deserialize)]
pub(super) struct Batch<G> {
    pub(super) groups: Vec<G>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Group<R> {
    pub(super) profile: String,
    pub(super) records: Vec<R>,
}

/// A record has one of the members after its uid.
#[derive(Serialize, Deserialize)]
pub(super) struct Record {
    pub(super) uid: Uid,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) features: Option<Pairs<Cell>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) bins: Option<Pairs<Counts>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) metrics: Option<Pairs<f64>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) eval: Option<Eval>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) requests: Option<Pairs<Route>>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Counts {
    pub(super) bins: Vec<u64>,
    #[serde(default)]
    pub(super) other: u64,
    #[serde(default)]
    pub(super) unseen: u64,
    #[serde(default)]
    pub(super) missing: u64,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Eval {
    pub(super) context: Box<RawValue>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) session: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) trace: Option<String>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Route {
    pub(super) count: u64,
    #[serde(default)]
    pub(super) errors: u64,
    pub(super) latency: Latency,
    #[serde(default)]
    pub(super) error_latency: f64,
    #[serde(default)]
    pub(super) statuses: Pairs<u64>,
}
