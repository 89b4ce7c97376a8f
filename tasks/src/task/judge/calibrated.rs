//! How good a judge is known to be, and how good it must be for its verdict to decide anything.

use schemars::JsonSchema;
use scouter_drift::statistics::Alpha;
use scouter_drift::statistics::calibration::Confusion;
use serde::{Deserialize, Serialize};

use crate::fingerprint::Fingerprint;

/// What a judge said of records with labels, and the bar that it has to clear.
///
/// ```
/// use scouter_tasks::task::Calibrated;
///
/// let weak =
///     Calibrated { true_passes: 30, false_fails: 20, false_passes: 20, true_fails: 30, least_kappa: 0.6, judge: None };
/// assert_eq!(
///     weak.falls_short().as_deref(),
///     Some("kappa lies between 0.00 and 0.38, and 0.6 at least is wanted"),
/// );
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Calibrated {
    /// Good records that it passed.
    pub true_passes: u64,
    /// Good records that it failed.
    pub false_fails: u64,
    /// Bad records that it passed.
    pub false_passes: u64,
    /// Bad records that it failed.
    pub true_fails: u64,
    /// The least that Cohen's kappa must be, from -1 to 1: the lower end of its 95 % interval.
    #[schemars(range(min = -1.0, max = 1.0))]
    pub least_kappa: f64,
    /// Which judge it was, by the fingerprint of what its verdicts depend on. Of a judge with another one it says nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub judge: Option<Fingerprint>,
}

impl Calibrated {
    /// The least number of labels of either kind: with fewer, an interval says too little.
    pub const LEAST_LABELS: u64 = 10;

    /// The counts.
    pub fn confusion(&self) -> Confusion {
        let Self { true_passes, false_fails, false_passes, true_fails, .. } = *self;
        Confusion { true_passes, false_fails, false_passes, true_fails }
    }

    /// Why a judge only reports; `None` where it is good enough.
    pub fn bars(&self, judge: Fingerprint) -> Option<String> {
        if self.judge.is_some_and(|calibrated| calibrated != judge) {
            return Some(
                "its calibration is stale: prompt, model, settings or what it expects were others then; calibrate it again"
                    .to_owned(),
            );
        }
        self.falls_short()
    }

    /// Why the judge that was calibrated only reports; `None` where it is good enough.
    pub fn falls_short(&self) -> Option<String> {
        let confusion = self.confusion();
        let (good, bad, least) = (confusion.good(), confusion.bad(), Self::LEAST_LABELS);
        if good.min(bad) < least {
            return Some(format!(
                "{good} good and {bad} bad records have labels, and {least} at least of either are wanted"
            ));
        }
        match confusion.kappa(Alpha::USUAL) {
            Ok(kappa) if kappa.interval.low >= self.least_kappa => None,
            Ok(kappa) => Some(format!(
                "kappa lies between {:.2} and {:.2}, and {} at least is wanted",
                kappa.interval.low, kappa.interval.high, self.least_kappa
            )),
            Err(why) => Some(format!("kappa is unknown: {why}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Value;

    fn judge(right: u64, wrong: u64) -> Calibrated {
        Calibrated {
            true_passes: right,
            false_fails: wrong,
            false_passes: wrong,
            true_fails: right,
            least_kappa: 0.6,
            judge: None,
        }
    }

    #[test]
    fn a_good_judge_clears_the_bar_once_there_are_labels_enough() {
        assert_eq!(judge(90, 10).falls_short(), None);
        // As good, but less is known of it.
        assert!(judge(9, 1).falls_short().unwrap().starts_with("kappa lies between 0.37 and"));
        assert!(judge(9, 0).falls_short().unwrap().contains("10 at least of either"));
    }

    #[test]
    fn no_mistake_on_a_few_labels_clears_no_high_bar() {
        let lucky = Calibrated { least_kappa: 0.9, ..judge(10, 0) };
        assert_eq!(
            lucky.falls_short().as_deref(),
            Some("kappa lies between 0.61 and 1.00, and 0.9 at least is wanted")
        );
        assert_eq!(Calibrated { least_kappa: 0.9, ..judge(60, 0) }.falls_short(), None);
    }

    #[test]
    fn a_judge_that_guesses_does_not() {
        assert!(judge(50, 50).falls_short().unwrap().contains("0.6 at least"));
    }

    #[test]
    fn what_is_known_of_one_judge_says_nothing_of_another() {
        let (judged, other) = (Fingerprint::of(&Value::Int(1)), Fingerprint::of(&Value::Int(2)));
        let known = Calibrated { judge: Some(judged), ..judge(90, 10) };
        assert_eq!(known.bars(judged), None);
        assert!(known.bars(other).unwrap().contains("stale"));
        assert_eq!(judge(90, 10).bars(other), None);
        let written = serde_json::to_string(&known).unwrap();
        assert_eq!(serde_json::from_str::<Calibrated>(&written).unwrap(), known);
        assert!(serde_json::from_str::<Calibrated>(&written.replace(&judged.to_string(), "?")).is_err());
    }
}
