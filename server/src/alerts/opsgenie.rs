//! Opsgenie: an alert is created, and closed by its alias. <https://docs.opsgenie.com/docs/alert-api>

use std::collections::BTreeMap;

use reqwest::header::AUTHORIZATION;
use reqwest::{Client, RequestBuilder};
use scouter_wire::alerts::{AlertEvent, Notice};
use serde::Serialize;

use super::AlertOptions;
use super::sender::{SendError, below, json};
use super::words::{aliases, cut, details, headline};

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

pub(super) fn requests(
    client: &Client,
    options: &AlertOptions,
    team: &str,
    notice: &Notice,
) -> Result<Vec<RequestBuilder>, SendError> {
    let key = options.opsgenie_key.as_ref().ok_or_else(missing)?;
    let alerts = below(&options.opsgenie_url, &["v2", "alerts"]);
    let authorized =
        |request: RequestBuilder| request.header(AUTHORIZATION, format!("GenieKey {}", key.reveal()));
    let close = |alias: String| {
        let mut url = below(&alerts, &[alias.as_str(), "close"]);
        url.set_query(Some("identifierType=alias"));
        json(authorized(client.post(url)), &Close { source: "scouter", note: headline(notice) })
    };
    let create = |alias: String| {
        let create = Create {
            // The limits are Opsgenie's.
            message: cut(&headline(notice), 130),
            alias,
            description: cut(&details(notice), 15_000),
            responders: [Responder { name: team, kind: "team" }],
            entity: cut(&format!("{}/{}/{}", notice.space, notice.name, notice.version), 512),
            source: "scouter",
            details: &notice.drifted,
        };
        json(authorized(client.post(alerts.clone())), &create)
    };
    let aliases = aliases(notice);
    Ok(if notice.event == AlertEvent::Resolved {
        aliases.map(close).collect()
    } else {
        aliases.map(create).collect()
    })
}

/// Nothing of Opsgenie is configured.
pub(super) fn missing() -> SendError {
    SendError::NotConfigured { what: "Opsgenie", how: "set `SCOUTER_OPSGENIE_KEY`" }
}
