//! Anthropic: messages.

mod messages;
mod model;

pub use model::Anthropic;

pub(crate) use model::NAMES;
