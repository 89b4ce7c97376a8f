//! What a record looks like in JSON.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{cell::Cell, pairs::Pairs};
use crate::records::{Latency, Uid};

/// Records that are sent together: the body of `POST /v1/records`.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub(super) struct Batch<G> {
    /// The records, by profile. A profile may have several groups.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Sent>))]
    pub(super) groups: Vec<G>,
}

/// A group as its description names it.
#[cfg(feature = "openapi")]
type Sent = Group<Record>;

/// Records of one profile.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub(super) struct Group<R> {
    /// The profile's `uid`.
    #[cfg_attr(feature = "openapi", schema(value_type = uuid::Uuid))]
    pub(super) profile: String,
    /// The records, each judged by itself.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Record>))]
    pub(super) records: Vec<R>,
}

/// A record has one of the members after its `uid`.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub(super) struct Record {
    /// What tells it from all others, and when it was made: a UUID of version 7.
    pub(super) uid: Uid,
    /// The features of one prediction, by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<std::collections::BTreeMap<String, Cell>>))]
    pub(super) features: Option<Pairs<Cell>>,
    /// Features of many predictions, counted by the bins of the profile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<std::collections::BTreeMap<String, Counts>>))]
    pub(super) bins: Option<Pairs<Counts>>,
    /// Numbers that the application measured itself, by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<std::collections::BTreeMap<String, f64>>))]
    pub(super) metrics: Option<Pairs<f64>>,
    /// What is to be evaluated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) eval: Option<Eval>,
    /// Requests to the application, by route.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<std::collections::BTreeMap<String, Route>>))]
    pub(super) requests: Option<Pairs<Route>>,
}

/// How rows fall into the bins of a feature.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub(super) struct Counts {
    /// Rows in each bin of the profile, in its order.
    pub(super) bins: Vec<u64>,
    /// Rows whose category was too rare in the baseline to have a bin.
    #[serde(default)]
    pub(super) other: u64,
    /// Rows whose category the baseline does not know.
    #[serde(default)]
    pub(super) unseen: u64,
    /// Rows without a value.
    #[serde(default)]
    pub(super) missing: u64,
}

/// What is to be evaluated.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub(super) struct Eval {
    /// What the application saw and said.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub(super) context: Box<RawValue>,
    /// What the application calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
    /// The conversation that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) session: Option<String>,
    /// The trace that it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) trace: Option<String>,
}

/// Requests to one route.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub(super) struct Route {
    /// How many requests there were.
    pub(super) count: u64,
    /// How many of them ended in an error.
    #[serde(default)]
    pub(super) errors: u64,
    /// Seconds that a request took.
    pub(super) latency: Latency,
    /// Seconds that requests took which ended in an error, on average.
    #[serde(default)]
    pub(super) error_latency: f64,
    /// How many there were of each status of HTTP.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, u64>))]
    pub(super) statuses: Pairs<u64>,
}
