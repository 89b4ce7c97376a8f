//! Who is told, without any secret: this is what stands in the database.

use std::time::Duration;

use scouter_tasks::profile::Dispatch;
use serde::{Deserialize, Serialize};

use super::{AlertOptions, opsgenie, slack};

/// Who is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// Whoever reads the log of the server.
    Console,
    /// A channel of Slack.
    Slack {
        /// Its name.
        channel: String,
    },
    /// The channel that the incoming webhook of Slack leads to.
    SlackWebhook,
    /// A team of Opsgenie.
    OpsGenie {
        /// Its name.
        team: String,
    },
    /// Whoever is on call at PagerDuty.
    PagerDuty,
    /// A program.
    Webhook,
    /// Whoever gets the mail.
    Mail,
}

impl Target {
    /// What sort of target it is.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Console => "console",
            Self::Slack { .. } | Self::SlackWebhook => "slack",
            Self::OpsGenie { .. } => "opsgenie",
            Self::PagerDuty => "pagerduty",
            Self::Webhook => "webhook",
            Self::Mail => "mail",
        }
    }
}

impl From<&Dispatch> for Target {
    fn from(dispatch: &Dispatch) -> Self {
        match dispatch {
            Dispatch::Console => Self::Console,
            Dispatch::Slack { channel } => Self::Slack { channel: channel.clone() },
            Dispatch::OpsGenie { team } => Self::OpsGenie { team: team.clone() },
        }
    }
}

/// Who is told of the alerts of all profiles, how often, and whom profiles may name. Nobody by default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Routes {
    /// Those who are told besides whom the profile names.
    pub also: Vec<Target>,
    /// The cool-down: for how long an alert that goes on is not told again.
    pub cool_down: Duration,
    /// Whether a channel of Slack can be told.
    pub slack: bool,
    /// Whether a team of Opsgenie can be told.
    pub opsgenie: bool,
}

impl Routes {
    /// All that are told of the alerts of a profile.
    pub fn of(&self, dispatch: &Dispatch) -> Vec<Target> {
        let named = Target::from(dispatch);
        // Where a profile names a channel, it is the same webhook that tells it.
        let told = matches!(named, Target::Slack { .. }).then_some(Target::SlackWebhook);
        let also = self.also.iter().filter(|also| told.as_ref() != Some(*also));
        std::iter::once(named).chain(also.cloned()).collect()
    }

    /// Why this server cannot tell whom a profile names, for people, and which setting does it; none where it can.
    pub fn remark(&self, dispatch: &Dispatch) -> Option<String> {
        let missing = match dispatch {
            Dispatch::Console => None,
            Dispatch::Slack { .. } => (!self.slack).then(slack::missing),
            Dispatch::OpsGenie { .. } => (!self.opsgenie).then(opsgenie::missing),
        };
        missing.map(|missing| {
            format!("whom its `dispatch_config` names hears nothing of its alerts: on this server {missing}")
        })
    }
}

impl From<&AlertOptions> for Routes {
    fn from(options: &AlertOptions) -> Self {
        let also = [
            (Target::SlackWebhook, options.slack_webhook.is_some()),
            (Target::PagerDuty, options.pagerduty_key.is_some()),
            (Target::Webhook, options.webhook_url.is_some()),
            (Target::Mail, options.smtp_url.is_some()),
        ];
        Self {
            also: also.into_iter().filter(|(_, there)| *there).map(|(target, _)| target).collect(),
            cool_down: Duration::from_secs(60 * u64::from(options.alert_cool_down)),
            slack: options.slack_token.is_some() || options.slack_webhook.is_some(),
            opsgenie: options.opsgenie_key.is_some(),
        }
    }
}
