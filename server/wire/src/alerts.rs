//! Bodies of the API for alerts, and what a webhook is sent.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::profiles::ProfileKind;
use crate::words::words;

words! {
    /// What happened to an alert.
    AlertEvent {
        /// Something drifts that did not.
        Opened = "opened",
        /// It still does, and nobody has acknowledged it.
        Continues = "continues",
        /// Nothing of it drifts any more.
        Resolved = "resolved",
    }
}

words! {
    /// In which direction of time a page lies from its cursor.
    Direction {
        /// What is older.
        Previous = "previous",
        /// What is newer.
        Next = "next",
    }
}

/// What is told of an alert: the body of a request to a webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Which alert. All that is told of it has the same.
    pub alert: i64,
    /// What happened to it.
    pub event: AlertEvent,
    /// How often it was opened again by then, by what was not acknowledged with the rest.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub reopened: i64,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// Whose it is.
    pub profile: Uuid,
    /// What the name of the profile belongs to.
    pub space: String,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// What kind it is.
    pub kind: ProfileKind,
    /// Features or metrics that drifted and were not acknowledged, and what is said of each; of an alert that is gone, what all of them are now.
    pub drifted: BTreeMap<String, String>,
    /// Records that were looked at arrived after this,
    pub began: DateTime<Utc>,
    /// and up to this.
    pub ended: DateTime<Utc>,
    /// How many rows there were in them.
    pub rows: i64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(number: &i64) -> bool {
    *number == 0
}

/// An alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Alert {
    /// Which.
    pub id: i64,
    /// Of which profile.
    pub profile: Uuid,
    /// Space, name and version of the profile: `space/name/1.0.0`.
    pub entity_name: String,
    /// When it was found.
    pub created_at: DateTime<Utc>,
    /// When it was found last.
    pub seen_at: DateTime<Utc>,
    /// Whether it is not gone yet.
    pub active: bool,
    /// When somebody said that it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acknowledged_at: Option<DateTime<Utc>>,
    /// When it was found to be gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved_at: Option<DateTime<Utc>>,
    /// Features or metrics that drifted, and what is said of each.
    pub alert: BTreeMap<String, String>,
    /// What became of what was told of it. An older server does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deliveries: Option<AlertDeliveries>,
}

/// How many notices of an alert came to what, each counted once for everybody who is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AlertDeliveries {
    /// So many arrived.
    pub delivered: u64,
    /// So many have not arrived yet, and are sent, or sent again.
    pub waiting: u64,
    /// So many did not arrive, and are not sent any more.
    pub given_up: u64,
}

/// Which alerts: the query of `GET /v1/profiles/{uid}/alerts` and of `GET /v1/alerts`. All where nothing is said.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct AlertQuery {
    /// Only those that are not gone.
    #[serde(default)]
    pub active: bool,
    /// At most so many.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(format = "uint32", maximum = 4_294_967_295_u64))]
    pub limit: Option<u32>,
    /// From behind this one on: `created_at` of a cursor, together with `cursor_id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor_created_at: Option<DateTime<Utc>>,
    /// `id` of that cursor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor_id: Option<i64>,
    /// Older ones, where nothing is said, or newer ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(inline))]
    pub direction: Option<Direction>,
    /// Found at this time or later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_datetime: Option<DateTime<Utc>>,
    /// Found before this time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_datetime: Option<DateTime<Utc>>,
}

/// Of which profiles: the rest of the query of `GET /v1/alerts`. Of all that the caller may read where nothing is said.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct AlertSpace {
    /// Only of those of this space.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub space: Option<String>,
}

/// Where a page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AlertCursor {
    /// When an alert was found.
    pub created_at: DateTime<Utc>,
    /// Which it is.
    pub id: i64,
}

/// Some of the alerts of a profile, or of several, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AlertPage {
    /// The alerts.
    pub items: Vec<Alert>,
    /// Whether there are newer ones.
    pub has_next: bool,
    /// Behind which they begin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<AlertCursor>,
    /// Whether there are older ones.
    pub has_previous: bool,
    /// Behind which they begin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_cursor: Option<AlertCursor>,
}
