//! Which rules a chart is judged by.

use serde::{Deserialize, Serialize};

use super::{Alert, DigitRule, Zone, nelson, trend, western_electric};

/// How many points in a row make a trend beside the rule of eight numbers.
const TREND: usize = 7;

/// The rules of a chart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rules {
    /// The rule of eight numbers in the zones that are watched, and trends of seven points.
    Digits {
        /// The numbers.
        rule: DigitRule,
        /// The zones that are watched.
        zones_to_monitor: Vec<Zone>,
    },
    /// The four rules of the Western Electric handbook.
    WesternElectric,
    /// Nelson's eight tests.
    Nelson,
}

impl Default for Rules {
    fn default() -> Self {
        Self::Digits { rule: DigitRule::default(), zones_to_monitor: Zone::ALL.to_vec() }
    }
}

impl Rules {
    /// The alerts of points so many standard deviations from the centre, in the order in which they are seen.
    pub fn alerts(&self, scores: &[f64]) -> Vec<Alert> {
        match self {
            Self::Digits { rule, zones_to_monitor } => {
                let mut alerts = rule.alerts(scores, zones_to_monitor);
                alerts.extend(trend(scores, TREND));
                alerts.sort_by_key(|alert| alert.points.last().copied());
                alerts
            }
            Self::WesternElectric => western_electric(scores),
            Self::Nelson => nelson(scores),
        }
    }
}
