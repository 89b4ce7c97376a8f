//! How many bins of equal width: the rules of the literature. `n` values, σ their population standard deviation, R their
//! range, all rounded up:
//!
//! ```text
//! square root         √n
//! Sturges             1 + log₂ n                                        Sturges 1926
//! Rice                2·n^⅓
//! Doane               1 + log₂ n + log₂(1 + |g₁|/σ_g₁),                 Doane 1976
//!                       σ_g₁ = √(6(n − 2)/((n + 1)(n + 3)))
//! Scott               R / ((24·√π/n)^⅓·σ)                               Scott 1979
//! Terrell–Scott       (2n)^⅓                                            Terrell and Scott 1985
//! Freedman–Diaconis   R / (2·IQR·n^−⅓)                                  Freedman and Diaconis 1981
//! auto                the more of Sturges and Freedman–Diaconis, the latter at most 2·√n
//! ```
//!
//! Where the data give a rule no width or no skewness to go by (quartiles that are equal, moments beyond the largest number), it is
//! Sturges'.

use serde::{Deserialize, Serialize};

use super::known::{Known, Whole};
use crate::{
    Absent,
    column::Column,
    sample::{Extent, Moments},
};

/// More bins than this tell nothing more and cost the more. Rules that follow the width of the data can ask for millions
/// where a few values lie far out.
pub const MOST_BINS: usize = 10_000;

/// A rule for the number of bins of equal width.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum EqualWidth {
    /// As many as said.
    Manual {
        /// How many.
        num_bins: usize,
    },
    /// √n.
    SquareRoot,
    /// For data much like a normal distribution.
    Sturges,
    /// 2·n^⅓.
    Rice,
    /// Sturges' rule, with more bins the more skewed the data are.
    #[default]
    Doane,
    /// By the standard deviation.
    Scott,
    /// The least number that could be best.
    TerrellScott,
    /// By the distance of the quartiles, which extreme values do not change.
    FreedmanDiaconis,
    /// The more of Sturges and Freedman–Diaconis, the latter at most 2·√n. NumPy's choice.
    Auto,
}

impl EqualWidth {
    /// How many bins the rule gives to a column, at least one and at most 10,000.
    ///
    /// # Errors
    /// There is no finite value.
    ///
    /// ```
    /// use scouter_drift::{psi::EqualWidth, sample::Extent};
    ///
    /// let values: Vec<f64> = (1..=100).map(f64::from).collect();
    /// let extent = Extent::of(&values[..]);
    /// assert_eq!(EqualWidth::Rice.bins(&values[..], &extent)?, 10);
    /// # Ok::<(), scouter_drift::Absent>(())
    /// ```
    pub fn bins(self, column: &(impl Column + ?Sized), extent: &Extent) -> Result<usize, Absent> {
        self.bins_of(&Whole { column, extent })
    }

    pub(super) fn bins_of(self, known: &impl Known) -> Result<usize, Absent> {
        let (min, max) = known.extent().range()?;
        let n = known.extent().finite() as f64;
        Ok(match self {
            Self::Manual { num_bins } => num_bins.clamp(1, MOST_BINS),
            Self::SquareRoot => whole(n.sqrt()),
            Self::Sturges => sturges(n),
            Self::Rice => whole(2.0 * n.cbrt()),
            Self::Doane => doane(&known.moments(), n),
            Self::Scott => {
                let deviation = known.moments().population_variance()?.sqrt();
                let width = (24.0 * std::f64::consts::PI.sqrt() / n).cbrt() * deviation;
                by_width(max - min, width).unwrap_or_else(|| sturges(n))
            }
            Self::TerrellScott => whole((2.0 * n).cbrt()),
            Self::FreedmanDiaconis => freedman_diaconis(known, max - min)?.unwrap_or_else(|| sturges(n)),
            Self::Auto => {
                let robust = freedman_diaconis(known, max - min)?.unwrap_or(1);
                sturges(n).max(robust.min(whole(2.0 * n.sqrt())))
            }
        })
    }
}

fn sturges(n: f64) -> usize {
    whole(1.0 + n.log2())
}

fn doane(moments: &Moments, n: f64) -> usize {
    // Without skewness (fewer than three values, or beyond the largest number) the rule is Sturges'.
    let skewness = moments.skewness().unwrap_or(0.0).abs();
    let deviation = (6.0 * (n - 2.0) / ((n + 1.0) * (n + 3.0))).sqrt();
    if deviation > 0.0 { whole(1.0 + n.log2() + (1.0 + skewness / deviation).log2()) } else { sturges(n) }
}

fn freedman_diaconis(known: &impl Known, range: f64) -> Result<Option<usize>, Absent> {
    let quartiles = known.cuts(&[0.25, 0.75])?;
    let width =
        2.0 * (quartiles[1].quantile - quartiles[0].quantile) / (known.extent().finite() as f64).cbrt();
    Ok(by_width(range, width))
}

/// Bins of a width over a range; none where there is no width to go by.
fn by_width(range: f64, width: f64) -> Option<usize> {
    (width > 0.0 && width.is_finite()).then(|| whole(range / width))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to a range that fits")]
fn whole(bins: f64) -> usize {
    // Less what rounding may have put on top of a whole number.
    (bins * (1.0 - 1e-12)).ceil().clamp(1.0, MOST_BINS as f64) as usize
}
