//! What a metric looks like when it is kept, and which settings make no metric.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Aggregation, AlertCondition, CustomMetric};
use crate::form::Versioned;

/// A form of the first format.
pub(super) type Kept = Versioned<Form, 1>;

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Form {
    name: String,
    alert_condition: AlertCondition,
    #[serde(default)]
    aggregation: Aggregation,
    #[serde(default = "one")]
    minimum_count: u64,
}

fn one() -> u64 {
    1
}

/// Why settings are no metric.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum MetricError {
    /// It has no name.
    #[error("a metric has no name")]
    Name,
    /// Its baseline is no number that others can be compared with.
    #[error("the metric `{name}` has `{value}` as its baseline: it must be finite")]
    Baseline {
        /// The metric's name.
        name: String,
        /// Its baseline.
        value: f64,
    },
    /// How far values may be from the baseline is less than nothing.
    #[error("the metric `{name}` has a delta of `{delta}`: it must be finite and not below 0")]
    Delta {
        /// The metric's name.
        name: String,
        /// Its delta.
        delta: f64,
    },
    /// A quantile that is none.
    #[error("the metric `{name}` asks for the quantile `{probability}`: it must be from 0 to 1")]
    Quantile {
        /// The metric's name.
        name: String,
        /// The probability.
        probability: f64,
    },
}

impl CustomMetric {
    /// The metric, if its settings make sense. What is read from a kept form has been checked.
    ///
    /// # Errors
    /// It has no name, its baseline or its delta is not finite, its delta is negative, or its quantile is none.
    pub fn checked(self) -> Result<Self, MetricError> {
        let AlertCondition { baseline_value: value, delta, .. } = self.alert_condition;
        let name = || self.name.clone();
        if self.name.trim().is_empty() {
            return Err(MetricError::Name);
        }
        if !value.is_finite() {
            return Err(MetricError::Baseline { name: name(), value });
        }
        if let Some(delta) = delta.filter(|delta| !(0.0..f64::INFINITY).contains(delta)) {
            return Err(MetricError::Delta { name: name(), delta });
        }
        match self.aggregation {
            Aggregation::Quantile { probability } if !(0.0..=1.0).contains(&probability) => {
                Err(MetricError::Quantile { name: name(), probability })
            }
            _ => Ok(self),
        }
    }
}

impl From<CustomMetric> for Kept {
    fn from(metric: CustomMetric) -> Self {
        let CustomMetric { name, alert_condition, aggregation, minimum_count } = metric;
        Self::from(Form { name, alert_condition, aggregation, minimum_count })
    }
}

impl TryFrom<Kept> for CustomMetric {
    type Error = MetricError;

    fn try_from(Kept { form, .. }: Kept) -> Result<Self, MetricError> {
        let Form { name, alert_condition, aggregation, minimum_count } = form;
        Self { name, alert_condition, aggregation, minimum_count }.checked()
    }
}
