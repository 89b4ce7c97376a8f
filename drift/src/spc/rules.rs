//! Which rules a chart is judged by.

use serde::{Deserialize, Serialize};

use super::{Alert, Cusum, DigitRule, Ewma, Zone, nelson, runs::runs, western_electric};

/// How many points in a row make a trend beside the rule of eight numbers.
const TREND: usize = 7;

/// The rules of a chart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
    /// The cumulative sum of the points.
    Cusum(Cusum),
    /// Their weighted average.
    Ewma(Ewma),
}

impl Default for Rules {
    fn default() -> Self {
        Self::Digits { rule: DigitRule::default(), zones_to_monitor: Zone::ALL.to_vec() }
    }
}

impl Rules {
    /// The alerts of points so many standard deviations from the centre, in the order in which they are seen.
    pub fn alerts<'a>(&self, scores: &'a [f64]) -> Box<dyn Iterator<Item = Alert> + 'a> {
        match self {
            Self::Digits { rule, zones_to_monitor } => {
                Box::new(runs(rule.tests(zones_to_monitor), TREND, scores))
            }
            Self::WesternElectric => Box::new(western_electric(scores)),
            Self::Nelson => Box::new(nelson(scores)),
            Self::Cusum(cusum) => Box::new(cusum.alerts(scores)),
            Self::Ewma(ewma) => Box::new(ewma.alerts(scores)),
        }
    }
}
