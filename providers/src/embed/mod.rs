//! Texts as vectors.

mod embedder;
mod read;
mod scripted;

pub use embedder::{Embedder, Embeddings, cosine, embed_all};
pub use scripted::ScriptedEmbedder;

pub(crate) use read::numbers;
