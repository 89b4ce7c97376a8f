//! Google: Gemini and Vertex AI, and embeddings of both.

mod embeddings;
mod generate;
mod model;
mod predict;

pub use embeddings::GeminiEmbedder;
pub use generate::content as message;
pub use model::Gemini;
pub use predict::VertexEmbedder;

pub(crate) use model::{NAMES, VERTEX};
