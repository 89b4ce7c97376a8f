//! `OpenAI`: chat completions, responses, embeddings, and every server that speaks them.

mod completions;
mod embeddings;
mod model;
mod responses;

pub use completions::message;
pub use embeddings::OpenAiEmbedder;
pub use model::{OpenAi, OpenAiApi};

pub(crate) use model::{AZURE, NAMES};
