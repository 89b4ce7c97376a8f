//! How many different values there are: exact while they are few, then by HyperLogLog.
//!
//! Flajolet, Fusy, Gandouet and Meunier, "HyperLogLog: the analysis of a near-optimal cardinality estimation algorithm" (2007),
//! in the implementation of Apache DataSketches with 2¹⁴ registers: the standard error is 0.8 %. The estimate is the one that
//! depends on the registers alone, so that parts merge to exactly the estimate of the whole.

use base64::{Engine, prelude::BASE64_STANDARD};
use datasketches::hll::{HllSketch, HllType, HllUnion};
use hashbrown::HashSet;
use serde::{Deserialize, Serialize, de::Error as _};

use crate::{
    column::Column,
    mix::{mix, mix_text},
};

/// Up to this many different values, all are kept.
const EXACT: usize = 8192;
/// The number of registers, as a power of two.
const REGISTERS: u8 = 14;

/// How many different values were seen.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct DistinctCount {
    /// How many.
    pub count: u64,
    /// The standard error, as a share of the count; zero where it is exact.
    pub standard_error: f64,
}

/// The different values of a column, all or as a sketch. Texts are told apart by 64 bits of a hash.
///
/// ```
/// use scouter_drift::sketch::Distinct;
///
/// let mut distinct = Distinct::default();
/// distinct.add_numbers(&[1.0, 2.0, 2.0, f64::NAN, 0.0, -0.0]);
/// assert_eq!(distinct.count().count, 3);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Form", into = "Form")]
pub enum Distinct {
    /// The bits of all different values.
    Exact(HashSet<u64>),
    /// A sketch of them.
    Sketch(Box<HllSketch>),
}

impl Default for Distinct {
    fn default() -> Self {
        Self::Exact(HashSet::new())
    }
}

impl Distinct {
    /// Takes in numbers. Both zeros are one value, NaN is none.
    pub fn add_numbers(&mut self, chunk: &[f64]) {
        let mut last = None;
        for v in chunk.iter().filter(|v| !v.is_nan()) {
            let bits = (v + 0.0).to_bits();
            // Neighbours are often equal, and comparing them is cheaper than looking one up.
            if last != Some(bits) {
                self.take(bits);
            }
            last = Some(bits);
        }
    }

    /// Takes in the whole numbers of a column, if it holds such that are not told apart as `f64`; else tells that it does not. Up to 2⁵³
    /// they are the same values as numbers are.
    pub fn add_whole(&mut self, column: &(impl Column + ?Sized)) -> bool {
        let mut last = None;
        column.each_whole(&mut |v| {
            if v != last
                && let Some(v) = v
            {
                self.take(bits(v));
            }
            last = v;
        })
    }

    /// Takes in a text.
    pub fn add_text(&mut self, text: &str) {
        self.take(mix_text(text));
    }

    fn take(&mut self, bits: u64) {
        match self {
            Self::Exact(seen) => {
                seen.insert(bits);
                self.bound();
            }
            Self::Sketch(sketch) => sketch.update(bits),
        }
    }

    fn bound(&mut self) {
        if let Self::Exact(seen) = self
            && seen.len() > EXACT
        {
            let mut sketch = registers();
            for bits in in_order(seen) {
                sketch.update(bits);
            }
            *self = Self::Sketch(Box::new(sketch));
        }
    }

    /// Takes in another part.
    pub fn merge(&mut self, other: &Self) {
        match other {
            Self::Exact(theirs) => {
                for bits in in_order(theirs) {
                    self.take(bits);
                }
            }
            Self::Sketch(theirs) => {
                let mut union = union();
                union.update(theirs);
                match self {
                    Self::Exact(ours) => {
                        for bits in in_order(ours) {
                            union.update_value(bits);
                        }
                    }
                    Self::Sketch(ours) => union.update(ours),
                }
                *self = Self::Sketch(Box::new(union.to_sketch(HllType::Hll8)));
            }
        }
    }

    /// How many values are kept; of a sketch, what its registers take.
    pub fn kept(&self) -> usize {
        match self {
            Self::Exact(seen) => seen.len(),
            Self::Sketch(_) => (1 << REGISTERS) / size_of::<u64>(),
        }
    }

    /// How many different values there are.
    pub fn count(&self) -> DistinctCount {
        match self {
            Self::Exact(seen) => DistinctCount { count: seen.len() as u64, standard_error: 0.0 },
            Self::Sketch(sketch) => DistinctCount {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "an estimate is neither negative nor beyond the number of rows"
                )]
                count: sketch.composite_estimate().round() as u64,
                standard_error: 1.04 / f64::from(1_u32 << REGISTERS).sqrt(),
            },
        }
    }
}

/// The values in an order that does not change from run to run: a sketch remembers it.
fn in_order(seen: &HashSet<u64>) -> Vec<u64> {
    let mut bits: Vec<u64> = seen.iter().copied().collect();
    bits.sort_unstable();
    bits
}

fn union() -> HllUnion {
    HllUnion::new(REGISTERS).expect("the library takes 4 to 21")
}

fn registers() -> HllSketch {
    HllSketch::new(REGISTERS, HllType::Hll8).expect("the library takes 4 to 21")
}

/// Sixty-four bits of a whole number: those of the `f64` where there is one for each, else the number's own, mixed.
fn bits(v: i128) -> u64 {
    const EXACT_IN_F64: u128 = 1 << f64::MANTISSA_DIGITS;
    if v.unsigned_abs() <= EXACT_IN_F64 {
        return (v as f64).to_bits();
    }
    #[expect(clippy::cast_possible_truncation, reason = "columns hold numbers of 64 bits")]
    let mixed = mix(v.unsigned_abs() as u64);
    if v < 0 { !mixed } else { mixed }
}

/// What is kept: the bits in order, or the sketch's bytes as base64.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Form {
    Exact(Vec<u64>),
    HyperLogLog(String),
}

impl From<Distinct> for Form {
    fn from(distinct: Distinct) -> Self {
        match distinct {
            Distinct::Exact(seen) => Self::Exact(in_order(&seen)),
            Distinct::Sketch(sketch) => Self::HyperLogLog(BASE64_STANDARD.encode(sketch.serialize())),
        }
    }
}

impl TryFrom<Form> for Distinct {
    type Error = serde::de::value::Error;

    fn try_from(form: Form) -> Result<Self, Self::Error> {
        match form {
            Form::Exact(bits) => Ok(Self::Exact(bits.into_iter().collect())),
            Form::HyperLogLog(text) => {
                let bytes = BASE64_STANDARD.decode(text).map_err(Self::Error::custom)?;
                let sketch = HllSketch::deserialize(&bytes).map_err(Self::Error::custom)?;
                Ok(Self::Sketch(Box::new(sketch)))
            }
        }
    }
}
