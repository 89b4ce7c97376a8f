//! What data look like, column by column.

mod compute;
mod correlate;
mod numeric;
mod profile;
mod text;

pub(crate) use compute::PyDataProfiler;
pub(crate) use numeric::{PyDatetimeStats, PyDistinct, PyHistogram, PyNumericStats, PyQuantiles};
pub(crate) use profile::{PyDataProfile, PyFeatureProfile};
pub(crate) use text::{PyCharStats, PyStringStats, PyWordStats};
