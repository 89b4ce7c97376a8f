//! Quantiles of type 7: with h = (n − 1)·p, x₍⌊h⌋₎ + (h − ⌊h⌋)·(x₍⌊h⌋₊₁₎ − x₍⌊h⌋₎), ranks from 0.
//! Hyndman and Fan, "Sample quantiles in statistical packages" (1996). It is the default of R, NumPy and pandas.

use super::{Extent, order_statistics};
use crate::{Absent, column::Column};

/// Quantiles of the finite values for probabilities between 0 and 1, in the order in which they are asked for.
///
/// ```
/// use scouter_drift::sample::{Extent, quantiles};
///
/// let values = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0];
/// let extent = Extent::of(&values[..]);
/// assert_eq!(quantiles(&values[..], &extent, &[0.25, 0.5, 0.75])?, [2.75, 4.5, 6.25]);
/// # Ok::<(), scouter_drift::Absent>(())
/// ```
///
/// # Errors
/// There is no finite value.
pub fn quantiles(
    column: &(impl Column + ?Sized),
    extent: &Extent,
    probabilities: &[f64],
) -> Result<Vec<f64>, Absent> {
    let cuts = cuts(column, extent, probabilities)?;
    Ok(cuts.into_iter().map(|cut| cut.quantile).collect())
}

/// A quantile and the greatest value that is not beyond it. Between two cuts with the same value there are no values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Cut {
    pub(crate) value: f64,
    pub(crate) quantile: f64,
}

pub(crate) fn cuts(
    column: &(impl Column + ?Sized),
    extent: &Extent,
    probabilities: &[f64],
) -> Result<Vec<Cut>, Absent> {
    let places: Vec<Place> = probabilities.iter().map(|p| Place::new(extent.finite(), *p)).collect();
    let ranks: Vec<u64> = places.iter().flat_map(|place| [place.rank, place.rank + 1]).collect();
    let values = order_statistics(column, extent, &ranks)?;
    let (pairs, _) = values.as_chunks::<2>();
    let cut =
        |(place, [low, high]): (&Place, &[f64; 2])| Cut { value: *low, quantile: place.between(*low, *high) };
    Ok(places.iter().zip(pairs).map(cut).collect())
}

/// A quantile of values that are finite and in order; none of no values.
pub fn quantile_of_sorted(values: &[f64], probability: f64) -> Option<f64> {
    cut_of_sorted(values, probability).map(|cut| cut.quantile)
}

pub(crate) fn cut_of_sorted(values: &[f64], probability: f64) -> Option<Cut> {
    let place = Place::new(values.len() as u64, probability);
    let low = usize::try_from(place.rank).ok()?;
    let value = *values.get(low)?;
    let quantile = place.between(value, values.get(low + 1).copied().unwrap_or(value));
    Some(Cut { value, quantile })
}

struct Place {
    rank: u64,
    beyond: f64,
}

impl Place {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "neither negative nor beyond the count"
    )]
    fn new(count: u64, probability: f64) -> Self {
        let h = count.saturating_sub(1) as f64 * probability.clamp(0.0, 1.0);
        Self { rank: h as u64, beyond: h.fract() }
    }

    fn between(&self, low: f64, high: f64) -> f64 {
        // Halves first where the difference of two finite numbers would not be finite.
        let step = high - low;
        if step.is_finite() {
            low + self.beyond * step
        } else {
            low * (1.0 - self.beyond) + high * self.beyond
        }
    }
}
