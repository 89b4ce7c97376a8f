//! Anthropic: messages.

mod messages;
mod model;

pub use model::Anthropic;
