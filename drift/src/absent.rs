//! Why a statistic cannot be had. Data that is too poor for a statistic is no failure: the statistic is absent, and says
//! why. It is never zero instead.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The reason for which a statistic of some data does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Error)]
#[serde(rename_all = "snake_case")]
pub enum Absent {
    /// There is not one row.
    #[error("there are no rows")]
    NoRows,
    /// There are rows, and all their values are missing.
    #[error("all values are missing")]
    AllMissing,
    /// There are values, and none of them is a finite number.
    #[error("no value is finite")]
    NoFinite,
    /// The statistic wants more values than there are.
    #[error("`{found}` values are too few: at least `{needed}` are needed")]
    TooFew {
        /// How many there must be.
        needed: u64,
        /// How many there are.
        found: u64,
    },
    /// A baseline has fewer rows than are wanted of it, so that more rows now would not help.
    #[error("the baseline has `{found}` rows, too few: at least `{needed}` are needed")]
    FewBefore {
        /// How many there must be.
        needed: u64,
        /// How many there are.
        found: u64,
    },
    /// There are more different categories than are told apart.
    #[error("there are more than `{most}` different categories: leave the column out, or make fewer of them")]
    TooMany {
        /// How many are told apart.
        most: u64,
    },
    /// The statistic keeps the rank of every row, and there are too many.
    #[error("ranks are kept of no more than `{most}` rows of so many columns: take a part of the rows")]
    TooManyRanks {
        /// Of how many they are kept.
        most: u64,
    },
    /// Pairs of categories are counted up to a bound, which all columns of texts share.
    #[error(
        "categories of these columns stand together in more than `{most}` ways, and no more are counted with so many columns of \
         texts: describe fewer of them at once"
    )]
    TooManyPairs {
        /// How many ways are counted of two columns.
        most: u64,
    },
    /// All values are equal, so there is no scale to measure with.
    #[error("all values are equal")]
    Constant,
    /// A judge is no better than chance on what is known, so nothing follows from what it says.
    #[error("the judge does no better than chance on records with labels")]
    Chance,
    /// Two things to compare do not have the same bins, columns or settings.
    #[error("`{left}` and `{right}` parts cannot be compared or merged")]
    Mismatch {
        /// Parts on one side.
        left: u64,
        /// Parts on the other.
        right: u64,
    },
    /// The statistic is beyond the largest number.
    #[error("the result is beyond the largest number")]
    Overflow,
    /// A method was given a kind of input that it does not read.
    #[error("the method does not read this kind of input")]
    WrongInput,
}
