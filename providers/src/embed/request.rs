//! What an embedder is asked.

use serde_json::{Map, Value};

use super::Embeddings;
use crate::chat::{Sent, Usage, Waited};
use crate::span::{Attributes, Spans};
use crate::{Model, Question};

/// Something that turns texts into vectors.
pub type Embedder = dyn Model<EmbedRequest>;

/// Texts whose vectors are wanted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EmbedRequest {
    /// The model, as the provider calls it.
    pub model: String,
    /// The texts.
    pub texts: Vec<String>,
    /// How many numbers each vector is to have, where the model can shorten them.
    pub dimensions: Option<u32>,
    /// What the vectors are for, in the word of a provider that makes them differ by that, such as `SEMANTIC_SIMILARITY`.
    pub task: Option<String>,
    /// How long it waited for its turn so far.
    pub waited: Waited,
    /// What was sent for it so far.
    pub sent: Sent,
    /// Where the spans of its calls go.
    pub spans: Spans,
}

impl Question for EmbedRequest {
    type Reply = Embeddings;

    const OPERATION: &'static str = "embeddings";

    fn model(&self) -> &str {
        &self.model
    }

    fn canonical(&self, provider: &str) -> Value {
        let mut canonical = Map::new();
        canonical.insert("provider".into(), provider.into());
        canonical.insert("model".into(), self.model.as_str().into());
        canonical.insert("texts".into(), self.texts.as_slice().into());
        canonical.extend(self.dimensions.map(|dimensions| ("dimensions".to_owned(), dimensions.into())));
        canonical.extend(self.task.as_ref().map(|task| ("task".to_owned(), task.as_str().into())));
        Value::Object(canonical)
    }

    /// A token for every four bytes of text.
    fn estimate(&self) -> Usage {
        let input = self.texts.iter().map(|text| text.len().div_ceil(4) as u64).sum();
        Usage { input, output: 0, cached: 0 }
    }

    fn describe(&self, attributes: &mut Attributes) {
        attributes.put_some("gen_ai.embeddings.dimension.count", self.dimensions);
    }

    fn waited(&self) -> &Waited {
        &self.waited
    }

    fn sent(&self) -> &Sent {
        &self.sent
    }

    fn spans(&self) -> &Spans {
        &self.spans
    }
}
