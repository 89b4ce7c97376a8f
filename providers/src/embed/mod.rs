//! Texts as vectors.

mod all;
mod cosine;
mod read;
mod request;
mod vectors;

pub use all::{AT_ONCE, embed_all};
pub use cosine::cosine;
pub use request::{EmbedRequest, Embedder};
pub use vectors::Embeddings;

pub(crate) use read::numbers;
