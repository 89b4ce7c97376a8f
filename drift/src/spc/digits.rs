//! The rule of eight numbers, two for each zone from the centre out: how many points in a row in that zone or beyond on one
//! side, and how many on changing sides, are an alert. `8 16 4 8 2 4 1 1` alerts at 8 points in a row on one side of the
//! centre or 16 that change sides, at 4 or 8 beyond one standard deviation, 2 or 4 beyond two, and any beyond three. Zero
//! switches a test off.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Alert, AlertKind, Rule, Zone};

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
    ///
    /// Goes from point to point; [`Rules::alerts`](super::Rules::alerts), which finds the same ones and trends beside, passes over those that
    /// break no rule.
    pub fn alerts<'a>(self, scores: &'a [f64], watched: &[Zone]) -> impl Iterator<Item = Alert> + use<'a> {
        let mut runs = Runs::new(self, watched);
        scores.iter().enumerate().flat_map(move |(at, score)| runs.take(at, *score))
    }
}

/// The zones with their tests and what came up to now.
#[derive(Debug, Clone)]
pub(super) struct Runs([(Zone, ZoneRule, Run); 4]);

impl Runs {
    pub(super) fn new(rule: DigitRule, watched: &[Zone]) -> Self {
        let off = ZoneRule { consecutive: 0, alternating: 0 };
        Self([0, 1, 2, 3].map(|i| {
            let zone = Zone::ALL[i];
            (zone, if watched.contains(&zone) { rule.zones[i] } else { off }, Run::default())
        }))
    }

    /// The tests of the zones, those that are switched off too.
    pub(super) fn tests(&self) -> [(Zone, ZoneRule); 4] {
        self.0.map(|(zone, rule, _)| (zone, rule))
    }

    /// Takes in a point, and tells the alerts that are seen at it.
    pub(super) fn take(&mut self, at: usize, score: f64) -> Vec<Alert> {
        // Sides are as good as random, so a branch on them would be guessed wrong every other time.
        let mut broken = false;
        for (zone, rule, run) in &mut self.0 {
            run.take(i8::from(score > zone.begin()) - i8::from(score < -zone.begin()));
            broken |= run.breaks(*rule);
        }
        if !broken {
            return Vec::new();
        }
        self.0.iter().flat_map(|(zone, rule, run)| run.alerts(*rule, *zone, at)).collect()
    }
}

/// How many points up to now are beyond a zone's beginning without a break.
#[derive(Debug, Clone, Copy, Default)]
struct Run {
    /// 1 above, −1 below, 0 within.
    side: i8,
    consecutive: usize,
    alternating: usize,
}

impl Run {
    fn take(&mut self, side: i8) {
        let (beyond, same) = (usize::from(side != 0), usize::from(side == self.side));
        self.consecutive = beyond * (1 + same * self.consecutive);
        self.alternating = beyond * (1 + (1 - same) * self.alternating);
        self.side = side;
    }

    fn breaks(self, rule: ZoneRule) -> bool {
        let reached = |points: usize, limit: usize| limit > 0 && points >= limit;
        reached(self.consecutive, rule.consecutive) || reached(self.alternating, rule.alternating)
    }

    fn alerts(self, rule: ZoneRule, zone: Zone, at: usize) -> impl Iterator<Item = Alert> {
        let alert = |rule, kind, length: usize| Alert {
            rule,
            kind: if zone == Zone::Zone4 { AlertKind::OutOfBounds } else { kind },
            zone: Some(zone),
            points: (at + 1 - length..=at).collect(),
        };
        let (consecutive, alternating) = (rule.consecutive, rule.alternating);
        let in_a_row = (consecutive > 0 && self.consecutive >= consecutive)
            .then(|| alert(Rule::Consecutive { points: consecutive }, AlertKind::Consecutive, consecutive));
        let same = in_a_row.is_some() && consecutive == 1;
        let in_turn = (alternating > 0 && self.alternating >= alternating && !(same && alternating == 1))
            .then(|| alert(Rule::Alternating { points: alternating }, AlertKind::Alternating, alternating));
        in_a_row.into_iter().chain(in_turn)
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
