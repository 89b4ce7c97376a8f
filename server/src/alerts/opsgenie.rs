//! Opsgenie: an alert is created, and closed by its alias. <https://docs.opsgenie.com/docs/alert-api>

use std::collections::BTreeMap;

use reqwest::header::AUTHORIZATION;
use reqwest::{Client, RequestBuilder};
use scouter_wire::alerts::{AlertEvent, Notice};
use serde::Serialize;

use super::AlertOptions;
use super::sender::{SendError, below, json};
use super::words::{alias, cut, details, headline};

#[derive(Serialize)]
struct Create<'a> {
    message: String,
    alias: String,
    description: String,
    responders: [Responder<'a>; 1],
    entity: String,
    source: &'static str,
    details: &'a BTreeMap<String, String>,
}

#[derive(Serialize)]
struct Responder<'a> {
    name: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
}

#[derive(Serialize)]
struct Close {
    source: &'static str,
    note: String,
}

pub(super) fn request(
    client: &Client,
    options: &AlertOptions,
    team: &str,
    notice: &Notice,
) -> Result<RequestBuilder, SendError> {
    let key = options.opsgenie_key.as_ref().ok_or_else(missing)?;
    let alerts = below(&options.opsgenie_url, &["v2", "alerts"]);
    let authorized =
        |request: RequestBuilder| request.header(AUTHORIZATION, format!("GenieKey {}", key.reveal()));
    if notice.event == AlertEvent::Resolved {
        let mut url = below(&alerts, &[alias(notice).as_str(), "close"]);
        url.set_query(Some("identifierType=alias"));
        return Ok(json(authorized(client.post(url)), &Close { source: "scouter", note: headline(notice) }));
    }
    let create = Create {
        // The limits are Opsgenie's.
        message: cut(&headline(notice), 130),
        alias: alias(notice),
        description: cut(&details(notice), 15_000),
        responders: [Responder { name: team, kind: "team" }],
        entity: cut(&format!("{}/{}/{}", notice.space, notice.name, notice.version), 512),
        source: "scouter",
        details: &notice.drifted,
    };
    Ok(json(authorized(client.post(alerts)), &create))
}

/// Nothing of Opsgenie is configured.
pub(super) fn missing() -> SendError {
    SendError::NotConfigured { what: "Opsgenie", how: "set `SCOUTER_OPSGENIE_KEY`" }
}
