//! Profiles of metrics that an application measures itself, and what a window of them says.

use indexmap::IndexMap;
use scouter_drift::{
    Absent,
    custom::{CustomMetric, MetricCheck, Window},
};
use serde::{Deserialize, Serialize};

use super::{CustomAlertConfig, Document, Identity};

/// What becomes of a profile.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CustomConfig {
    /// Whose it is.
    #[serde(flatten)]
    pub identity: Identity,
    /// How many values a client sends at a time.
    pub sample_size: usize,
    /// When is looked, and who is told.
    pub alert_config: CustomAlertConfig,
}

impl Default for CustomConfig {
    fn default() -> Self {
        Self { identity: Identity::default(), sample_size: 25, alert_config: CustomAlertConfig::default() }
    }
}

impl Document for CustomConfig {
    const KIND: &'static str = "custom_drift_config";
}

/// Metrics with their baselines.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CustomProfile {
    /// The version of the package that made it.
    pub scouter_version: String,
    /// What becomes of it.
    pub config: CustomConfig,
    /// The metrics.
    pub custom_metrics: Vec<CustomMetric>,
}

impl Document for CustomProfile {
    const KIND: &'static str = "custom_drift_profile";
}

/// What a window says of all metrics.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CustomMap {
    /// Whose profile it is.
    #[serde(flatten)]
    pub identity: Identity,
    /// The metrics.
    pub metrics: IndexMap<String, MetricCheck>,
    /// Metrics of which the window says nothing, and why.
    #[serde(default)]
    pub absent: IndexMap<String, Absent>,
}

impl Document for CustomMap {
    const KIND: &'static str = "custom_drift_map";
}

impl CustomProfile {
    /// Judges a window of each metric. A metric without one has no rows.
    pub fn compare(&self, windows: &IndexMap<String, Window>) -> CustomMap {
        let identity = self.config.identity.clone();
        let mut map = CustomMap { identity, metrics: IndexMap::new(), absent: IndexMap::new() };
        let nothing = Window::default();
        for metric in &self.custom_metrics {
            match metric.check(windows.get(&metric.name).unwrap_or(&nothing)) {
                Ok(check) => {
                    map.metrics.insert(metric.name.clone(), check);
                }
                Err(absent) => {
                    map.absent.insert(metric.name.clone(), absent);
                }
            }
        }
        map
    }
}

impl CustomMap {
    /// The metrics that are too far from their baselines.
    pub fn alerts(&self) -> impl Iterator<Item = &str> {
        self.metrics.iter().filter(|(_, check)| check.alert).map(|(name, _)| name.as_str())
    }
}
