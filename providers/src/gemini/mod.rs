//! Google: Gemini and Vertex AI, and embeddings.

mod embeddings;
mod generate;
mod model;

pub use embeddings::GeminiEmbedder;
pub use generate::content as message;
pub use model::Gemini;

pub(crate) use model::{NAMES, VERTEX};
