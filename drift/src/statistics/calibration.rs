//! How good a judge is against labels, and how many records a perfect judge would have passed.
//!
//! A judge that lets through a share of what is bad (1 − specificity) and stops a share of what is
//! good (1 − sensitivity) reports a pass rate p that is off. With Se, Sp from n₁ good and n₀ bad
//! records with labels, and p of n records without:
//!
//! ```text
//! θ = (p + Sp − 1)/(Se + Sp − 1)                                                       Rogan–Gladen
//! SE² = [ p(1 − p)/n + θ²·Se(1 − Se)/n₁ + (1 − θ)²·Sp(1 − Sp)/n₀ ] / (Se + Sp − 1)²    delta method
//! ```
//!
//! The interval is that of Lang and Reiczigel, which holds what it promises also where few records
//! have labels or a judge made no mistake on them, which SE takes for certainty: with
//! p' = (np + z²/2)/(n + z²), Se' = (n₁Se + 1)/(n₁ + 2), Sp' alike, and θ' and SE' from these,
//!
//! ```text
//! θ' + 2z²·[ θ'·Se'(1 − Se')/(n₁ + 2) − (1 − θ')·Sp'(1 − Sp')/(n₀ + 2) ] ± z·SE'
//! ```
//!
//! Rate and interval are cut at 0 and 1.
//!
//! Sources: W. J. Rogan, B. Gladen, *Estimating prevalence from the results of a screening test*,
//! American Journal of Epidemiology 107 (1978); Z. Lang, J. Reiczigel, *Confidence limits for
//! prevalence of disease adjusted for estimated sensitivity and specificity*, Preventive Veterinary
//! Medicine 113 (2014).

use serde::{Deserialize, Serialize};

use super::{Alpha, Interval, kappa::Kappa, kappa::cohen, wilson::wilson};
use crate::Absent;

/// What a judge said of records with labels. Counts of parts add up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confusion {
    /// Good records that it passed.
    pub true_passes: u64,
    /// Good records that it failed.
    pub false_fails: u64,
    /// Bad records that it passed.
    pub false_passes: u64,
    /// Bad records that it failed.
    pub true_fails: u64,
}

/// A share with its interval, by Wilson.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rate {
    /// The share.
    pub rate: f64,
    /// Of how many.
    pub n: u64,
    /// Between which bounds it lies.
    pub interval: Interval,
}

impl Rate {
    fn of(successes: u64, n: u64, alpha: Alpha) -> Result<Self, Absent> {
        let interval = wilson(successes, n, alpha).ok_or(Absent::NoRows)?;
        Ok(Self { rate: successes as f64 / n as f64, n, interval })
    }
}

/// A pass rate, corrected for the mistakes of the judge.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Corrected {
    /// The share that a perfect judge would have passed, from 0 to 1.
    pub rate: f64,
    /// Its standard error; 0 where the judge made no mistake and all passed or none did.
    pub standard_error: f64,
    /// Between which bounds it lies.
    pub interval: Interval,
}

impl Confusion {
    /// Takes in one record.
    pub fn add(&mut self, good: bool, passed: bool) {
        let count = match (good, passed) {
            (true, true) => &mut self.true_passes,
            (true, false) => &mut self.false_fails,
            (false, true) => &mut self.false_passes,
            (false, false) => &mut self.true_fails,
        };
        *count += 1;
    }

    /// Takes in another part.
    pub fn merge(&mut self, other: Self) {
        self.true_passes += other.true_passes;
        self.false_fails += other.false_fails;
        self.false_passes += other.false_passes;
        self.true_fails += other.true_fails;
    }

    /// Records that are good.
    pub fn good(&self) -> u64 {
        self.true_passes + self.false_fails
    }

    /// Records that are bad.
    pub fn bad(&self) -> u64 {
        self.false_passes + self.true_fails
    }

    /// All records.
    pub fn records(&self) -> u64 {
        self.good() + self.bad()
    }

    /// The share of records on which judge and label agree.
    ///
    /// # Errors
    /// There are no records.
    pub fn accuracy(&self, alpha: Alpha) -> Result<Rate, Absent> {
        Rate::of(self.true_passes + self.true_fails, self.records(), alpha)
    }

    /// The share of good records that pass.
    ///
    /// # Errors
    /// There are no good records.
    pub fn sensitivity(&self, alpha: Alpha) -> Result<Rate, Absent> {
        Rate::of(self.true_passes, self.good(), alpha)
    }

    /// The share of bad records that fail.
    ///
    /// # Errors
    /// There are no bad records.
    pub fn specificity(&self, alpha: Alpha) -> Result<Rate, Absent> {
        Rate::of(self.true_fails, self.bad(), alpha)
    }

    /// How far judge and label agree beyond chance.
    ///
    /// # Errors
    /// There are no records, or judge and labels put all of them into one category.
    pub fn kappa(&self, alpha: Alpha) -> Result<Kappa, Absent> {
        cohen(&[[self.true_passes, self.false_fails], [self.false_passes, self.true_fails]], alpha)
    }

    /// The pass rate of other records, of which this judge passed `passed` of `n`, corrected for its mistakes.
    ///
    /// ```
    /// use scouter_drift::statistics::{Alpha, calibration::Confusion};
    ///
    /// let judge = Confusion { true_passes: 90, false_fails: 10, false_passes: 20, true_fails: 80 };
    /// // 620 of 1,000 pass, of whom some should not: 0.7·0.6 + 0.2.
    /// let corrected = judge.correct(620, 1000, Alpha::USUAL)?;
    /// assert!((corrected.rate - 0.6).abs() < 1e-12);
    /// assert_eq!(format!("{:.3}", corrected.standard_error), "0.041");
    /// # Ok::<(), scouter_drift::Absent>(())
    /// ```
    ///
    /// # Errors
    /// There are no records, no good or no bad records with labels, or the judge is no better than chance on these
    /// ([`Absent::Chance`]).
    pub fn correct(&self, passed: u64, n: u64, alpha: Alpha) -> Result<Corrected, Absent> {
        let (good, bad) = (self.good() as f64, self.bad() as f64);
        if n == 0 || self.good() == 0 || self.bad() == 0 {
            return Err(Absent::NoRows);
        }
        let all = n as f64;
        let measured = Sample { of: passed.min(n) as f64 / all, n: all };
        let sensitivity = Sample { of: self.true_passes as f64 / good, n: good };
        let specificity = Sample { of: self.true_fails as f64 / bad, n: bad };
        let plain = Estimate::of(measured, sensitivity, specificity)?;
        let z2 = alpha.z().powi(2);
        let (sensitivity, specificity) = (sensitivity.with(2.0), specificity.with(2.0));
        let near = Estimate::of(measured.with(z2), sensitivity, specificity)?;
        let shift = near.rate * sensitivity.variance() - (1.0 - near.rate) * specificity.variance();
        let around = Interval::around(near.rate + 2.0 * z2 * shift, alpha.z() * near.standard_error);
        Ok(Corrected {
            rate: plain.rate.clamp(0.0, 1.0),
            standard_error: plain.standard_error,
            interval: Interval { low: around.low.clamp(0.0, 1.0), high: around.high.clamp(0.0, 1.0) },
        })
    }
}

/// A share of so many.
#[derive(Clone, Copy)]
struct Sample {
    of: f64,
    n: f64,
}

impl Sample {
    fn variance(self) -> f64 {
        self.of * (1.0 - self.of) / self.n
    }

    /// The share with so many more, of which half are successes.
    fn with(self, more: f64) -> Self {
        Self { of: (self.n * self.of + more / 2.0) / (self.n + more), n: self.n + more }
    }
}

struct Estimate {
    rate: f64,
    standard_error: f64,
}

impl Estimate {
    fn of(measured: Sample, sensitivity: Sample, specificity: Sample) -> Result<Self, Absent> {
        // Youden's index: how much more of the good than of the bad passes.
        let index = sensitivity.of + specificity.of - 1.0;
        if index <= 1e-12 {
            return Err(Absent::Chance);
        }
        let rate = (measured.of + specificity.of - 1.0) / index;
        let variance = measured.variance()
            + rate * rate * sensitivity.variance()
            + (1.0 - rate).powi(2) * specificity.variance();
        Ok(Self { rate, standard_error: variance.sqrt() / index })
    }
}
