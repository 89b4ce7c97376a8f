//! Two samples of the same features, by one of many methods.

use indexmap::IndexMap;
use scouter_drift::{
    Absent, Correction,
    column::Tally,
    methods::{DriftMethod, MethodDrift, Pair, Points},
    psi::{Binning, PsiBaseline, ZeroBins},
    sample::Sorted,
    statistics::Alpha,
};
use serde::{Deserialize, Serialize};

use super::Document;

/// The name of all columns together, of methods that look at whole rows.
const ALL: &str = "all columns";

/// The rows of one feature.
#[derive(Debug, Clone)]
pub enum Sample {
    /// Numbers, in the order of the rows; NaN where one is missing.
    Numbers(Vec<f64>),
    /// How often each category occurs.
    Categories(Tally),
}

impl Sample {
    /// How many there are.
    pub fn rows(&self) -> u64 {
        match self {
            Self::Numbers(numbers) => numbers.len() as u64,
            Self::Categories(tally) => tally.rows(),
        }
    }
}

/// How samples are compared.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Distances {
    /// By what.
    pub method: DriftMethod,
    /// The share of false alarms.
    pub alpha: Alpha,
    /// What is done about many features being tested at once.
    pub correction: Correction,
    /// How numbers are cut into bins, for methods that count.
    pub binning: Binning,
    /// How many categories of a feature have a bin of their own.
    pub max_categories: usize,
}

/// How far a feature is from its baseline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Distance {
    /// The statistic and what it is judged by.
    #[serde(flatten)]
    pub drift: MethodDrift,
    /// The p-value after the correction for many features.
    pub adjusted_p_value: f64,
    /// Whether it counts as drift after the correction.
    pub drifted_after_correction: bool,
    /// Rows of the baseline.
    pub baseline_rows: u64,
    /// Rows that were compared with it.
    pub current_rows: u64,
}

/// How far all features are apart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DistanceMap {
    /// How they were compared.
    #[serde(flatten)]
    pub how: Distances,
    /// The features.
    pub features: IndexMap<String, Distance>,
    /// Features that cannot be compared so, and why.
    #[serde(default)]
    pub absent: IndexMap<String, Absent>,
}

impl Document for DistanceMap {
    const KIND: &'static str = "distance_map";
}

impl Distances {
    /// Whether the method looks at all columns together.
    pub fn is_joint(&self) -> bool {
        matches!(self.method, DriftMethod::Mmd(_) | DriftMethod::DomainClassifier(_))
    }

    /// Compares one feature.
    ///
    /// # Errors
    /// The method does not read samples of this sort, or a side has no values.
    pub fn one(&self, baseline: &Sample, current: &Sample) -> Result<MethodDrift, Absent> {
        let counts = |of: &PsiBaseline, sample: &Sample| match sample {
            Sample::Numbers(numbers) => of.count_numbers(&numbers[..]),
            Sample::Categories(tally) => of.count_categories(tally),
        };
        let binned = || match baseline {
            Sample::Numbers(numbers) => {
                PsiBaseline::of_numbers(&numbers[..], self.binning, ZeroBins::default())
            }
            Sample::Categories(tally) => {
                PsiBaseline::of_categories(tally, self.max_categories, ZeroBins::default())
            }
        };
        match self.method {
            DriftMethod::KolmogorovSmirnov
            | DriftMethod::CramerVonMises
            | DriftMethod::Wasserstein { .. } => match (baseline, current) {
                (Sample::Numbers(baseline), Sample::Numbers(current)) => {
                    let (baseline, current) = (Sorted::of(&baseline[..]), Sorted::of(&current[..]));
                    let pair = Pair::Samples { baseline: &baseline, current: &current };
                    self.method.compare(pair, self.alpha)
                }
                _ => Err(Absent::WrongInput),
            },
            DriftMethod::Psi { .. }
            | DriftMethod::ChiSquare
            | DriftMethod::JensenShannon
            | DriftMethod::Hellinger
            | DriftMethod::TotalVariation { .. } => {
                let bins = binned()?;
                let current = counts(&bins, current)?;
                let pair = Pair::Counts { baseline: &bins.counts, current: &current };
                self.method.compare(pair, self.alpha)
            }
            DriftMethod::Mmd(_) | DriftMethod::DomainClassifier(_) => {
                self.joint(&[("", baseline, current)]).map(|(drift, ..)| drift)
            }
        }
    }

    /// Compares all features together: rows of numbers, each in units of the baseline's standard deviation. Says how many rows of each side
    /// have all of them.
    fn joint(&self, samples: &[(&str, &Sample, &Sample)]) -> Result<(MethodDrift, u64, u64), Absent> {
        let side = |of: Vec<&Sample>| {
            let numbers = |sample: &Sample| match sample {
                Sample::Numbers(numbers) => Some(numbers.clone()),
                Sample::Categories(_) => None,
            };
            let columns: Option<Vec<Vec<f64>>> = of.into_iter().map(numbers).collect();
            let columns = columns.ok_or(Absent::WrongInput)?;
            Points::of_columns(&columns.iter().map(|column| &column[..]).collect::<Vec<_>>())
        };
        let baseline = side(samples.iter().map(|(_, baseline, _)| *baseline).collect())?;
        let current = side(samples.iter().map(|(_, _, current)| *current).collect())?;
        let (was, now) = (baseline.scaled_by(&baseline)?, current.scaled_by(&baseline)?);
        let pair = Pair::Points { baseline: &was, current: &now };
        let drift = self.method.compare(pair, self.alpha)?;
        Ok((drift, baseline.rows() as u64, current.rows() as u64))
    }

    /// Compares all features: each with itself, or, by a method that looks at whole rows, all that are of numbers together.
    pub fn all(&self, samples: &[(&str, &Sample, &Sample)]) -> DistanceMap {
        if !self.is_joint() {
            let one = |(name, baseline, current): &(&str, &Sample, &Sample)| {
                let rows = (baseline.rows(), current.rows());
                ((*name).to_owned(), self.one(baseline, current).map(|drift| (drift, rows.0, rows.1)))
            };
            return self.gathered(samples.iter().map(one));
        }
        let is_number = |(_, baseline, current): &&(&str, &Sample, &Sample)| {
            matches!((baseline, current), (Sample::Numbers(_), Sample::Numbers(_)))
        };
        let (numbers, others): (Vec<_>, Vec<_>) = samples.iter().partition(is_number);
        let joint = if numbers.is_empty() { Err(Absent::WrongInput) } else { self.joint(&numbers) };
        let others = others.iter().map(|(name, ..)| ((*name).to_owned(), Err(Absent::WrongInput)));
        self.gathered([(ALL.to_owned(), joint)].into_iter().chain(others))
    }

    /// Puts what features came to together, and corrects for there being many.
    pub fn gathered(
        &self,
        found: impl IntoIterator<Item = (String, Result<(MethodDrift, u64, u64), Absent>)>,
    ) -> DistanceMap {
        let (mut features, mut absent) = (IndexMap::new(), IndexMap::new());
        for (name, one) in found {
            match one {
                Ok((drift, baseline_rows, current_rows)) => {
                    let adjusted_p_value = drift.p_value;
                    let drifted_after_correction = drift.drifted;
                    features.insert(
                        name,
                        Distance {
                            drift,
                            adjusted_p_value,
                            drifted_after_correction,
                            baseline_rows,
                            current_rows,
                        },
                    );
                }
                Err(why) => {
                    absent.insert(name, why);
                }
            }
        }
        let p_values: Vec<f64> =
            features.values().map(|distance: &Distance| distance.drift.p_value).collect();
        for (distance, p_value) in features.values_mut().zip(self.correction.adjust(&p_values)) {
            let MethodDrift { statistic, threshold, .. } = distance.drift;
            distance.adjusted_p_value = p_value;
            distance.drifted_after_correction =
                p_value <= self.alpha.get() && threshold.is_none_or(|threshold| statistic > threshold);
        }
        DistanceMap { how: *self, features, absent }
    }
}

impl DistanceMap {
    /// The features that are further apart than chance, or the threshold, allows.
    pub fn drifted(&self) -> impl Iterator<Item = &str> {
        let drifted = self.features.iter().filter(|(_, distance)| distance.drifted_after_correction);
        drifted.map(|(name, _)| name.as_str())
    }
}
