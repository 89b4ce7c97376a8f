//! What is asked, in no provider's form.

use std::time::Duration;

use ring::digest::{SHA256, digest};
use serde_json::{Map, Value, json};

use super::{ChatReply, Image, Message, OutputSchema, Part, Sent, Settings, Usage, Waited};
use crate::span::{Attributes, Spans};
use crate::{Connection, Model, Question};

/// Something that answers questions in words.
pub type ChatModel = dyn Model<ChatRequest>;

/// A question to a model.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ChatRequest {
    /// The model, as the provider calls it.
    pub model: String,
    /// What is said so far.
    pub messages: Vec<Message>,
    /// How to answer.
    pub settings: Settings,
    /// The form of the answer.
    pub schema: Option<OutputSchema>,
    /// Which of several tries of the same question this is. It is never sent: it tells answers
    /// apart in caches and cassettes.
    pub trial: u32,
    /// How to reach the provider, where it differs from what the model was made with.
    pub connection: Connection,
    /// How long it waited for its turn so far.
    pub waited: Waited,
    /// What was sent for it so far.
    pub sent: Sent,
    /// Where the spans of its calls go.
    pub spans: Spans,
}

impl Question for ChatRequest {
    type Reply = ChatReply;

    const OPERATION: &'static str = "chat";

    fn model(&self) -> &str {
        &self.model
    }

    /// Images are named by their digest; trial and connection are left out.
    fn canonical(&self, provider: &str) -> Value {
        let mut canonical = Map::new();
        canonical.insert("provider".into(), provider.into());
        canonical.insert("model".into(), self.model.clone().into());
        canonical.insert("messages".into(), self.messages.iter().map(message).collect());
        // Plain numbers, texts and maps always have a form as JSON.
        let settings = serde_json::to_value(&self.settings).unwrap_or_default();
        if settings.as_object().is_some_and(|settings| !settings.is_empty()) {
            canonical.insert("settings".into(), settings);
        }
        if let Some(schema) = &self.schema {
            canonical.insert("schema".into(), json!({"name": schema.name(), "schema": schema.schema()}));
        }
        Value::Object(canonical)
    }

    fn trial(&self) -> u32 {
        self.trial
    }

    /// A token for every four bytes of text, what a small image takes for each image, and the longest reply.
    fn estimate(&self) -> Usage {
        const IMAGE: usize = 800;
        let parts = self.messages.iter().flat_map(|message| &message.parts);
        let bytes: usize = parts
            .map(|part| match part {
                Part::Text(text) => text.len(),
                Part::Image(_) => IMAGE * 4,
            })
            .sum();
        let schema = self.schema.as_ref().map_or(0, |schema| schema.schema().to_string().len());
        Usage {
            input: (bytes + schema).div_ceil(4) as u64,
            output: self.settings.max_tokens.unwrap_or(0).into(),
            cached: 0,
        }
    }

    fn describe(&self, attributes: &mut Attributes) {
        let Settings { temperature, top_p, top_k, max_tokens, seed, .. } = self.settings;
        attributes.put_some("gen_ai.request.temperature", temperature);
        attributes.put_some("gen_ai.request.top_p", top_p);
        attributes.put_some("gen_ai.request.top_k", top_k.map(f64::from));
        attributes.put_some("gen_ai.request.max_tokens", max_tokens);
        attributes.put_some("gen_ai.request.seed", seed);
        attributes.put_some("gen_ai.output.type", self.schema.as_ref().map(|_| "json"));
    }

    fn timeout(&self) -> Option<Duration> {
        self.connection.timeout
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

/// The SHA-256 of some bytes, in hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    use std::fmt::Write;
    digest(&SHA256, bytes).as_ref().iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing into a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn message(message: &Message) -> Value {
    let content = message.as_text().map_or_else(|| message.parts.iter().map(part).collect(), Value::from);
    json!({"role": message.role.as_str(), "content": content})
}

fn part(part: &Part) -> Value {
    match part {
        Part::Text(text) => json!({"type": "text", "text": text}),
        Part::Image(Image::Url(url)) => json!({"type": "image", "url": url}),
        Part::Image(Image::Bytes { media_type, data }) => {
            json!({"type": "image", "media_type": media_type, "sha256": sha256(data)})
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::Role;

    #[test]
    fn an_image_is_known_by_its_digest() {
        let image = Image::Bytes { media_type: "image/png".into(), data: b"abc".as_slice().into() };
        let request = ChatRequest {
            model: "m".into(),
            messages: vec![Message { role: Role::User, parts: vec![Part::Image(image)] }],
            ..ChatRequest::default()
        };
        let canonical = request.canonical("openai").to_string();
        assert!(
            canonical.contains("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            "{canonical}"
        );
    }

    #[test]
    fn trial_and_connection_are_not_part_of_the_question() {
        let one = ChatRequest::default();
        let other = ChatRequest {
            trial: 3,
            connection: Connection { base_url: Some("http://localhost".into()), ..Connection::default() },
            ..ChatRequest::default()
        };
        assert_eq!(one.canonical("openai"), other.canonical("openai"));
    }
}
