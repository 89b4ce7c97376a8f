//! One request, one reply.

use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, RequestBuilder, StatusCode, Url};
use serde_json::Value;
use tokio::time::Instant;

use super::causes::causes;
use super::connection::parse_address;
use super::retry_after::retry_after;
use super::{Connection, Http, status};
use crate::chat::Raw;
use crate::{CallError, ErrorKind, Secret};

/// A request, but for the JSON in it.
pub(crate) struct Post<'a> {
    pub(crate) provider: &'a str,
    pub(crate) url: String,
    /// Headers that carry keys or versions.
    pub(crate) headers: Vec<(&'static str, Secret)>,
    pub(crate) connection: &'a Connection,
}

/// A reply of success with JSON in it.
pub(crate) struct Posted {
    pub(crate) json: Value,
    pub(crate) raw: Raw,
    pub(crate) latency: Duration,
}

/// What came back.
struct Received {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

/// Why nothing whole came back.
enum Fault {
    Broken(reqwest::Error),
    /// The reply is larger than this.
    TooLarge(usize),
    Gone,
}

/// Sends a request and reads the reply, which is no larger than `most`. It holds all that it needs: it may be done on another
/// runtime than that of whoever waits for it.
async fn exchange(request: RequestBuilder, most: usize) -> Result<Received, Fault> {
    let mut response = request.send().await.map_err(Fault::Broken)?;
    let status = response.status();
    let headers = std::mem::take(response.headers_mut());
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(Fault::Broken)? {
        if body.len() + chunk.len() > most {
            return Err(Fault::TooLarge(most));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Received { status, headers, body })
}

impl Post<'_> {
    /// Sends it once, with this text of JSON.
    pub(crate) async fn send(self, http: &Http, body: Vec<u8>) -> Result<Posted, CallError> {
        let (client, url, headers) = self.ready(http)?;
        let sent = Instant::now();
        let request = client.post(url).headers(headers).header(CONTENT_TYPE, "application/json").body(body);
        let exchanged = http.carry(exchange(request, http.largest_reply())).await;
        let exchanged = exchanged.unwrap_or(Err(Fault::Gone));
        let Received { status, headers, body } = exchanged.map_err(|fault| self.failed(&fault))?;
        let latency = sent.elapsed();
        let json = serde_json::from_slice::<Value>(&body);
        if !status.is_success() {
            return Err(self.refused(status.as_u16(), &headers, json.ok().as_ref(), &body));
        }
        let raw = self.redacted(Raw::of(&body));
        match json {
            Ok(mut json) => {
                if let Some(status) = status::hidden(&json) {
                    return Err(self.refused(status, &headers, Some(&json), &body));
                }
                let keys: Vec<_> = self.keys().collect();
                if !keys.is_empty() {
                    clean(&keys, &mut json);
                }
                Ok(Posted { json, raw, latency })
            }
            Err(error) => {
                Err(self.sent(ErrorKind::NotJson, &error.to_string()).with(|details| details.raw = Some(raw)))
            }
        }
    }

    /// What can be found wrong before anything is sent.
    pub(crate) fn ready(&self, http: &Http) -> Result<(Client, Url, HeaderMap), CallError> {
        let wrong = |why: String| self.error(ErrorKind::Configuration, &why);
        let url = parse_address(&self.url).map_err(|why| wrong(format!("the address {why}")))?;
        let client = http.client(&self.url, self.connection.proxy.as_ref());
        let client = client.map_err(|why| wrong(format!("cannot open connections: {why}")))?;
        Ok((client, url, self.headers()?))
    }

    fn headers(&self) -> Result<HeaderMap, CallError> {
        let mut headers = HeaderMap::new();
        let own = self.headers.iter().map(|(name, value)| (*name, value));
        let given = self.connection.headers.iter().map(|(name, value)| (name.as_str(), value));
        for (name, value) in own.chain(given) {
            let wrong =
                || self.error(ErrorKind::Configuration, &format!("`{name}` cannot be sent as a header"));
            let key = HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong())?;
            let mut value = HeaderValue::from_str(value.reveal()).map_err(|_| wrong())?;
            value.set_sensitive(true);
            headers.insert(key, value);
        }
        Ok(headers)
    }

    fn refused(&self, status: u16, headers: &HeaderMap, json: Option<&Value>, body: &[u8]) -> CallError {
        let raw = self.redacted(Raw::of(body));
        let told = status::message(json).unwrap_or_else(|| raw.text.clone());
        self.sent(status::kind(status, json), &told).with(|details| {
            details.status = Some(status);
            details.unpriced = 0;
            details.after = retry_after(headers, json);
            details.raw = Some(raw);
        })
    }

    fn failed(&self, fault: &Fault) -> CallError {
        match fault {
            Fault::Broken(error) => self.broken(error),
            Fault::TooLarge(most) => self.sent(ErrorKind::TooLarge, &format!("more than {most} bytes")),
            Fault::Gone => self.error(ErrorKind::Connection, "the thread that keeps connections has ended"),
        }
    }

    fn broken(&self, error: &reqwest::Error) -> CallError {
        if error.is_builder() {
            return self.error(ErrorKind::Configuration, &causes(error));
        }
        let kind = if error.is_timeout() { ErrorKind::Timeout } else { ErrorKind::Connection };
        // Who was not reached did nothing.
        self.sent(kind, &causes(error)).with(|details| details.unpriced = u32::from(!error.is_connect()))
    }

    fn sent(&self, kind: ErrorKind, message: &str) -> CallError {
        self.error(kind, message).with(|details| {
            details.attempts = 1;
            details.unpriced = 1;
        })
    }

    fn error(&self, kind: ErrorKind, message: &str) -> CallError {
        CallError::new(kind, self.provider, self.redact(message.to_owned()))
    }

    fn redacted(&self, raw: Raw) -> Raw {
        Raw { text: self.redact(raw.text), ..raw }
    }

    /// The key, however it is sent, where no model would say it by chance.
    fn keys(&self) -> impl Iterator<Item = Secret> {
        let own = self.headers.iter().map(|(name, value)| (*name, value));
        let given = self.connection.headers.iter().map(|(name, value)| (name.as_str(), value));
        let keys = own.chain(given).filter(|(name, _)| carries_key(name));
        keys.map(|(_, value)| value.bare()).filter(Secret::is_unlikely)
    }

    fn redact(&self, text: String) -> String {
        let own = self.headers.iter().map(|(_, value)| value);
        own.chain(self.connection.headers.values()).fold(text, |text, secret| {
            if secret.may_be_in(&text) {
                // A provider repeats the key without the scheme before it.
                secret.bare().redact(&secret.redact(&text))
            } else {
                text
            }
        })
    }
}

/// Takes keys out of an answer. Other headers stay: what a model says may well hold the name of a team or a date.
fn clean(keys: &[Secret], json: &mut Value) {
    match json {
        Value::String(text) => {
            for key in keys.iter().filter(|key| text.contains(key.reveal())).collect::<Vec<_>>() {
                *text = key.redact(text);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| clean(keys, item)),
        Value::Object(members) => members.values_mut().for_each(|member| clean(keys, member)),
        _ => {}
    }
}

/// Whether a header of this name carries a key.
pub(crate) fn carries_key(header: &str) -> bool {
    const NAMES: [&str; 4] = ["authorization", "api-key", "x-api-key", "x-goog-api-key"];
    NAMES.iter().any(|name| header.eq_ignore_ascii_case(name))
}
