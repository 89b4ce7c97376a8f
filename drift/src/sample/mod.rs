//! What is known of a column of numbers in one or two passes: extent, moments, order statistics and quantiles.

mod extent;
mod moments;
mod quantile;
mod select;
mod sorted;

#[cfg(test)]
mod tests;

pub use extent::Extent;
pub use moments::Moments;
pub(crate) use moments::{lanes, lanes_of_rows, lanes_of_two};
pub(crate) use quantile::{Cut, cut_of_sorted, cuts};
pub use quantile::{quantile_of_sorted, quantiles};
pub use select::order_statistics;
pub use sorted::Sorted;
