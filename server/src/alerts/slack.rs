//! Slack: an incoming webhook, which leads to one channel, or a bot, which posts in any. <https://docs.slack.dev/reference/methods/chat.postMessage>

use reqwest::{Client, RequestBuilder};
use scouter_wire::alerts::Notice;
use serde::{Deserialize, Serialize};

use super::AlertOptions;
use super::sender::{SendError, below, json};
use super::words::{details, headline};

/// The longest text that is sent; Slack takes more, and shows less.
const LONGEST: usize = 3500;

#[derive(Serialize)]
struct Message<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<&'a str>,
    text: String,
}

/// What the API answers, whatever the status.
#[derive(Deserialize)]
struct Answer {
    ok: bool,
    error: Option<String>,
}

pub(super) fn request(
    client: &Client,
    options: &AlertOptions,
    channel: Option<&str>,
    notice: &Notice,
) -> Result<RequestBuilder, SendError> {
    let text = format!("*{}*\n{}", escape(&headline(notice)), escape(&details(notice)));
    let text = super::words::cut(&text, LONGEST);
    if let Some((token, channel)) = options.slack_token.as_ref().zip(channel) {
        let url = below(&options.slack_url, &["chat.postMessage"]);
        let message = Message { channel: Some(channel), text };
        return Ok(json(client.post(url).bearer_auth(token.reveal()), &message));
    }
    let webhook = options.slack_webhook.as_ref().ok_or_else(missing)?;
    Ok(json(client.post(webhook.reveal()), &Message { channel: None, text }))
}

/// Nothing of Slack is configured.
pub(super) fn missing() -> SendError {
    SendError::NotConfigured { what: "Slack", how: "set `SCOUTER_SLACK_TOKEN` or `SCOUTER_SLACK_WEBHOOK`" }
}

/// What was said to a bot: failures have the status 200 too. Webhooks say no more than their status.
pub(super) fn said(options: &AlertOptions, body: &[u8]) -> Result<(), SendError> {
    if options.slack_token.is_none() {
        return Ok(());
    }
    match serde_json::from_slice(body) {
        Ok(Answer { ok: true, .. }) => Ok(()),
        Ok(Answer { error, .. }) => Err(SendError::Slack(error.unwrap_or_else(|| "no reason".to_owned()))),
        Err(_) => Err(SendError::Slack("an answer that is not one of Slack's API".to_owned())),
    }
}

/// Names are no commands: `<!channel>` would call everybody.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
