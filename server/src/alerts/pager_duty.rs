//! PagerDuty, Events API v2: an incident is triggered, and resolved by its key. <https://developer.pagerduty.com/docs/events-api-v2-overview>

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use reqwest::{Client, RequestBuilder};
use scouter_wire::alerts::{AlertEvent, Notice};
use serde::Serialize;

use super::AlertOptions;
use super::sender::{SendError, below, json};
use super::words::{aliases, cut, headline};

#[derive(Serialize)]
struct Event<'a> {
    routing_key: &'a str,
    #[serde(rename = "event_action")]
    action: &'static str,
    dedup_key: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    payload: Option<Payload<'a>>,
}

#[derive(Serialize)]
struct Payload<'a> {
    summary: String,
    source: String,
    severity: &'static str,
    timestamp: DateTime<Utc>,
    custom_details: &'a BTreeMap<String, String>,
}

pub(super) fn requests(
    client: &Client,
    options: &AlertOptions,
    notice: &Notice,
) -> Result<Vec<RequestBuilder>, SendError> {
    let key = options
        .pagerduty_key
        .as_ref()
        .ok_or(SendError::NotConfigured { what: "PagerDuty", how: "set `SCOUTER_PAGERDUTY_KEY`" })?;
    let resolved = notice.event == AlertEvent::Resolved;
    let payload = || Payload {
        // The limit is PagerDuty's.
        summary: cut(&headline(notice), 1024),
        source: format!("{}/{}/{}", notice.space, notice.name, notice.version),
        severity: "warning",
        timestamp: notice.at,
        custom_details: &notice.drifted,
    };
    let url = below(&options.pagerduty_url, &["v2", "enqueue"]);
    let request = |alias| {
        let event = Event {
            routing_key: key.reveal(),
            action: if resolved { "resolve" } else { "trigger" },
            dedup_key: alias,
            payload: (!resolved).then(payload),
        };
        json(client.post(url.clone()), &event)
    };
    Ok(aliases(notice).map(request).collect())
}
