//! A metric with its baseline, and what a window of it says.

use serde::{Deserialize, Serialize};

use super::{Aggregation, AlertCondition, Window, form::Kept};
use crate::Absent;

/// A metric that an application measures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Kept", into = "Kept")]
pub struct CustomMetric {
    /// Its name.
    pub name: String,
    /// Its baseline, and how far from it a window may be.
    pub alert_condition: AlertCondition,
    /// How a window's values become one.
    pub aggregation: Aggregation,
    /// With fewer values a window says nothing, unless it is their count that is watched.
    pub minimum_count: u64,
}

/// What a window says of a metric.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct MetricCheck {
    /// What its values come to.
    pub value: f64,
    /// The value less the baseline.
    pub difference: f64,
    /// How many values there are.
    pub count: u64,
    /// Whether it is too far from the baseline.
    pub alert: bool,
}

impl CustomMetric {
    /// Judges a window.
    ///
    /// ```
    /// use scouter_drift::custom::{AlertCondition, AlertThreshold, Aggregation, CustomMetric, Window};
    ///
    /// let metric = CustomMetric {
    ///     name: "mae".to_owned(),
    ///     alert_condition: AlertCondition {
    ///         baseline_value: 12.0,
    ///         alert_threshold: AlertThreshold::Above,
    ///         delta: Some(0.5),
    ///     },
    ///     aggregation: Aggregation::Mean,
    ///     minimum_count: 2,
    /// };
    /// let mut window = Window::default();
    /// window.add(&[12.0, 14.0]);
    /// assert!(metric.check(&window)?.alert);
    /// # Ok::<(), scouter_drift::Absent>(())
    /// ```
    ///
    /// # Errors
    /// There are fewer values than the metric wants, or none where it wants one. The count of values is always there.
    pub fn check(&self, window: &Window) -> Result<MetricCheck, Absent> {
        let value = window.value(self.aggregation)?;
        if self.aggregation != Aggregation::Count && window.count() < self.minimum_count {
            return Err(Absent::TooFew { needed: self.minimum_count, found: window.count() });
        }
        Ok(MetricCheck {
            value,
            difference: value - self.alert_condition.baseline_value,
            count: window.count(),
            alert: self.alert_condition.should_alert(value),
        })
    }
}
