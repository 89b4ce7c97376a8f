//! Paths into a context: parsed once, then read without parsing.
//!
//! | written | reads |
//! |---|---|
//! | `response.items[0].name` | keys by name, items by position |
//! | `items[-1]` | from the end |
//! | `items[*].score` | the score of every item |
//! | `["a key.with dots"].x`, `['…']` | any key, quoted |
//! | `$.items[?@.score > 3]` | JSONPath (RFC 9535) |
//!
//! Unquoted keys may hold anything but `.`, `[`, `]` and quotes: `foo-bar`, `2fa` and `größe` are
//! keys as they stand.

mod dotted;
mod near;
mod query;
mod read;

pub use read::{Path, PathError, Read, Step};
