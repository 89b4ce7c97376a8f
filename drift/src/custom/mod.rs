//! Metrics that an application measures itself: what a window of them comes to, and whether that is too far from a baseline.

mod condition;
mod form;
mod metric;
mod window;

#[cfg(test)]
mod tests;

pub use condition::{AlertCondition, AlertThreshold};
pub use form::MetricError;
pub use metric::{CustomMetric, MetricCheck};
pub use window::{Aggregation, Window};
