//! Bodies of the API for what is to be evaluated.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::alerts::Direction;

/// What is to be evaluated of a profile: the query of `GET /v1/profiles/{uid}/evals`. All where nothing is said.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct EvalQuery {
    /// Made at this time or later, by the clock of whoever made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_datetime: Option<DateTime<Utc>>,
    /// Made before this time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_datetime: Option<DateTime<Utc>>,
    /// At most so many.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(format = "uint32", maximum = 4_294_967_295_u64))]
    pub limit: Option<u32>,
    /// From behind this one on: a cursor of a page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Uuid>,
    /// Older ones, where nothing is said, or newer ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(inline))]
    pub direction: Option<Direction>,
}

/// Something to evaluate, as it was sent.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeptEval {
    /// Which.
    pub uid: Uuid,
    /// When it was made, by the clock of whoever made it.
    pub created_at: DateTime<Utc>,
    /// When the database took it.
    pub arrived_at: DateTime<Utc>,
    /// What the application calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The conversation that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// The trace that it came from: 32 hexadecimal digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace: Option<String>,
    /// A JSON object, with its numbers exact and its members in their order.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub context: Box<RawValue>,
}

/// Some of what is to be evaluated of a profile, newest first.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EvalPage {
    /// It.
    pub items: Vec<KeptEval>,
    /// Whether there is more that is newer.
    pub has_next: bool,
    /// Behind which that begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<Uuid>,
    /// Whether there is more that is older.
    pub has_previous: bool,
    /// Behind which that begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_cursor: Option<Uuid>,
}
