//! Anthropic: messages.

mod messages;
mod model;

pub use messages::message;
pub use model::Anthropic;

pub(crate) use model::NAMES;
