//! All ways of telling.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response, StatusCode, Url};
use scouter_engine::{Clock, causes};
use scouter_wire::alerts::Notice;
use serde::Serialize;

use super::mail::Mailer;
use super::reach::{Reach, Unreachable};
use super::webhook::Webhook;
use super::{AlertOptions, Target, console, opsgenie, pager_duty, slack};

/// How long a request may take, and its connection.
const PATIENCE: Duration = Duration::from_secs(15);
const CONNECT: Duration = Duration::from_secs(5);
/// How much of an answer is read, in bytes.
const LARGEST: usize = 64 << 10;

/// Why alerts cannot be sent as the options say.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// One option is of no use without another.
    #[error("`{name}` needs `{needs}`")]
    Needs {
        /// What is set.
        name: &'static str,
        /// What is not.
        needs: &'static str,
    },
    /// A bot and an incoming webhook.
    #[error("`SCOUTER_SLACK_TOKEN` cannot be used with `SCOUTER_SLACK_WEBHOOK`: one of them tells Slack")]
    Both,
    /// The address of a webhook is none.
    #[error(
        "`{name}` is no address of the web: it begins with `https://`, or with `http://` in a network of your own"
    )]
    Address {
        /// Which option; its value may be secret.
        name: &'static str,
    },
    /// The secret of the webhook is none.
    #[error(
        "`SCOUTER_WEBHOOK_SECRET` is no secret of a webhook: it is `whsec_` and the Base64 of 24 bytes or more, as \
         `echo whsec_$(openssl rand -base64 32)` makes it"
    )]
    WebhookSecret,
    /// The mail server.
    #[error("`SCOUTER_SMTP_URL` cannot be used: {0}")]
    Smtp(String),
    /// Encryption does not work here.
    #[error("failed to prepare connections: {0}")]
    Client(String),
}

/// Why something did not arrive.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The server does not know how.
    #[error("{what} is not configured: {how}")]
    NotConfigured {
        /// What.
        what: &'static str,
        /// How it is.
        how: &'static str,
    },
    /// The address must not be reached, or is none.
    #[error(transparent)]
    Unreachable(#[from] Unreachable),
    /// The connection.
    #[error("failed to send: {0}")]
    Connection(String),
    /// The other side says no.
    #[error("it answered {status}{}", hint(*status))]
    Status {
        /// What it says.
        status: StatusCode,
        /// After how long it wants to be asked again.
        after: Option<Duration>,
    },
    /// Slack says no.
    #[error("Slack answered `{0}`")]
    Slack(String),
    /// The mail server says no.
    #[error("failed to send mail: {0}")]
    Mail(String),
}

fn hint(status: StatusCode) -> &'static str {
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => ": is the key right?",
        StatusCode::NOT_FOUND | StatusCode::GONE => ": is the address right?",
        status if status.is_redirection() => ": redirects are not followed",
        _ => "",
    }
}

impl SendError {
    /// After how long the other side wants to be asked again.
    pub(super) fn after(&self) -> Option<Duration> {
        match self {
            Self::Status { after, .. } => *after,
            _ => None,
        }
    }
}

/// Sends what is told.
pub struct Sender {
    client: Client,
    reach: Reach,
    options: AlertOptions,
    webhook: Option<Webhook>,
    mailer: Option<Mailer>,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender").field("options", &self.options).finish_non_exhaustive()
    }
}

impl Sender {
    /// One that sends as the options say.
    ///
    /// # Errors
    /// They say what cannot be.
    pub fn new(options: AlertOptions, clock: Arc<dyn Clock>) -> Result<Self, SetupError> {
        options.check()?;
        // An error means that the process has chosen already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let slack = options.slack_webhook.as_ref().map(|secret| Url::parse(secret.reveal()).ok());
        let addresses = [
            ("SCOUTER_SLACK_WEBHOOK", slack),
            ("SCOUTER_WEBHOOK_URL", options.webhook_url.clone().map(Some)),
            ("SCOUTER_SLACK_URL", Some(Some(options.slack_url.clone()))),
            ("SCOUTER_OPSGENIE_URL", Some(Some(options.opsgenie_url.clone()))),
            ("SCOUTER_PAGERDUTY_URL", Some(Some(options.pagerduty_url.clone()))),
        ];
        for (name, address) in addresses {
            if address.is_some_and(|url| !url.is_some_and(|url| matches!(url.scheme(), "http" | "https"))) {
                return Err(SetupError::Address { name });
            }
        }
        let reach = Reach::new(options.alert_networks.clone());
        let client = Client::builder()
            .no_proxy()
            .redirect(Policy::none())
            .dns_resolver(Arc::new(reach.clone()))
            .connect_timeout(CONNECT)
            .timeout(PATIENCE)
            .user_agent(concat!("scouter/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| SetupError::Client(causes(&error)))?;
        let webhook = options.webhook_url.clone().zip(options.webhook_secret.as_ref());
        let webhook = webhook.map(|(url, secret)| Webhook::new(url, secret)).transpose()?;
        let mailer = Mailer::new(&options, reach.clone())?;
        Ok(Self { client, reach, options, webhook, mailer, clock })
    }

    /// Where nothing arrives as the options are, in words: at addresses that must not be reached. Names are looked at when something is sent.
    pub(crate) fn unreachable(&self) -> Vec<String> {
        let options = &self.options;
        let slack = options.slack_webhook.as_ref().and_then(|secret| Url::parse(secret.reveal()).ok());
        [
            ("SCOUTER_SLACK_WEBHOOK", slack.as_ref()),
            ("SCOUTER_SLACK_URL", options.slack_token.as_ref().map(|_| &options.slack_url)),
            ("SCOUTER_OPSGENIE_URL", options.opsgenie_key.as_ref().map(|_| &options.opsgenie_url)),
            ("SCOUTER_PAGERDUTY_URL", options.pagerduty_key.as_ref().map(|_| &options.pagerduty_url)),
            ("SCOUTER_WEBHOOK_URL", options.webhook_url.as_ref()),
            ("SCOUTER_SMTP_URL", options.smtp_url.as_ref()),
        ]
        .into_iter()
        .filter_map(|(name, url)| {
            let error = self.reach.check(url?).err()?;
            Some(format!("alerts do not arrive at `{name}`: {error}"))
        })
        .collect()
    }

    /// Tells somebody something. `id` is the same however often it is sent.
    ///
    /// # Errors
    /// It did not arrive, as far as is known.
    pub async fn send(&self, id: &str, target: &Target, notice: &Notice) -> Result<(), SendError> {
        let Self { client, options, .. } = self;
        match target {
            Target::Console => {
                console::write(notice);
                Ok(())
            }
            Target::Slack { channel } => self.slack(Some(channel), notice).await,
            Target::SlackWebhook => self.slack(None, notice).await,
            Target::OpsGenie { team } => {
                self.post_all(opsgenie::requests(client, options, team, notice)?).await
            }
            Target::PagerDuty => self.post_all(pager_duty::requests(client, options, notice)?).await,
            Target::Webhook => {
                let webhook = self.webhook.as_ref();
                let webhook = webhook.ok_or(SendError::NotConfigured {
                    what: "the webhook",
                    how: "set `SCOUTER_WEBHOOK_URL` and `SCOUTER_WEBHOOK_SECRET`",
                })?;
                let now = self.clock.now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
                let body = serde_json::to_string(notice)
                    .map_err(|error| SendError::Connection(error.to_string()))?;
                self.post(webhook.request(client, id, now, body)).await.map(drop)
            }
            Target::Mail => {
                let mailer = self.mailer.as_ref();
                let mailer =
                    mailer.ok_or(SendError::NotConfigured { what: "mail", how: "set `SCOUTER_SMTP_URL`" })?;
                mailer.send(id, notice).await
            }
        }
    }

    /// Tells a channel of Slack, or the one that the incoming webhook leads to.
    async fn slack(&self, channel: Option<&str>, notice: &Notice) -> Result<(), SendError> {
        let request = slack::request(&self.client, &self.options, channel, notice)?;
        let mut answer = self.post(request).await?;
        slack::said(&self.options, &beginning(&mut answer).await?)
    }

    /// Sends one after another; all of them again where one does not arrive, which those who are told take for the same.
    async fn post_all(&self, requests: Vec<RequestBuilder>) -> Result<(), SendError> {
        for request in requests {
            self.post(request).await?;
        }
        Ok(())
    }

    async fn post(&self, request: RequestBuilder) -> Result<Response, SendError> {
        let connection = |error: reqwest::Error| SendError::Connection(causes(&error.without_url()));
        let request = request.build().map_err(connection)?;
        self.reach.check(request.url())?;
        let answer = self.client.execute(request).await.map_err(connection)?;
        if answer.status().is_success() {
            return Ok(answer);
        }
        let after =
            answer.headers().get(RETRY_AFTER).and_then(|after| after.to_str().ok()?.trim().parse().ok());
        Err(SendError::Status { status: answer.status(), after: after.map(Duration::from_secs) })
    }
}

/// The beginning of an answer.
async fn beginning(answer: &mut Response) -> Result<Vec<u8>, SendError> {
    let mut body = Vec::new();
    while body.len() < LARGEST {
        match answer.chunk().await {
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => break,
            Err(error) => return Err(SendError::Connection(causes(&error.without_url()))),
        }
    }
    Ok(body)
}

/// An address below another.
pub(super) fn below(base: &Url, path: &[&str]) -> Url {
    let mut url = base.clone();
    // Addresses of the web have a path.
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().extend(path);
    }
    url
}

/// A request with JSON.
pub(super) fn json(request: RequestBuilder, body: &impl Serialize) -> RequestBuilder {
    // Texts and maps of texts have a form in JSON.
    request.header(CONTENT_TYPE, "application/json").body(serde_json::to_vec(body).unwrap_or_default())
}
