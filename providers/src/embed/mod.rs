//! Texts as vectors.

mod embedder;
mod read;

pub use embedder::{Embedder, Embeddings, cosine, embed_all};

pub(crate) use read::numbers;
