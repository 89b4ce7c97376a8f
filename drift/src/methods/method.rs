//! One interface for all methods: two sides of the same kind go in; a statistic, what it is judged by, and the judgement come
//! out.

use serde::{Deserialize, Serialize};

use super::{
    DomainClassifier, Mmd, Points, chi_square, cramer_von_mises, domain_classifier, hellinger, homogeneity,
    jensen_shannon, kolmogorov_smirnov, mmd, total_variation, wasserstein,
};
use crate::{
    Absent,
    psi::{Counts, ZeroBins, psi},
    sample::Sorted,
    statistics::Alpha,
};

/// A way to measure how far two distributions are apart.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DriftMethod {
    /// The greatest distance of the distribution functions.
    KolmogorovSmirnov,
    /// The mean squared distance of the distribution functions.
    CramerVonMises,
    /// The area between the distribution functions, in standard deviations of the baseline.
    Wasserstein {
        /// Beyond which there is drift; 0.1 is customary.
        threshold: f64,
    },
    /// The population stability index of counts.
    Psi {
        /// What is done about empty bins.
        zero_bins: ZeroBins,
    },
    /// Pearson's χ² of counts.
    ChiSquare,
    /// The Jensen–Shannon distance of counts.
    JensenShannon,
    /// The Hellinger distance of counts.
    Hellinger,
    /// The share of rows that is in other bins.
    TotalVariation {
        /// Beyond which there is drift; 0.1 is a tenth of all rows.
        threshold: f64,
    },
    /// The maximum mean discrepancy of rows of several numbers, such as embeddings.
    Mmd(Mmd),
    /// How well a classifier tells rows of one side from those of the other, as an area under the ROC curve.
    DomainClassifier(DomainClassifier),
}

/// Two sides to compare.
#[derive(Debug, Clone, Copy)]
pub enum Pair<'a> {
    /// Samples of numbers.
    Samples {
        /// How it was.
        baseline: &'a Sorted,
        /// How it is.
        current: &'a Sorted,
    },
    /// Counts in the same bins.
    Counts {
        /// How it was.
        baseline: &'a Counts,
        /// How it is.
        current: &'a Counts,
    },
    /// Rows of several numbers.
    Points {
        /// How it was.
        baseline: &'a Points,
        /// How it is.
        current: &'a Points,
    },
}

/// How far two distributions are apart.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct MethodDrift {
    /// The method's statistic.
    pub statistic: f64,
    /// How likely a statistic of at least this size is without drift.
    pub p_value: f64,
    /// Beyond which the statistic matters, where the method says how much has changed rather than whether anything has.
    pub threshold: Option<f64>,
    /// Whether the p-value is at most the level, and the statistic beyond the threshold where there is one.
    pub drifted: bool,
}

impl DriftMethod {
    /// Compares two sides at the level `alpha`.
    ///
    /// ```
    /// use scouter_drift::{methods::{DriftMethod, Pair}, sample::Sorted, statistics::Alpha};
    ///
    /// let baseline = Sorted::of(&[1.0, 2.0, 3.0, 4.0, 5.0][..]);
    /// let current = Sorted::of(&[6.0, 7.0, 8.0, 9.0, 10.0][..]);
    /// let pair = Pair::Samples { baseline: &baseline, current: &current };
    /// let drift = DriftMethod::KolmogorovSmirnov.compare(pair, Alpha::USUAL)?;
    /// assert!(drift.drifted && drift.statistic == 1.0);
    /// # Ok::<(), scouter_drift::Absent>(())
    /// ```
    ///
    /// # Errors
    /// The method reads another kind of input, a side is empty, or the sides do not fit each other.
    pub fn compare(self, pair: Pair<'_>, alpha: Alpha) -> Result<MethodDrift, Absent> {
        let tested = |(statistic, p): (f64, f64)| MethodDrift {
            statistic,
            p_value: p,
            threshold: None,
            drifted: p <= alpha.get(),
        };
        // A large distance of a few rows can be chance, and a small one of many rows does not matter.
        let measured = |statistic, p_value, threshold| MethodDrift {
            statistic,
            p_value,
            threshold: Some(threshold),
            drifted: statistic > threshold && p_value <= alpha.get(),
        };
        match (self, pair) {
            (Self::KolmogorovSmirnov, Pair::Samples { baseline, current }) => {
                kolmogorov_smirnov(baseline, current).map(tested)
            }
            (Self::CramerVonMises, Pair::Samples { baseline, current }) => {
                cramer_von_mises(baseline, current).map(tested)
            }
            (Self::Wasserstein { threshold }, Pair::Samples { baseline, current }) => {
                let (distance, p) = wasserstein(baseline, current)?;
                let unit = baseline.moments().standard_deviation()?;
                match (distance > 0.0, unit > 0.0) {
                    (false, _) => Ok(measured(0.0, p, threshold)),
                    (true, true) => Ok(measured(distance / unit, p, threshold)),
                    (true, false) => Err(Absent::Constant),
                }
            }
            (Self::Psi { zero_bins }, Pair::Counts { baseline, current }) => {
                let index = psi(baseline, current, zero_bins)?;
                Ok(tested((index.psi, homogeneity(baseline, current)?)))
            }
            (Self::ChiSquare, Pair::Counts { baseline, current }) => {
                chi_square(baseline, current).map(tested)
            }
            (Self::JensenShannon, Pair::Counts { baseline, current }) => {
                jensen_shannon(baseline, current).map(tested)
            }
            (Self::Hellinger, Pair::Counts { baseline, current }) => hellinger(baseline, current).map(tested),
            (Self::TotalVariation { threshold }, Pair::Counts { baseline, current }) => {
                total_variation(baseline, current).map(|(distance, p)| measured(distance, p, threshold))
            }
            (Self::Mmd(how), Pair::Points { baseline, current }) => mmd(baseline, current, how).map(tested),
            (Self::DomainClassifier(how), Pair::Points { baseline, current }) => {
                domain_classifier(baseline, current, how).map(tested)
            }
            _ => Err(Absent::WrongInput),
        }
    }
}
