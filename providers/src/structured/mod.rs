//! Replies in a form: schemas as each provider takes them, and the check of what comes back.

mod fit;
mod layer;
mod openapi;
mod root;
mod strict;

pub use layer::Structured;

pub(crate) use openapi::openapi;
pub(crate) use root::object;
pub(crate) use strict::strict;
