//! Profiles: registered, found, switched on and off.
//!
//! | module | what it holds |
//! |---|---|
//! | `profile` | a profile of any kind, read from its document |
//! | `layout` | where the values of its features stand in a row |
//! | `content` | what two profiles have in common that are the same |
//! | `register` | profiles come in |
//! | `error` | why one is not registered |

mod content;
mod error;
mod layout;
mod profile;
mod register;

pub use error::RegisterError;
pub use layout::{Layout, Place};
pub use profile::{Kind, Profile, ProfileError};
pub use register::{Registered, register};
