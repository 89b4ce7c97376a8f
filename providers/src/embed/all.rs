//! More texts than one call takes.

use super::{EmbedRequest, Embedder, Embeddings};
use crate::CallError;

/// The most texts of one call: as many as every provider takes.
pub const AT_ONCE: usize = 100;

/// How many texts a call takes: one, for the newer models of Vertex.
fn at_once(embedder: &Embedder, model: &str) -> usize {
    if embedder.provider() == "vertex" && model.starts_with("gemini-") { 1 } else { AT_ONCE }
}

/// Vectors of any number of texts, by as many calls as that takes, one after another.
///
/// # Errors
/// Where a call brought no answer, with what those before it took.
pub async fn embed_all(embedder: &Embedder, request: &EmbedRequest) -> Result<Embeddings, CallError> {
    let mut all = Embeddings { model: request.model.clone(), ..Embeddings::default() };
    for (at, texts) in request.texts.chunks(at_once(embedder, &request.model)).enumerate() {
        let part = EmbedRequest { texts: texts.to_vec(), ..request.clone() };
        let more = embedder.call(&part).await.map_err(|error| all.before(error))?;
        all = if at == 0 { more } else { all.and(more) };
    }
    Ok(all)
}
