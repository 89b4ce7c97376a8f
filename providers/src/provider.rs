//! Who answers.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A provider of models.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "&'static str")]
pub enum Provider {
    /// `OpenAI`, and everything that speaks its API at another address.
    OpenAi,
    /// Gemini by the Gemini API.
    Gemini,
    /// Gemini by Google Cloud's Vertex AI.
    Vertex,
    /// Another name for [`Provider::Gemini`].
    Google,
    /// Anthropic.
    Anthropic,
    /// Whoever runs the prompt says which.
    Undefined,
}

/// A name that belongs to no provider.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "unknown provider `{0}`, expected one of `openai`, `anthropic`, `gemini`, `google`, `vertex`, `undefined`"
)]
pub struct UnknownProvider(String);

impl Provider {
    /// The same for all names of one provider.
    #[must_use]
    pub fn canonical(self) -> Self {
        match self {
            Self::Google => Self::Gemini,
            other => other,
        }
    }

    /// Whether its models can say how likely the tokens of a reply were.
    #[must_use]
    pub fn has_log_probs(self) -> bool {
        self != Self::Anthropic
    }

    /// The name as prompt files, spans and price tables write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OpenAi => "openai",
            Self::Gemini => "gemini",
            Self::Vertex => "vertex",
            Self::Google => "google",
            Self::Anthropic => "anthropic",
            Self::Undefined => "undefined",
        }
    }
}

impl FromStr for Provider {
    type Err = UnknownProvider;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        [Self::OpenAi, Self::Gemini, Self::Vertex, Self::Google, Self::Anthropic, Self::Undefined]
            .into_iter()
            .find(|provider| provider.as_str().eq_ignore_ascii_case(name.trim()))
            .ok_or_else(|| UnknownProvider(name.to_owned()))
    }
}

impl TryFrom<String> for Provider {
    type Error = UnknownProvider;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        name.parse()
    }
}

impl From<Provider> for &'static str {
    fn from(provider: Provider) -> Self {
        provider.as_str()
    }
}

impl fmt::Display for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_in_any_case() {
        assert_eq!("OpenAI".parse(), Ok(Provider::OpenAi));
        assert_eq!("gemini".parse(), Ok(Provider::Gemini));
    }

    #[test]
    fn a_name_of_none_lists_those_that_there_are() {
        assert_eq!(
            "opnai".parse::<Provider>().unwrap_err().to_string(),
            "unknown provider `opnai`, expected one of `openai`, `anthropic`, `gemini`, `google`, `vertex`, `undefined`"
        );
    }
}
