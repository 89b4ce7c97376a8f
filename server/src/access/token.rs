//! Access tokens: JSON web tokens (RFC 7519) that name a session.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::secret::SigningSecret;

/// How long one is good.
pub(super) const LASTS: Duration = Duration::from_mins(15);
/// By whom they are issued.
const ISSUER: &str = "scouter";

/// Signs access tokens, and reads them.
pub(super) struct Tokens {
    signs: EncodingKey,
    reads: DecodingKey,
    validation: Validation,
}

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    /// Seconds since 1970.
    iat: u64,
    exp: u64,
    sid: Uuid,
}

/// Why a token is not good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotGood {
    /// It was, and its time is over.
    Expired,
    /// It is none that was signed here.
    Unknown,
}

impl Tokens {
    pub(super) fn new(secret: &SigningSecret) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        // By the clock of the server, below.
        validation.validate_exp = false;
        Self {
            signs: EncodingKey::from_secret(secret.bytes()),
            reads: DecodingKey::from_secret(secret.bytes()),
            validation,
        }
    }

    /// A token for a session.
    pub(super) fn sign(&self, session: Uuid, now: SystemTime) -> Option<String> {
        let iat = seconds(now);
        let claims = Claims { iss: ISSUER.to_owned(), iat, exp: iat + LASTS.as_secs(), sid: session };
        encode(&Header::new(Algorithm::HS256), &claims, &self.signs).ok()
    }

    /// The session that a token names.
    ///
    /// # Errors
    /// It is not good.
    pub(super) fn read(&self, token: &str, now: SystemTime) -> Result<Uuid, NotGood> {
        let read = decode::<Claims>(token, &self.reads, &self.validation);
        let claims = read.map_err(|_| NotGood::Unknown)?.claims;
        if claims.exp > seconds(now) { Ok(claims.sid) } else { Err(NotGood::Expired) }
    }
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tokens")
    }
}

fn seconds(moment: SystemTime) -> u64 {
    moment.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}
