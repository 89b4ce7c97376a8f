//! Who is told, when is looked, and what counts as drift.

use indexmap::IndexMap;
use scouter_drift::{Correction, custom::AlertCondition, psi::Threshold, spc::Rules, statistics::Alpha};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{PsiProfile, Schedule};

/// Where alerts go.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Dispatch {
    /// The log of the server.
    #[default]
    Console,
    /// A channel of Slack.
    Slack {
        /// Its name.
        channel: String,
    },
    /// A team of Opsgenie.
    OpsGenie {
        /// Its name.
        team: String,
    },
}

/// Alerts about the population stability index.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PsiAlertConfig {
    /// Where alerts go.
    pub dispatch_config: Dispatch,
    /// When is looked.
    pub schedule: Schedule,
    /// The features that are watched; all where none is named.
    pub features_to_monitor: Vec<String>,
    /// Beyond which index a feature has drifted.
    pub threshold: Threshold,
    /// What is done about many features being tested at once.
    pub correction: Correction,
    /// With fewer rows a window of a server says nothing, nor with a baseline of fewer than that and than 30. With fewer values a drift task errors,
    /// and with fewer in its baseline it is refused.
    pub min_values: u64,
}

impl Default for PsiAlertConfig {
    fn default() -> Self {
        Self {
            dispatch_config: Dispatch::default(),
            schedule: Schedule::default(),
            features_to_monitor: Vec::new(),
            threshold: Threshold::default(),
            correction: Correction::Holm,
            min_values: PsiProfile::FEWEST_VALUES,
        }
    }
}

/// Alerts about control charts.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SpcAlertConfig {
    /// Where alerts go.
    pub dispatch_config: Dispatch,
    /// When is looked.
    pub schedule: Schedule,
    /// The features that are watched; all where none is named.
    pub features_to_monitor: Vec<String>,
    /// What is out of control.
    pub rule: Rules,
    /// The share of false alarms, whatever the number of points: with it a feature drifts where more points are beyond three standard
    /// deviations than that allows. Without, where any rule is broken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alpha: Option<Alpha>,
    /// Whether a feature drifts by its S chart too, where no share of false alarms is set.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub spread: bool,
}

/// Alerts about metrics that an application measures itself.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CustomAlertConfig {
    /// Where alerts go.
    pub dispatch_config: Dispatch,
    /// When is looked.
    pub schedule: Schedule,
    /// When a metric is too far from its baseline, by metric.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alert_conditions: Option<IndexMap<String, AlertCondition>>,
}

/// Alerts about the pass rate of evaluations.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct GenAIAlertConfig {
    /// Where alerts go.
    pub dispatch_config: Dispatch,
    /// When is looked.
    pub schedule: Schedule,
    /// When the pass rate is too far from its baseline; nobody is told where there is none.
    pub alert_condition: Option<RateCondition>,
}

/// When a pass rate is too far from its baseline, which is a share too: from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "AlertCondition", into = "AlertCondition")]
pub struct RateCondition(AlertCondition);

/// A condition that no pass rate can be held against.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum NotOfARate {
    /// Its baseline is no share.
    #[error("`baseline_value` is `{0}`: a pass rate is from 0 to 1, such as 0.8 for four of five")]
    Baseline(f64),
    /// How far rates may be from it is less than nothing, or more than all.
    #[error("`delta` is `{0}`: a pass rate is from 0 to 1, and so is how far it may be from its baseline")]
    Delta(f64),
}

impl RateCondition {
    /// A condition of pass rates.
    ///
    /// # Errors
    /// Its baseline or its delta is not from 0 to 1.
    pub fn new(condition: AlertCondition) -> Result<Self, NotOfARate> {
        let is_share = |value: f64| (0.0..=1.0).contains(&value);
        match condition.delta {
            _ if !is_share(condition.baseline_value) => Err(NotOfARate::Baseline(condition.baseline_value)),
            Some(delta) if !is_share(delta) => Err(NotOfARate::Delta(delta)),
            _ => Ok(Self(condition)),
        }
    }

    /// The condition.
    pub fn get(self) -> AlertCondition {
        self.0
    }
}

impl TryFrom<AlertCondition> for RateCondition {
    type Error = NotOfARate;

    fn try_from(condition: AlertCondition) -> Result<Self, NotOfARate> {
        Self::new(condition)
    }
}

impl From<RateCondition> for AlertCondition {
    fn from(condition: RateCondition) -> Self {
        condition.0
    }
}
