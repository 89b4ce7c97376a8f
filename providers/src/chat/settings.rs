//! How a model is to answer.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::openai::OpenAiApi;

/// What people set often, and a place for the rest. What is `None` is left to the provider.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// How freely tokens are drawn, from 0.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "read_finite")]
    pub temperature: Option<f64>,
    /// Tokens are drawn from the likeliest that together have this probability, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "read_finite")]
    pub top_p: Option<f64>,
    /// Tokens are drawn from this many likeliest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top_k: Option<u32>,
    /// The longest reply, in tokens.
    #[serde(
        skip_serializing_if = "Option::is_none",
        alias = "max_completion_tokens",
        alias = "max_output_tokens"
    )]
    pub max_tokens: Option<u32>,
    /// A seed, where the provider has such a thing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<i64>,
    /// Texts at which the reply ends.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stop: Vec<String>,
    /// Whether to say how likely each token of the reply was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logprobs: Option<bool>,
    /// By which of `OpenAI`'s APIs a model is asked; by chat completions where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api: Option<OpenAiApi>,
    /// How much the model thinks, in the provider's words, such as `low`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reasoning_effort: Option<String>,
    /// Whatever else the provider knows, merged into the body of the request as it stands.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub extra: Map<String, Value>,
}

/// What is no finite number has no form in a request.
fn read_finite<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    match Option::deserialize(deserializer)? {
        Some(number) if !f64::is_finite(number) => {
            Err(serde::de::Error::custom(format!("a finite number is needed, not `{number}`")))
        }
        number => Ok(number),
    }
}

/// Merges `extra` into a request: objects member by member, anything else is replaced.
pub(crate) fn merge(body: &mut Map<String, Value>, extra: &Map<String, Value>) {
    for (name, value) in extra {
        match (body.get_mut(name), value) {
            (Some(Value::Object(inner)), Value::Object(extra)) => merge(inner, extra),
            _ => {
                body.insert(name.clone(), value.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extra_reaches_into_objects() {
        let mut body: Map<String, Value> =
            serde_json::from_str(r#"{"a": {"x": 1, "y": 2}, "b": 1}"#).unwrap();
        let extra = serde_json::from_str(r#"{"a": {"y": 3}, "b": {"z": 4}}"#).unwrap();
        merge(&mut body, &extra);
        assert_eq!(serde_json::to_string(&body).unwrap(), r#"{"a":{"x":1,"y":3},"b":{"z":4}}"#);
    }

    #[test]
    fn a_setting_with_a_typo_is_refused() {
        assert!(serde_json::from_str::<Settings>(r#"{"temprature": 1}"#).is_err());
    }
}
