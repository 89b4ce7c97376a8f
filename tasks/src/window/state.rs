//! What was made of a feature's values where they are, when there are too many of them to be brought together.

use scouter_drift::custom;
use scouter_drift::psi::Counts;
use scouter_drift::spc::ChartPoints;
use serde::{Deserialize, Serialize};

/// All that a method has to know of the values of a feature. States of parts of a window merge, each by the rule of its method.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Rows by the bins of a baseline.
    Counts(Counts),
    /// Points of a control chart.
    Points(ChartPoints),
    /// What the values of a metric come to.
    Metric(Box<custom::Window>),
}
