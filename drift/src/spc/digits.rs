//! The rule of eight numbers, two for each zone from the centre out: how many points in a row in that zone or beyond on one
//! side, and how many on changing sides, are an alert. `8 16 4 8 2 4 1 1` alerts at 8 points in a row on one side of the
//! centre or 16 that change sides, at 4 or 8 beyond one standard deviation, 2 or 4 beyond two, and any beyond three. Zero
//! switches a test off.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Alert, Zone, runs::runs};

/// The tests of one zone; zero switches one off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ZoneRule {
    /// Points in a row on one side.
    pub consecutive: usize,
    /// Points in a row on changing sides.
    pub alternating: usize,
}

/// Tests of all four zones.
///
/// ```
/// use scouter_drift::spc::{AlertKind, DigitRule, Zone};
///
/// let rule: DigitRule = "8 16 4 8 2 4 1 1".parse()?;
/// let alerts: Vec<_> = rule.alerts(&[0.2, 2.3, 2.4, 0.1], &Zone::ALL).collect();
/// assert_eq!((alerts[0].kind, alerts[0].zone), (AlertKind::Consecutive, Some(Zone::Zone3)));
/// assert_eq!(alerts[0].points, [1, 2]);
/// # Ok::<(), scouter_drift::spc::DigitRuleError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DigitRule {
    /// The tests by zone, from the centre out.
    pub zones: [ZoneRule; 4],
}

/// Why a text is no rule.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DigitRuleError {
    /// It has not eight parts.
    #[error("read `{text}` as a rule: `{found}` numbers where there are eight, two for each zone")]
    Length {
        /// The text.
        text: String,
        /// How many parts it has.
        found: usize,
    },
    /// A part is no whole number.
    #[error("read `{part}` in a rule: it is not a whole number")]
    Number {
        /// The part.
        part: String,
    },
}

impl Default for DigitRule {
    fn default() -> Self {
        let zone = |consecutive, alternating| ZoneRule { consecutive, alternating };
        Self { zones: [zone(8, 16), zone(4, 8), zone(2, 4), zone(1, 1)] }
    }
}

impl DigitRule {
    /// The alerts of the zones that are watched, in the order of the points at which they are seen. Beyond three standard
    /// deviations, where one point is enough for either test, it is one alert.
    pub fn alerts<'a>(self, scores: &'a [f64], watched: &[Zone]) -> impl Iterator<Item = Alert> + use<'a> {
        runs(self.tests(watched), 0, scores)
    }

    /// The tests of each zone, switched off where it is not watched.
    pub(super) fn tests(self, watched: &[Zone]) -> [(Zone, ZoneRule); 4] {
        let off = ZoneRule { consecutive: 0, alternating: 0 };
        [0, 1, 2, 3]
            .map(|i| (Zone::ALL[i], if watched.contains(&Zone::ALL[i]) { self.zones[i] } else { off }))
    }
}

impl FromStr for DigitRule {
    type Err = DigitRuleError;

    fn from_str(text: &str) -> Result<Self, DigitRuleError> {
        let numbers = text
            .split_whitespace()
            .map(|part| part.parse().map_err(|_| DigitRuleError::Number { part: part.to_owned() }));
        let numbers: Vec<usize> = numbers.collect::<Result<_, _>>()?;
        let (pairs, _) = numbers.as_chunks::<2>();
        let zones = pairs.iter().map(|[consecutive, alternating]| ZoneRule {
            consecutive: *consecutive,
            alternating: *alternating,
        });
        match <[ZoneRule; 4]>::try_from(zones.collect::<Vec<_>>()) {
            Ok(zones) if numbers.len() == 8 => Ok(Self { zones }),
            _ => Err(DigitRuleError::Length { text: text.to_owned(), found: numbers.len() }),
        }
    }
}

impl fmt::Display for DigitRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = self.zones.iter().map(|zone| format!("{} {}", zone.consecutive, zone.alternating));
        f.write_str(&parts.collect::<Vec<_>>().join(" "))
    }
}

impl TryFrom<String> for DigitRule {
    type Error = DigitRuleError;

    fn try_from(text: String) -> Result<Self, DigitRuleError> {
        text.parse()
    }
}

impl From<DigitRule> for String {
    fn from(rule: DigitRule) -> Self {
        rule.to_string()
    }
}
