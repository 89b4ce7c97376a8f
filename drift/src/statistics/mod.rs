//! What every method stands on: intervals, tests and corrections for many of them.
//!
//! | module | answers |
//! |---|---|
//! | [`alpha`], [`interval`] | how sure one wants to be, and between which bounds a value lies |
//! | [`wilson`] | how sure is a rate? |
//! | [`mcnemar`] | did a rate change, where each record was judged twice? |
//! | [`sign_flip`] | the same, where records come in clusters |
//! | [`tango`] | between which bounds does that change lie? |
//! | [`paired_t`] | did a mean change, and by how much; also in clusters |
//! | [`bootstrap`] | the same without a formula |
//! | [`adjust`] | many tests at once |
//! | [`power`] | what so many records can show, and how many would show it |
//! | [`trials`] | several trials of each case |
//! | [`calibration`] | how good is a judge, and how many would a perfect one have passed? |
//! | [`kappa`] | by how much do two raters agree beyond chance? |
//! | [`agreement`] | the same of several raters |

pub mod adjust;
pub mod agreement;
pub mod alpha;
pub mod bootstrap;
pub mod calibration;
pub mod interval;
pub mod kappa;
pub mod mcnemar;
pub mod paired_t;
pub mod power;
mod quantile;
pub mod sign_flip;
pub mod tango;
pub mod trials;
pub mod wilson;

pub use alpha::{Alpha, NotAlpha};
pub use interval::Interval;
