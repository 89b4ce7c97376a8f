//! Bodies of the API for logging in, and for API keys.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What is not shown by `Debug`: a password or a token.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Secret, format = Password))]
pub struct Hidden(pub String);

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// Logs in: the body of `POST /v1/auth/login`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Login {
    /// The name.
    pub username: String,
    /// The password.
    pub password: Hidden,
}

/// Sets another password: the body of `POST /v1/auth/password`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangePassword {
    /// The name.
    pub username: String,
    /// The password.
    pub password: Hidden,
    /// The one that it is to be: 12 characters at least.
    pub new_password: Hidden,
}

/// Goes on with a session, or ends it: the body of `POST /v1/auth/refresh` and `POST /v1/auth/logout`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Refresh {
    /// The refresh token.
    pub refresh_token: Hidden,
}

/// What a login gives (RFC 6749, section 5.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tokens {
    /// What requests are sent with.
    pub access_token: Hidden,
    /// How: `Bearer`.
    pub token_type: String,
    /// For how many seconds.
    pub expires_in: u64,
    /// By what the next ones are given. It is good once.
    pub refresh_token: Hidden,
}

impl Tokens {
    /// Tokens of which the first is good for so many seconds.
    pub fn bearer(access: String, refresh: String, seconds: u64) -> Self {
        Self {
            access_token: Hidden(access),
            token_type: "Bearer".to_owned(),
            expires_in: seconds,
            refresh_token: Hidden(refresh),
        }
    }
}

/// Makes an API key: the body of `POST /v1/keys`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewKey {
    /// What it is for: 128 bytes at most.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 128))]
    pub name: String,
    /// A role (`read`, `write`, `admin`) for each space; `*` is every space.
    pub grants: BTreeMap<String, String>,
    /// After how many days it is not good any more; always where nothing is said. 36,500 at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 36_500))]
    pub days: Option<u32>,
}

/// Changes what an API key may do: the body of `PUT /v1/keys/{prefix}/grants`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SetGrants {
    /// All that it may do from now on: a role (`read`, `write`, `admin`) for each space; `*` is every space.
    pub grants: BTreeMap<String, String>,
}

/// A key that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MadeKey {
    /// How it begins, by which it is told from others.
    pub prefix: String,
    /// All of it. It is not shown again.
    pub key: Hidden,
}

/// What is known of a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApiKey {
    /// How it begins.
    pub prefix: String,
    /// What it is for.
    pub name: String,
    /// What its holder may do.
    pub grants: BTreeMap<String, String>,
    /// When it was made.
    pub created: DateTime<Utc>,
    /// Until when it is good; none where it always is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<DateTime<Utc>>,
    /// Since when it is not any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked: Option<DateTime<Utc>>,
}

/// Keys: the answer of `GET /v1/keys`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApiKeys {
    /// Newest first.
    pub items: Vec<ApiKey>,
}
