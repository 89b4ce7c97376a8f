//! What is kept of a feature to compare later data with: its bins, their counts, and how empty bins are treated.

use serde::{Deserialize, Serialize};

use super::{Binning, CategoryBins, Counts, NumericBins, Part, Sizes, ZeroBins, form::Kept};
use crate::{
    Absent,
    column::{Column, Tally, Unit},
    sample::Extent,
    sketch::Shape,
};

/// The bins of a feature.
#[derive(Debug, Clone, PartialEq)]
pub enum Bins {
    /// Intervals of numbers.
    Numeric(NumericBins),
    /// Intervals of moments, in microseconds since 1970 in UTC.
    Moments(NumericBins),
    /// Categories.
    Category(CategoryBins),
}

impl Bins {
    /// Intervals of what numbers are.
    pub fn of(unit: Unit, bins: NumericBins) -> Self {
        match unit {
            Unit::Number => Self::Numeric(bins),
            Unit::Moment => Self::Moments(bins),
        }
    }

    /// What the numbers are that fall into them; none of categories.
    pub fn unit(&self) -> Option<Unit> {
        match self {
            Self::Numeric(_) => Some(Unit::Number),
            Self::Moments(_) => Some(Unit::Moment),
            Self::Category(_) => None,
        }
    }

    /// Counters of these bins, all zero.
    pub fn zero(&self) -> Counts {
        match self {
            Self::Numeric(bins) | Self::Moments(bins) => bins.zero(),
            Self::Category(bins) => Counts::zero(bins.categories().len()),
        }
    }

    /// Where a number falls, or a moment in microseconds; NaN is missing. As a category a number is its shortest decimal form.
    ///
    /// ```
    /// use scouter_drift::psi::{Bins, CategoryBins, NumericBins, Part};
    ///
    /// let ages = Bins::Numeric(NumericBins::new([18.0, 65.0]));
    /// assert_eq!(ages.part_of(40.0), Part::Bin(1));
    /// assert_eq!(ages.part_of(f64::NAN), Part::Missing);
    ///
    /// let doors = Bins::Category(CategoryBins::new(vec!["3".into(), "5".into()], vec![], true));
    /// assert_eq!(doors.part_of(5.0), Part::Bin(1));
    /// assert_eq!(doors.part_of(4.0), Part::Unseen);
    /// ```
    pub fn part_of(&self, number: f64) -> Part {
        match self {
            _ if number.is_nan() => Part::Missing,
            Self::Numeric(bins) | Self::Moments(bins) => Part::Bin(bins.bin(number)),
            // Minus zero is zero.
            Self::Category(bins) => bins.part_of(&(number + 0.0).to_string()),
        }
    }
}

/// A feature as it was: bins and counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Kept", into = "Kept")]
pub struct PsiBaseline {
    /// Where rows fall.
    pub bins: Bins,
    /// How many fell there.
    pub counts: Counts,
    /// How many bins the rule wanted. More than there are where values repeat so often that edges coincided.
    pub wanted_bins: usize,
    /// What is done about empty bins.
    pub zero_bins: ZeroBins,
}

impl PsiBaseline {
    /// The baseline of numbers.
    ///
    /// ```
    /// use scouter_drift::psi::{Binning, PsiBaseline, Threshold, ZeroBins};
    ///
    /// let before: Vec<f64> = (0..1000).map(f64::from).collect();
    /// let baseline = PsiBaseline::of_numbers(&before[..], Binning::default(), ZeroBins::default())?;
    ///
    /// let after: Vec<f64> = (0..1000).map(|i| f64::from(i) * 1.5).collect();
    /// let drift = baseline.compare(&baseline.count_numbers(&after[..])?, Threshold::default())?;
    /// assert!(drift.drifted && drift.p_value < 1e-9);
    /// # Ok::<(), scouter_drift::Absent>(())
    /// ```
    ///
    /// # Errors
    /// There are no rows, or none with a finite number.
    pub fn of_numbers(
        column: &(impl Column + ?Sized),
        binning: Binning,
        zero_bins: ZeroBins,
    ) -> Result<Self, Absent> {
        let (bins, wanted_bins) = binning.bins(column, &Extent::of(column))?;
        Ok(Self { counts: bins.count(column), bins: Bins::Numeric(bins), wanted_bins, zero_bins })
    }

    /// The baseline of numbers that were read in parts and cannot be read again. Counts are exact up to some thousand values; beyond,
    /// edges and counts come from a sketch, whose rank error they share.
    ///
    /// # Errors
    /// There are no rows, or none with a finite number.
    pub fn of_shape(shape: &Shape, binning: Binning, zero_bins: ZeroBins) -> Result<Self, Absent> {
        let (bins, wanted_bins) = binning.bins_of(shape)?;
        let mut counts = Counts::of_bins(shape.counts_between(bins.edges())?);
        let (lowest, highest) = shape.extent().infinities();
        let last = counts.bins.len() - 1;
        counts.bins[0] += lowest;
        counts.bins[last] += highest;
        counts.missing = shape.extent().missing();
        Ok(Self { counts, bins: Bins::Numeric(bins), wanted_bins, zero_bins })
    }

    /// The baseline of categories: at most `most` categories have a bin, the rest share one.
    ///
    /// # Errors
    /// There are no rows, all values are missing, or there are more different categories than are told apart.
    pub fn of_categories(tally: &Tally, most: usize, zero_bins: ZeroBins) -> Result<Self, Absent> {
        if tally.rows() == 0 {
            return Err(Absent::NoRows);
        }
        if tally.distinct() == 0 {
            return Err(Absent::AllMissing);
        }
        tally.bounded()?;
        let bins = CategoryBins::of(tally, most);
        Ok(Self {
            counts: bins.count(tally),
            wanted_bins: tally.distinct(),
            bins: Bins::Category(bins),
            zero_bins,
        })
    }

    /// The same, of numbers that are this. Categories stay what they are.
    #[must_use]
    pub fn of_unit(self, unit: Unit) -> Self {
        match self.bins {
            Bins::Numeric(bins) | Bins::Moments(bins) => Self { bins: Bins::of(unit, bins), ..self },
            Bins::Category(_) => self,
        }
    }

    /// Counts numbers, or moments, into the bins.
    ///
    /// # Errors
    /// The feature is one of categories.
    pub fn count_numbers(&self, column: &(impl Column + ?Sized)) -> Result<Counts, Absent> {
        match &self.bins {
            Bins::Numeric(bins) | Bins::Moments(bins) => Ok(bins.count(column)),
            Bins::Category(_) => Err(Absent::WrongInput),
        }
    }

    /// Counts categories into the bins.
    ///
    /// # Errors
    /// The feature is one of numbers.
    pub fn count_categories(&self, tally: &Tally) -> Result<Counts, Absent> {
        match &self.bins {
            Bins::Category(bins) => Ok(bins.count(tally)),
            Bins::Numeric(_) | Bins::Moments(_) => Err(Absent::WrongInput),
        }
    }

    /// Counts rows without a value, of whichever sort the feature is.
    pub fn count_missing(&self, rows: u64) -> Counts {
        Counts { missing: rows, ..Counts::zero(self.counts.bins.len()) }
    }

    /// How many bins the rule wanted that there are none of, since values repeat so often that edges coincided.
    pub fn merged_bins(&self) -> usize {
        match &self.bins {
            Bins::Numeric(bins) | Bins::Moments(bins) => self.wanted_bins.saturating_sub(bins.len()),
            Bins::Category(_) => 0,
        }
    }

    /// The sizes of the baseline, as a sample, and of what is compared with it.
    pub fn sizes(&self, current: &Counts) -> Sizes {
        Sizes { baseline: Some(self.counts.rows()), current: current.rows() }
    }
}
