//! JSON values with exact numbers.
//!
//! Everything a check looks at, and everything it is compared with, is a [`Value`]. How two of
//! them compare is written down once, in `docs/reference/values.md`.

mod compare;
mod cut;
mod data;
mod de;
mod map;
mod number;
mod query;
mod read;
mod schema;
mod ser;
mod sum;
mod write;

pub use cut::{KEPT_BYTES, cut, cut_to};
pub(crate) use cut::{Room, is_kept_as_it_is};
pub use data::{Kind, Value};
pub use de::from_value;
pub use map::Map;
pub use number::{Decimal, Number, NumberError};
pub(crate) use read::members;
pub use read::{JsonError, MAX_DEPTH, from_json, from_saved_json};
pub use ser::to_value;
pub use sum::sum;
pub(crate) use write::write_json;
pub use write::{pretty, quoted, to_json};
