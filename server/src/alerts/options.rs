//! Who is told besides those whom profiles name, and the secrets for it: from the environment, or from the command line.

use clap::Args;
use ipnet::IpNet;
use lettre::message::Mailbox;
use reqwest::Url;
use scouter_providers::Secret;

use super::SetupError;

/// How alerts are sent. Profiles name a channel of Slack, a team of Opsgenie or the log of the server; PagerDuty, a webhook and mail are told of
/// the alerts of all profiles.
#[derive(Debug, Clone, Args)]
pub struct AlertOptions {
    /// The token of a bot of Slack, which posts in the channels that profiles name.
    #[arg(long, env = "SCOUTER_SLACK_TOKEN", hide = true, hide_env_values = true, value_parser = secret)]
    pub slack_token: Option<Secret>,
    /// The address of an incoming webhook of Slack, or of what speaks as Slack does, in place of a bot.
    #[arg(long, env = "SCOUTER_SLACK_WEBHOOK", hide = true, hide_env_values = true, value_parser = secret)]
    pub slack_webhook: Option<Secret>,
    /// Where the API of Slack is.
    #[arg(long, env = "SCOUTER_SLACK_URL", default_value = SLACK)]
    pub slack_url: Url,
    /// The key of an API integration of Opsgenie.
    #[arg(long, env = "SCOUTER_OPSGENIE_KEY", hide = true, hide_env_values = true, value_parser = secret)]
    pub opsgenie_key: Option<Secret>,
    /// Where the API of Opsgenie is: `https://api.eu.opsgenie.com` in Europe.
    #[arg(long, env = "SCOUTER_OPSGENIE_URL", default_value = OPSGENIE)]
    pub opsgenie_url: Url,
    /// The integration key of a service of PagerDuty (Events API v2).
    #[arg(long, env = "SCOUTER_PAGERDUTY_KEY", hide = true, hide_env_values = true, value_parser = secret)]
    pub pagerduty_key: Option<Secret>,
    /// Where the events of PagerDuty go: `https://events.eu.pagerduty.com` in Europe.
    #[arg(long, env = "SCOUTER_PAGERDUTY_URL", default_value = PAGERDUTY)]
    pub pagerduty_url: Url,
    /// A webhook of your own.
    #[arg(long, env = "SCOUTER_WEBHOOK_URL")]
    pub webhook_url: Option<Url>,
    /// What requests to it are signed with: `whsec_` and the Base64 of 24 bytes or more.
    #[arg(long, env = "SCOUTER_WEBHOOK_SECRET", hide = true, hide_env_values = true, value_parser = secret)]
    pub webhook_secret: Option<Secret>,
    /// The mail server: `smtps://host` with TLS, `smtp://host` with STARTTLS, `smtp+plain://host` with neither.
    #[arg(long, env = "SCOUTER_SMTP_URL")]
    pub smtp_url: Option<Url>,
    /// Who signs in there.
    #[arg(long, env = "SCOUTER_SMTP_USER")]
    pub smtp_user: Option<String>,
    /// The password.
    #[arg(long, env = "SCOUTER_SMTP_PASSWORD", hide = true, hide_env_values = true, value_parser = secret)]
    pub smtp_password: Option<Secret>,
    /// Who mail is from.
    #[arg(long, env = "SCOUTER_MAIL_FROM")]
    pub mail_from: Option<Mailbox>,
    /// Who gets mail, with commas between.
    #[arg(long, env = "SCOUTER_MAIL_TO", value_delimiter = ',')]
    pub mail_to: Vec<Mailbox>,
    /// Networks that are not public and may be reached all the same, with commas between: `10.1.0.0/16`.
    #[arg(long, env = "SCOUTER_ALERT_NETWORKS", value_delimiter = ',')]
    pub alert_networks: Vec<IpNet>,
    /// The cool-down: for how many minutes an alert that goes on is not told again.
    #[arg(long, env = "SCOUTER_ALERT_COOL_DOWN", default_value_t = COOL_DOWN)]
    pub alert_cool_down: u32,
}

impl AlertOptions {
    /// Looks whether each has what it needs, wherever that was said.
    pub(super) fn check(&self) -> Result<(), SetupError> {
        for (has, name, needed, needs) in [
            (
                self.webhook_url.is_some(),
                "SCOUTER_WEBHOOK_URL",
                self.webhook_secret.is_some(),
                "SCOUTER_WEBHOOK_SECRET",
            ),
            (self.smtp_url.is_some(), "SCOUTER_SMTP_URL", self.mail_from.is_some(), "SCOUTER_MAIL_FROM"),
            (self.smtp_url.is_some(), "SCOUTER_SMTP_URL", !self.mail_to.is_empty(), "SCOUTER_MAIL_TO"),
            (
                self.smtp_user.is_some(),
                "SCOUTER_SMTP_USER",
                self.smtp_password.is_some(),
                "SCOUTER_SMTP_PASSWORD",
            ),
        ] {
            if has && !needed {
                return Err(SetupError::Needs { name, needs });
            }
        }
        if self.slack_token.is_some() && self.slack_webhook.is_some() {
            return Err(SetupError::Both);
        }
        Ok(())
    }

    /// Who can be told, besides those who read the log.
    pub(crate) fn configured(&self) -> Vec<&'static str> {
        [
            ("Slack", self.slack_token.is_some() || self.slack_webhook.is_some()),
            ("Opsgenie", self.opsgenie_key.is_some()),
            ("PagerDuty", self.pagerduty_key.is_some()),
            ("a webhook", self.webhook_url.is_some()),
            ("mail", self.smtp_url.is_some()),
        ]
        .into_iter()
        .filter_map(|(name, set)| set.then_some(name))
        .collect()
    }
}

const SLACK: &str = "https://slack.com/api";
const OPSGENIE: &str = "https://api.opsgenie.com";
const PAGERDUTY: &str = "https://events.pagerduty.com";
/// Half a day.
const COOL_DOWN: u32 = 12 * 60;

fn secret(text: &str) -> Result<Secret, &'static str> {
    if text.trim().is_empty() { Err("it is empty") } else { Ok(Secret::new(text)) }
}
