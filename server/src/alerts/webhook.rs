//! A webhook: the notice as JSON, signed as <https://www.standardwebhooks.com> says.
//!
//! The signature is `v1,` and the Base64 of HMAC-SHA256 over `id.timestamp.body`. Whoever gets it knows by it who sent it, by the timestamp that
//! it is no old request that is played again, and by the id that it is the same one sent twice.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, RequestBuilder, Url};
use ring::hmac;
use scouter_providers::Secret;

use super::sender::SetupError;

/// What the secret begins with, and how many bytes it has at least.
const PREFIX: &str = "whsec_";
const LEAST: usize = 24;

/// A webhook and what its requests are signed with.
pub(super) struct Webhook {
    url: Url,
    key: hmac::Key,
}

impl Webhook {
    pub(super) fn new(url: Url, secret: &Secret) -> Result<Self, SetupError> {
        let secret = secret.reveal().strip_prefix(PREFIX).and_then(|text| STANDARD.decode(text).ok());
        let secret = secret.filter(|bytes| bytes.len() >= LEAST).ok_or(SetupError::WebhookSecret)?;
        Ok(Self { url, key: hmac::Key::new(hmac::HMAC_SHA256, &secret) })
    }

    /// The request of a delivery, at so many seconds after 1970.
    pub(super) fn request(&self, client: &Client, id: &str, now: u64, body: String) -> RequestBuilder {
        client
            .post(self.url.clone())
            .header(CONTENT_TYPE, "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", now)
            .header("webhook-signature", self.signature(id, now, &body))
            .body(body)
    }

    pub(super) fn signature(&self, id: &str, now: u64, body: &str) -> String {
        let tag = hmac::sign(&self.key, format!("{id}.{now}.{body}").as_bytes());
        format!("v1,{}", STANDARD.encode(tag))
    }
}
