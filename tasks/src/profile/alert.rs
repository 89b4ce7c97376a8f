//! Who is told, when is looked, and what counts as drift.

use indexmap::IndexMap;
use scouter_drift::{Correction, custom::AlertCondition, psi::Threshold, spc::Rules, statistics::Alpha};
use serde::{Deserialize, Serialize};

use super::Schedule;

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
    /// With fewer rows a window of a server says nothing, and with fewer values a drift task errors.
    pub min_values: u64,
}

/// With fewer rows little but an utter change is seen: ten bins want some each, then and now.
const MIN_VALUES: u64 = 30;

impl Default for PsiAlertConfig {
    fn default() -> Self {
        Self {
            dispatch_config: Dispatch::default(),
            schedule: Schedule::default(),
            features_to_monitor: Vec::new(),
            threshold: Threshold::default(),
            correction: Correction::Holm,
            min_values: MIN_VALUES,
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
    /// When the pass rate is too far from its baseline.
    pub alert_condition: Option<AlertCondition>,
}
