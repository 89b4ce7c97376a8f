//! What a column looks like: counts, moments, quantiles, distinct values, histogram, texts and correlations. Every state merges, so a
//! profile of parts is the profile of the whole.

mod associations;
mod categories;
mod comoments;
mod contingency;
mod numeric;
mod packed;
mod spearman;
mod statistic;
mod text;

#[cfg(test)]
mod tests;

pub use associations::{Associations, Pairs, TooManyColumns};
pub use categories::Categories;
pub use comoments::{CoMoments, Correlations};
pub use contingency::Contingency;
pub use numeric::{Histogram, NumericState, NumericStats, Quantiles, Shared};
pub use spearman::{Ranks, spearman};
pub use statistic::Statistic;
pub use text::{CharStats, TextState, TextStats, WordCount};
