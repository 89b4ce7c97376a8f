//! What data look like, column by column.

mod compute;
mod correlate;
mod profile;
mod stats;

pub(crate) use compute::PyDataProfiler;
pub(crate) use profile::{PyDataProfile, PyFeatureProfile};
pub(crate) use stats::{
    PyCharStats, PyDatetimeStats, PyDistinct, PyHistogram, PyNumericStats, PyQuantiles, PyStringStats,
    PyWordStats,
};
