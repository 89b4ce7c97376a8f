//! Juries: several models that are asked the same.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use scouter_providers::chat::Settings;
use scouter_providers::prompt::Prompt;
use scouter_providers::{Connection, Provider, UnknownProvider, check_address};
use serde::{Deserialize, Serialize};

/// A further model that a judge asks the same.
///
/// ```
/// use scouter_tasks::task::Juror;
///
/// let juror: Juror = serde_json::from_str(r#""openai/gpt-4o-mini""#)?;
/// assert_eq!(juror.model, "gpt-4o-mini");
/// assert!(serde_json::from_str::<Juror>(r#""gpt-4o-mini""#).is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Form", into = "Form")]
pub struct Juror {
    /// Whose model it is.
    pub provider: Provider,
    /// The model, as the provider calls it.
    pub model: String,
    /// How it answers; as the prompt says where there are none, but for what is its provider's own and for how likely tokens were,
    /// which not every provider says.
    pub settings: Option<Settings>,
    /// The address of the API, where it is not the provider's own.
    pub base_url: Option<String>,
}

/// What the votes of a jury come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Combine {
    /// Each vote is judged; more than half of all must pass.
    #[default]
    Majority,
    /// The mean of the values is judged; they must be numbers.
    Mean,
}

impl Juror {
    /// The prompt with which it is asked.
    pub(super) fn prompt(&self, of: &Prompt) -> Prompt {
        // What belongs to one provider does not go to another.
        let same = self.provider == of.provider;
        let reached = if same { of.connection.clone() } else { Connection::default() };
        let extra = if same { of.settings.extra.clone() } else { serde_json::Map::new() };
        let api = of.settings.api.filter(|_| same);
        // What is only to be told beside a reply changes none: who cannot tell it has a vote all the same.
        let logprobs = of.settings.logprobs.filter(|_| self.provider.has_log_probs());
        let usual = || Settings { extra, api, logprobs, ..of.settings.clone() };
        let settings = self.settings.clone().unwrap_or_else(usual);
        Prompt {
            model: self.model.clone(),
            provider: self.provider,
            settings,
            connection: Connection {
                base_url: self.base_url.clone().or(reached.base_url.clone()),
                ..reached
            },
            ..of.clone()
        }
    }
}

/// A juror as files hold it.
#[derive(Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "a juror is `provider/model`, or has `provider` and `model`, and perhaps `settings` and `base_url`"
)]
#[expect(clippy::large_enum_variant, reason = "there are a few, for as long as a file is read")]
enum Form {
    Name(String),
    Whole(Whole),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Whole {
    provider: Provider,
    model: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    settings: Option<Settings>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    base_url: Option<String>,
}

impl TryFrom<Form> for Juror {
    type Error = String;

    fn try_from(form: Form) -> Result<Self, String> {
        match form {
            Form::Whole(Whole { provider, model, settings, base_url }) => {
                if let Some(url) = &base_url {
                    check_address(url).map_err(|why| format!("`base_url` of `{provider}/{model}` {why}"))?;
                }
                Ok(Self { provider, model, settings, base_url })
            }
            Form::Name(name) => {
                let (provider, model) = name.split_once('/').ok_or_else(|| {
                    format!("`{name}` is no juror: write `provider/model`, such as `openai/{name}`")
                })?;
                let provider = provider.parse().map_err(|error: UnknownProvider| error.to_string())?;
                Ok(Self { provider, model: model.to_owned(), settings: None, base_url: None })
            }
        }
    }
}

impl From<Juror> for Form {
    fn from(Juror { provider, model, settings, base_url }: Juror) -> Self {
        if settings.is_none() && base_url.is_none() {
            return Self::Name(format!("{provider}/{model}"));
        }
        Self::Whole(Whole { provider, model, settings, base_url })
    }
}

/// Jurors in the published schema of task files.
pub(super) fn schema(_: &mut SchemaGenerator) -> Schema {
    let text = json_schema!({"type": "string"});
    json_schema!({
        "type": "array",
        "items": {
            "anyOf": [
                {"type": "string", "pattern": "^[^/]+/.+$", "description": "`provider/model`."},
                {
                    "description": "With what differs from the prompt.",
                    "type": "object",
                    "properties": {
                        "provider": text,
                        "model": text,
                        "settings": {"type": "object", "description": "How to answer: `temperature`, `max_tokens`, …"},
                        "base_url": text
                    },
                    "required": ["provider", "model"],
                    "additionalProperties": false
                }
            ]
        }
    })
}
