//! When a value is too far from its baseline: above baseline + δ, below baseline − δ, or either.

use serde::{Deserialize, Serialize};

/// Which side of the baseline is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum AlertThreshold {
    /// Less is an alert.
    Below,
    /// More is an alert.
    Above,
    /// Either is an alert.
    Outside,
}

/// A baseline and how far from it a value may be.
///
/// ```
/// use scouter_drift::custom::{AlertCondition, AlertThreshold};
///
/// let condition = AlertCondition {
///     baseline_value: 0.9,
///     alert_threshold: AlertThreshold::Below,
///     delta: Some(0.1),
/// };
/// assert!(condition.should_alert(0.75));
/// assert!(!condition.should_alert(0.85));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct AlertCondition {
    /// What the value should be.
    pub baseline_value: f64,
    /// Which side is watched.
    pub alert_threshold: AlertThreshold,
    /// How far from the baseline a value may be; nothing where there is none.
    pub delta: Option<f64>,
}

impl AlertCondition {
    /// Above it there is an alert, where that side is watched.
    pub fn upper_bound(&self) -> f64 {
        self.baseline_value + self.delta.unwrap_or(0.0)
    }

    /// Below it there is an alert, where that side is watched.
    pub fn lower_bound(&self) -> f64 {
        self.baseline_value - self.delta.unwrap_or(0.0)
    }

    /// Whether a value is too far away. What is not a number is: it is not within any bounds.
    pub fn should_alert(&self, value: f64) -> bool {
        let (low, high) = (self.lower_bound(), self.upper_bound());
        let within = match self.alert_threshold {
            AlertThreshold::Above => value <= high,
            AlertThreshold::Below => value >= low,
            AlertThreshold::Outside => (low..=high).contains(&value),
        };
        !within
    }
}
