//! The seam for embeddings.

use std::fmt::Debug;

use crate::CallError;
use crate::chat::{Answer, Usage};

/// Something that turns texts into vectors.
pub trait Embedder: Send + Sync + Debug {
    /// Whose vectors these are, such as `openai`.
    fn provider(&self) -> &str;

    /// The most texts that one call takes.
    fn most_at_once(&self) -> usize;

    /// One vector for each text, in the same order.
    ///
    /// # Errors
    /// Where no answer came.
    fn embed<'a>(&'a self, texts: &'a [String]) -> Answer<'a, Embeddings>;
}

/// Vectors of texts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Embeddings {
    /// One for each text.
    pub vectors: Vec<Vec<f32>>,
    /// The tokens it took, where the provider says.
    pub usage: Option<Usage>,
    /// The model that made them.
    pub model: String,
}

/// Vectors of any number of texts, by as many calls as that takes, one after another.
///
/// # Errors
/// Where a call brought no answer.
pub async fn embed_all(embedder: &dyn Embedder, texts: &[String]) -> Result<Embeddings, CallError> {
    let mut calls = texts.chunks(embedder.most_at_once().max(1));
    let Some(first) = calls.next() else { return Ok(Embeddings::default()) };
    let mut all = embedder.embed(first).await?;
    for texts in calls {
        let more = embedder.embed(texts).await?;
        all.vectors.extend(more.vectors);
        all.usage = Usage::sum(all.usage, more.usage);
    }
    Ok(all)
}

/// The cosine of the angle between two vectors, from -1 to 1; `None` where they differ in length or
/// one has no direction.
///
/// ```
/// use scouter_providers::embed::cosine;
///
/// assert_eq!(cosine(&[1.0, 0.0], &[0.0, 2.0]), Some(0.0));
/// assert_eq!(cosine(&[1.0, 0.0], &[0.0, 0.0]), None);
/// ```
pub fn cosine(one: &[f32], other: &[f32]) -> Option<f64> {
    if one.len() != other.len() {
        return None;
    }
    let dot =
        |a: &[f32], b: &[f32]| -> f64 { a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum() };
    let length = (dot(one, one) * dot(other, other)).sqrt();
    (length > 0.0 && length.is_finite()).then(|| (dot(one, other) / length).clamp(-1.0, 1.0))
}
