//! Distances between two distributions, each with a p-value or a documented threshold, behind one interface.
//!
//! | method | reads | judged by |
//! |---|---|---|
//! | [`kolmogorov_smirnov`] | samples | p-value, exact for small ones |
//! | [`cramer_von_mises`] | samples | p-value |
//! | [`wasserstein`] | samples | a tenth of the baseline's standard deviation, and p-value by permutation |
//! | [`auc`] | samples | p-value, of current values that are greater |
//! | [`psi`](crate::psi::psi) | counts | p-value of [`homogeneity`] |
//! | [`chi_square`] | counts | p-value |
//! | [`jensen_shannon`], [`hellinger`] | counts | p-value |
//! | [`total_variation`] | counts | a tenth of all rows in other bins, and p-value by permutation |
//! | [`mmd`] | rows of several numbers | p-value by permutation |
//! | [`domain_classifier`] | rows of several numbers | p-value |

mod auc;
mod chi_square;
mod cramer_von_mises;
mod deal;
mod divergence;
mod domain_classifier;
mod hellinger;
mod jensen_shannon;
mod kolmogorov_smirnov;
mod logistic;
mod method;
mod mmd;
mod points;
mod steps;
mod total_variation;
mod wasserstein;

#[cfg(test)]
mod tests;

pub use auc::auc;
pub use chi_square::{chi_square, cramers_v, homogeneity};
pub use cramer_von_mises::cramer_von_mises;
pub use domain_classifier::{DomainClassifier, domain_classifier};
pub use hellinger::hellinger;
pub use jensen_shannon::jensen_shannon;
pub use kolmogorov_smirnov::kolmogorov_smirnov;
pub use method::{DriftMethod, MethodDrift, Pair};
pub use mmd::{Mmd, mmd};
pub use points::Points;
pub use total_variation::total_variation;
pub use wasserstein::wasserstein;
