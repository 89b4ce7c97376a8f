//! Bodies of the API for profiles. Their documents are passed on as they are written: what they hold is none of this crate's business.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::words::words;

words! {
    /// What kind of profile it is.
    ProfileKind {
        /// The population stability index.
        Psi = "psi",
        /// Control charts.
        Spc = "spc",
        /// Metrics that an application measures itself.
        Custom = "custom",
        /// Evaluations.
        GenAI = "genai",
    }
}

/// Registers a profile: the body of `POST /v1/profiles`. One of the same space, name, kind and
/// version that says the same is the same profile.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Register {
    /// Its document.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub profile: Box<RawValue>,
    /// Whether it takes records from now on.
    #[serde(default)]
    pub activate: bool,
    /// Whether other versions of it take none any more.
    #[serde(default)]
    pub deactivate_others: bool,
}

/// What is known of a profile without its document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Profile {
    /// What records refer to it by.
    pub uid: Uuid,
    /// What the name belongs to.
    pub space: String,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// What kind it is.
    pub kind: ProfileKind,
    /// Whether it takes records.
    pub active: bool,
    /// When it was registered.
    pub created: DateTime<Utc>,
    /// What is to be known of it, for people: what this server does not do with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remark: Option<String>,
}

/// A profile that is there: the answer to `POST /v1/profiles`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Registered {
    /// What records are to refer to it by.
    pub uid: Uuid,
    /// Its version, as a semantic version.
    pub version: String,
    /// Whether it was not there before.
    pub new: bool,
    /// What is to be known of it, for people: what this server does not do with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remark: Option<String>,
}

/// Which profiles: the query of `GET /v1/profiles`. All where nothing is said.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct ProfileQuery {
    /// Of this space.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub space: Option<String>,
    /// Of this name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Of this version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Of this kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(inline))]
    pub kind: Option<ProfileKind>,
    /// That take records, or that do not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    /// At most so many.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(format = "uint32", maximum = 4_294_967_295_u64))]
    pub limit: Option<u32>,
    /// Those after a page: its `next`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// Some of the profiles, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProfilePage {
    /// The profiles.
    pub items: Vec<Profile>,
    /// Where the next page begins; none after the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A profile with its document: the answer to `GET /v1/profiles/{uid}`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WholeProfile {
    /// What is known of it.
    pub profile: Profile,
    /// Its document, as it was registered.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub document: Box<RawValue>,
}

/// Whether a profile takes records: the body of `PUT /v1/profiles/{uid}/status`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SetStatus {
    /// Whether it does.
    pub active: bool,
    /// Whether other versions of it take none any more.
    #[serde(default)]
    pub deactivate_others: bool,
}
