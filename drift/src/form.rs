//! What a kept form begins with: the version of its format. What a later version wrote is refused by that number, whatever else
//! is in it and in whatever order its fields come.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A form with the version of its format; `LATEST` is the newest that is known here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Versioned<T, const LATEST: u32> {
    format: Format<LATEST>,
    // Flattened, so that the other fields are looked at once the format is known.
    #[serde(flatten)]
    pub(crate) form: T,
}

impl<T, const LATEST: u32> From<T> for Versioned<T, LATEST> {
    fn from(form: T) -> Self {
        Self { format: Format(LATEST), form }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
struct Format<const LATEST: u32>(u32);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
enum UnknownFormat {
    #[error("written in format `{found}`, newer than `{latest}`, the latest that is known here")]
    Newer { found: u32, latest: u32 },
    #[error("there is no format `0`: the first is `1`")]
    Zero,
}

impl<const LATEST: u32> TryFrom<u32> for Format<LATEST> {
    type Error = UnknownFormat;

    fn try_from(found: u32) -> Result<Self, UnknownFormat> {
        match found {
            0 => Err(UnknownFormat::Zero),
            found if found > LATEST => Err(UnknownFormat::Newer { found, latest: LATEST }),
            found => Ok(Self(found)),
        }
    }
}

impl<const LATEST: u32> From<Format<LATEST>> for u32 {
    fn from(format: Format<LATEST>) -> Self {
        format.0
    }
}
