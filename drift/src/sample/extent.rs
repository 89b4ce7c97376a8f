//! How many values of which sort there are, and between which limits. Merges exactly.

use serde::{Deserialize, Serialize, de::Error as _};

use crate::{
    Absent,
    column::{Column, MOST_ROWS},
    wide::wide,
};

/// Rows by the sort of their value, and the least and greatest finite value.
///
/// ```
/// use scouter_drift::sample::Extent;
///
/// let extent = Extent::of(&[2.0, f64::NAN, -1.0, f64::INFINITY][..]);
/// assert_eq!((extent.finite(), extent.missing(), extent.infinite()), (2, 1, 1));
/// assert_eq!(extent.range(), Ok((-1.0, 2.0)));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Form", into = "Form")]
pub struct Extent {
    finite: u64,
    missing: u64,
    lowest: u64,
    highest: u64,
    range: Option<Limits>,
}

#[derive(Debug, Clone, Copy)]
struct Limits {
    min: f64,
    max: f64,
}

// Limits are finite, so equality is an equivalence.
impl PartialEq for Limits {
    fn eq(&self, other: &Self) -> bool {
        self.min.total_cmp(&other.min).is_eq() && self.max.total_cmp(&other.max).is_eq()
    }
}
impl Eq for Limits {}

impl Extent {
    /// The extent of a whole column.
    pub fn of(column: &(impl Column + ?Sized)) -> Self {
        let mut extent = Self::default();
        column.each_chunk(&mut |chunk| extent.add(chunk));
        extent
    }

    /// Takes in a chunk; NaN is missing.
    pub fn add(&mut self, chunk: &[f64]) {
        wide(
            #[inline(always)]
            || self.add_wide(chunk),
        );
    }

    #[inline(always)]
    fn add_wide(&mut self, chunk: &[f64]) {
        // Lanes without branches, which the compiler turns into vector instructions. A comparison with NaN is false.
        const LANES: usize = 8;
        let (blocks, rest) = chunk.as_chunks::<LANES>();
        let mut min = [f64::INFINITY; LANES];
        let mut max = [f64::NEG_INFINITY; LANES];
        let mut missing = [0_u64; LANES];
        for block in blocks {
            for lane in 0..LANES {
                let v = block[lane];
                min[lane] = if v < min[lane] { v } else { min[lane] };
                max[lane] = if v > max[lane] { v } else { max[lane] };
                missing[lane] += u64::from(v.is_nan());
            }
        }
        let min = min.into_iter().chain(rest.iter().copied()).fold(f64::INFINITY, f64::min);
        let max = max.into_iter().chain(rest.iter().copied()).fold(f64::NEG_INFINITY, f64::max);
        let missing = missing.iter().sum::<u64>() + rest.iter().filter(|v| v.is_nan()).count() as u64;
        let present = chunk.len() as u64 - missing;
        if min.is_finite() && max.is_finite() {
            self.merge(&Self {
                finite: present,
                missing,
                range: Some(Limits { min, max }),
                ..Self::default()
            });
        } else {
            self.merge(&Self { missing, ..Self::with_infinities(chunk) });
        }
    }

    /// What is known of a chunk with infinities, or without any number, but for what is missing.
    fn with_infinities(chunk: &[f64]) -> Self {
        let mut extent = Self::default();
        for v in chunk {
            if v.is_finite() {
                extent.finite += 1;
                let limits = extent.range.get_or_insert(Limits { min: *v, max: *v });
                limits.min = limits.min.min(*v);
                limits.max = limits.max.max(*v);
            } else if !v.is_nan() {
                let count = if *v > 0.0 { &mut extent.highest } else { &mut extent.lowest };
                *count += 1;
            }
        }
        extent
    }

    /// Takes in so many rows without a value.
    pub fn add_missing(&mut self, rows: u64) {
        self.missing += rows;
    }

    /// Takes in another part.
    pub fn merge(&mut self, other: &Self) {
        self.finite += other.finite;
        self.missing += other.missing;
        self.lowest += other.lowest;
        self.highest += other.highest;
        self.range = match (self.range, other.range) {
            (Some(a), Some(b)) => Some(Limits { min: a.min.min(b.min), max: a.max.max(b.max) }),
            (a, b) => a.or(b),
        };
    }

    /// All rows.
    pub fn rows(&self) -> u64 {
        self.finite + self.missing + self.infinite()
    }

    /// Rows with a finite number.
    pub fn finite(&self) -> u64 {
        self.finite
    }

    /// Rows without a value.
    pub fn missing(&self) -> u64 {
        self.missing
    }

    /// Rows with an infinity of either sign.
    pub fn infinite(&self) -> u64 {
        self.lowest + self.highest
    }

    /// Rows with −∞, and rows with ∞.
    pub fn infinities(&self) -> (u64, u64) {
        (self.lowest, self.highest)
    }

    /// The least and the greatest finite value.
    ///
    /// # Errors
    /// There are no rows, all values are missing, or none is finite.
    pub fn range(&self) -> Result<(f64, f64), Absent> {
        match self.range {
            Some(limits) => Ok((limits.min, limits.max)),
            None if self.rows() == 0 => Err(Absent::NoRows),
            None if self.infinite() == 0 => Err(Absent::AllMissing),
            None => Err(Absent::NoFinite),
        }
    }
}

/// What an extent looks like when it is kept.
#[derive(Serialize, Deserialize)]
struct Form {
    finite: u64,
    missing: u64,
    negative_infinities: u64,
    positive_infinities: u64,
    min: Option<f64>,
    max: Option<f64>,
}

impl TryFrom<Form> for Extent {
    type Error = serde::de::value::Error;

    fn try_from(form: Form) -> Result<Self, Self::Error> {
        let Form { finite, missing, negative_infinities: lowest, positive_infinities: highest, min, max } =
            form;
        let rows: u128 = [finite, missing, lowest, highest].into_iter().map(u128::from).sum();
        let range = min.zip(max).map(|(min, max)| Limits { min, max });
        let is_range = |limits: Limits| {
            finite > 0 && limits.min.is_finite() && limits.max.is_finite() && limits.min <= limits.max
        };
        if rows <= u128::from(MOST_ROWS) && range.map_or(finite == 0, is_range) {
            Ok(Self { finite, missing, lowest, highest, range })
        } else {
            Err(Self::Error::custom(format_args!(
                "`{rows}` rows of a column are more than can be counted, or do not fit the limits of their values"
            )))
        }
    }
}

impl From<Extent> for Form {
    fn from(extent: Extent) -> Self {
        Self {
            finite: extent.finite,
            missing: extent.missing,
            negative_infinities: extent.lowest,
            positive_infinities: extent.highest,
            min: extent.range.map(|limits| limits.min),
            max: extent.range.map(|limits| limits.max),
        }
    }
}
