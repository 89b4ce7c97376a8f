//! Several trials of each case: how often one is solved by luck, and how often always.
//!
//! Of the n trials of a case c passed. If k of them were drawn, without putting any back:
//!
//! ```text
//! pass@k      at least one passes      1 − C(n − c, k)/C(n, k)
//! pass^k      all pass                 C(c, k)/C(n, k)
//! at least m  of k                     Σⱼ≥ₘ C(c, j)·C(n − c, k − j)/C(n, k)
//! ```
//!
//! Each is an unbiased estimate for k fresh trials, which (c/n)ᵏ is not: that one is too large. The
//! mean over cases has the standard error s/√cases, with s the standard deviation between cases:
//! trials of one case are no independent evidence. The mean pass rate's error has two sources,
//!
//! ```text
//! SE² = SE²between + SE²within,   SE²within = Σᵢ s²ᵢ/nᵢ / cases²
//! ```
//!
//! the choice of cases, which only more cases reduce, and luck in each case's trials (s²ᵢ is the
//! variance of its trials), which more trials reduce.
//!
//! Sources: M. Chen and others, *Evaluating large language models trained on code*,
//! arXiv:2107.03374 (2021), for pass@k; S. Yao, N. Shinn, P. Razavi, K. Narasimhan, *τ-bench*,
//! arXiv:2406.12045 (2024), for pass^k; E. Miller, *Adding error bars to evals*, arXiv:2411.00640
//! (2024), for the errors.

use serde::{Deserialize, Serialize};
use statrs::function::factorial::ln_binomial;

/// The trials of one case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many trials came to a verdict.
    pub trials: u64,
    /// How many of them passed.
    pub passed: u64,
}

/// The mean of something over cases.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseMean {
    /// The mean, from 0 to 1.
    pub value: f64,
    /// Its standard error; `None` where there is but one case.
    pub standard_error: Option<f64>,
    /// How many cases it is the mean of.
    pub cases: usize,
    /// How many cases have too few trials for it.
    pub left_out: usize,
}

/// The mean pass rate and where its error comes from.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrialMean {
    /// The mean of the cases' pass rates, from 0 to 1.
    pub mean: CaseMean,
    /// The part of the standard error that the choice of cases makes; `None` where there is but one
    /// case, or none with two trials.
    pub between: Option<f64>,
    /// The part that luck in the trials makes; `None` where no case has two trials.
    pub within: Option<f64>,
}

impl Tally {
    /// The share that passed; `None` where nothing came to a verdict.
    pub fn rate(self) -> Option<f64> {
        (self.trials > 0).then(|| self.passed as f64 / self.trials as f64)
    }

    /// Whether some trials passed and some did not.
    pub fn is_flaky(self) -> bool {
        self.passed > 0 && self.passed < self.trials
    }
}

/// The chance that at least one of `k` trials passes; `None` where the case has fewer, or `k` is 0.
///
/// ```
/// use scouter_drift::statistics::trials::{Tally, pass_at};
///
/// assert_eq!(pass_at(Tally { trials: 4, passed: 1 }, 2), Some(0.5));
/// ```
pub fn pass_at(case: Tally, k: u64) -> Option<f64> {
    let none = all_of(Tally { passed: case.trials.checked_sub(case.passed)?, ..case }, k)?;
    Some(1.0 - none)
}

/// The chance that all of `k` trials pass; `None` where the case has fewer, or `k` is 0.
///
/// ```
/// use scouter_drift::statistics::trials::{Tally, pass_hat};
///
/// assert_eq!(pass_hat(Tally { trials: 4, passed: 3 }, 2), Some(0.5));
/// ```
pub fn pass_hat(case: Tally, k: u64) -> Option<f64> {
    all_of(case, k)
}

/// The chance that at least `least` of `k` trials pass; `None` where the case has fewer than `k`, or
/// `k` is 0.
///
/// ```
/// use scouter_drift::statistics::trials::{Tally, at_least};
///
/// // 2 of the 4 ways to take 3 of the 4 trials leave out a failure: those have 2 passes.
/// let two_of_three = at_least(Tally { trials: 4, passed: 2 }, 2, 3).unwrap();
/// assert!((two_of_three - 0.5).abs() < 1e-12);
/// ```
pub fn at_least(case: Tally, least: u64, k: u64) -> Option<f64> {
    let failed = case.trials.checked_sub(case.passed)?;
    if k == 0 || k > case.trials {
        return None;
    }
    let ways = |passes: u64| {
        let failures = k - passes;
        if passes > case.passed || failures > failed {
            return 0.0;
        }
        let ways = ln_binomial(case.passed, passes) + ln_binomial(failed, failures);
        (ways - ln_binomial(case.trials, k)).exp()
    };
    // A sum of nothing is -0, which is not how a chance is written.
    Some((0.0 + (least..=k).map(ways).sum::<f64>()).min(1.0))
}

/// The mean over cases of what is told of each; cases of which nothing can be told are left out, and
/// counted. `None` where none is left.
pub fn case_mean(cases: impl IntoIterator<Item = Option<f64>>) -> Option<CaseMean> {
    let (mut values, mut left_out) = (Vec::new(), 0);
    for case in cases {
        match case {
            Some(value) => values.push(value),
            None => left_out += 1,
        }
    }
    let n = values.len() as f64;
    if values.is_empty() {
        return None;
    }
    let value = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|one| (one - value).powi(2)).sum();
    let standard_error = (values.len() > 1).then(|| (squares / (n - 1.0) / n).sqrt());
    Some(CaseMean { value, standard_error, cases: values.len(), left_out })
}

/// The mean pass rate of cases, each counting alike, and where its error comes from; `None` where no
/// trial came to a verdict.
///
/// Cases with a single trial tell nothing of luck; they are taken to be like the others.
///
/// ```
/// use scouter_drift::statistics::trials::{Tally, trial_mean};
///
/// let cases = [(4, 4), (4, 2), (4, 0), (4, 2)].map(|(trials, passed)| Tally { trials, passed });
/// let all = trial_mean(&cases).unwrap();
/// let [total, between, within] = [all.mean.standard_error, all.between, all.within].map(Option::unwrap);
/// assert_eq!(all.mean.value, 0.5);
/// assert_eq!(format!("{total:.4} {between:.4} {within:.4}"), "0.2041 0.1768 0.1021");
/// ```
pub fn trial_mean(cases: &[Tally]) -> Option<TrialMean> {
    let mean = case_mean(cases.iter().map(|case| case.rate()))?;
    // The variance of one case's mean by luck: p(1 − p)/(n − 1).
    let luck = cases.iter().filter(|case| case.trials > 1).filter_map(|case| {
        let rate = case.rate()?;
        Some(rate * (1.0 - rate) / (case.trials - 1) as f64)
    });
    let luck: Vec<f64> = luck.collect();
    let n = mean.cases as f64;
    let within = (!luck.is_empty()).then(|| (luck.iter().sum::<f64>() / luck.len() as f64 / n).sqrt());
    let between =
        mean.standard_error.zip(within).map(|(all, within)| (all * all - within * within).max(0.0).sqrt());
    Some(TrialMean { mean, between, within })
}

/// C(passed, k)/C(trials, k), as a product of factors of which none is large.
fn all_of(case: Tally, k: u64) -> Option<f64> {
    if k == 0 || k > case.trials || case.passed > case.trials {
        return None;
    }
    if k > case.passed {
        return Some(0.0);
    }
    let factors = (0..k).map(|i| (case.passed - i) as f64 / (case.trials - i) as f64);
    Some(factors.product())
}
