//! Prompts as people write them.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use super::output::OutputType;
use crate::chat::{self, Message, Role, Settings};
use crate::{Connection, Provider};

/// A question with places to fill in: plain data, for code and for files.
///
/// All texts, and the addresses of images, are templates: `${path}` is a place, `$${` a plain `${`.
///
/// ```
/// use scouter_providers::prompt::Prompt;
///
/// let prompt: Prompt = serde_json::from_str(
///     r#"{"model": "gpt-4o-mini", "provider": "openai", "messages": "Is ${r.text} polite?", "output_type": "Score"}"#,
/// )?;
/// let compiled = prompt.compile()?;
/// assert_eq!(compiled.needs().iter().collect::<Vec<_>>(), ["r.text"]);
///
/// let request = compiled.fill(&serde_json::json!({"r": {"text": "this"}}))?;
/// assert_eq!(request.messages[0].as_text(), Some("Is this polite?"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prompt {
    /// The model, as the provider calls it.
    pub model: String,
    /// Whose model it is.
    #[serde(default = "undefined")]
    pub provider: Provider,
    /// What is said, in order. A text alone is said by the user.
    #[serde(deserialize_with = "messages")]
    pub messages: Vec<Message>,
    /// Instructions that go before the messages.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "instructions")]
    pub system_instructions: Vec<Message>,
    /// How to answer.
    #[serde(default, alias = "model_settings", skip_serializing_if = "is_usual")]
    pub settings: Settings,
    /// How the provider is reached for this prompt, where it differs from the usual.
    #[serde(default, skip_serializing_if = "Connection::is_unwritten")]
    pub connection: Connection,
    /// The form of the answer; free text where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output_type: Option<OutputType>,
    /// Values that are given already. They go before those of the same name that come later.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub bound: Map<String, Value>,
}

impl Prompt {
    /// The same prompt with a value given.
    #[must_use]
    pub fn bind(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.bound.insert(name.to_owned(), value.into());
        self
    }

    /// All messages in their order, instructions first.
    pub fn all_messages(&self) -> impl Iterator<Item = &Message> {
        self.system_instructions.iter().chain(&self.messages)
    }
}

fn undefined() -> Provider {
    Provider::Undefined
}

fn is_usual(settings: &Settings) -> bool {
    *settings == Settings::default()
}

fn messages<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Message>, D::Error> {
    chat::messages(deserializer, Role::User)
}

/// Texts among the instructions are instructions.
fn instructions<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Message>, D::Error> {
    chat::messages(deserializer, Role::System)
}

#[cfg(test)]
#[path = "tests/spec.rs"]
mod tests;
