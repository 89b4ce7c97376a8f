//! Numbers of 64 bits as text: the base64 of their bytes, the lowest first. That takes eleven characters of each, is exact, and holds
//! what JSON has no number for.

use base64::{Engine, prelude::BASE64_STANDARD};
use serde::de::{Error as _, value::Error};

/// The text of numbers.
pub(super) fn packed(numbers: impl IntoIterator<Item = u64>) -> String {
    let bytes: Vec<u8> = numbers.into_iter().flat_map(u64::to_le_bytes).collect();
    BASE64_STANDARD.encode(bytes)
}

/// The numbers of a text.
///
/// # Errors
/// It holds something else.
pub(super) fn unpacked(text: &str) -> Result<Vec<u64>, Error> {
    let bytes = BASE64_STANDARD.decode(text).map_err(Error::custom)?;
    let (numbers, rest) = bytes.as_chunks::<8>();
    if !rest.is_empty() {
        return Err(Error::custom("numbers have eight bytes each"));
    }
    Ok(numbers.iter().map(|bytes| u64::from_le_bytes(*bytes)).collect())
}
