//! What is common to all that is kept beside data to put them together with others: its version, and how much is counted. The version is not
//! that of the document: what is kept is for this package alone, and grows apart from what documents say.

use scouter_drift::column::MOST_ROWS;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use thiserror::Error;

/// The latest version of a state that can be read, and the one that is written.
pub(super) const STATE_FORMAT: i64 = 1;

/// The version of a state: the first, for there is no other yet. States that were saved before they said so are of it too.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct StateFormat;

/// A number that no version of a state has, or none that is known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("there is no format `{0}` of what is kept to put parts together")]
pub struct UnknownStateFormat(i64);

impl From<StateFormat> for i64 {
    fn from(_: StateFormat) -> Self {
        STATE_FORMAT
    }
}

impl TryFrom<i64> for StateFormat {
    type Error = UnknownStateFormat;

    fn try_from(format: i64) -> Result<Self, UnknownStateFormat> {
        if format == STATE_FORMAT { Ok(Self) } else { Err(UnknownStateFormat(format)) }
    }
}

/// Rows that were counted, as they are read.
///
/// # Errors
/// They are no number, or more than are counted.
pub(super) fn read_rows<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
    let rows = u64::deserialize(from)?;
    if rows <= MOST_ROWS {
        Ok(rows)
    } else {
        Err(D::Error::custom(format_args!("`{rows}` rows are more than can be counted")))
    }
}
