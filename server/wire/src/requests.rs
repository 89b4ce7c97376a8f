//! Bodies of the API for requests to an application.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::records::Latency;

/// Which requests: the query of `GET /v1/profiles/{uid}/requests`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct RequestsQuery {
    /// Of records that were made at this time or later, by the clock of whoever made them.
    pub start_datetime: DateTime<Utc>,
    /// Of those that were made before this time; now where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_datetime: Option<DateTime<Utc>>,
}

/// Requests in a stretch of time.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RequestsTold {
    /// The routes.
    pub routes: BTreeMap<String, RouteTold>,
    /// How many requests there were to further routes, where there are too many to be told.
    #[serde(default)]
    pub left_out: u64,
}

/// Requests to one route in a stretch of time.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RouteTold {
    /// How many requests there were.
    pub count: u64,
    /// How many of them ended in an error.
    pub errors: u64,
    /// Seconds that a request took, as clients measured it: of each percentile the mean over their records, each as heavy as it has requests. The
    /// percentile of all requests is not to be had from those of some.
    pub latency: Latency,
    /// Seconds that requests took which ended in an error, on average.
    pub error_latency: f64,
    /// How many there were of each status of HTTP.
    #[cfg_attr(feature = "openapi", schema(value_type = BTreeMap<String, u64>))]
    pub statuses: BTreeMap<u32, u64>,
}
