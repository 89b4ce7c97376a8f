//! The form that a reply must have.

use std::fmt::{self, Write};
use std::sync::{Arc, OnceLock};

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::structured::strict;

/// A JSON Schema that a reply must fit, compiled once.
#[derive(Clone)]
pub struct OutputSchema {
    name: Arc<str>,
    schema: Arc<Value>,
    /// Worked out when it is first sent.
    strict: Arc<OnceLock<Option<Value>>>,
    /// The member `response_format` of a request, made when it is first sent.
    response_format: Arc<OnceLock<Value>>,
    validator: Arc<Validator>,
}

/// A schema that is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("use the schema `{name}` for replies: {why}")]
pub struct BadSchema {
    name: String,
    why: String,
}

impl OutputSchema {
    /// How many mistakes of a reply are told.
    const PROBLEMS_TOLD: usize = 5;

    /// Compiles a schema. Providers see the name; letters, digits, `_` and `-` of it are kept.
    ///
    /// # Errors
    /// Where it is not a JSON Schema, or refers to another document.
    pub fn new(name: &str, schema: Value) -> Result<Self, BadSchema> {
        let validator = jsonschema::validator_for(&schema)
            .map_err(|error| BadSchema { name: name.to_owned(), why: error.to_string() })?;
        let name: String = name
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() || c == '_' || c == '-' { c } else { '_' })
            .take(64)
            .collect();
        let name = if name.is_empty() { "reply".into() } else { name.into() };
        Ok(Self {
            name,
            schema: Arc::new(schema),
            strict: Arc::default(),
            response_format: Arc::default(),
            validator: Arc::new(validator),
        })
    }

    /// The schema of a score: a reason, then a whole number.
    pub fn score_json() -> Value {
        // The reason stands first, so that the model reasons before it decides.
        json!({
            "title": "Score",
            "type": "object",
            "properties": {
                "reason": {"type": "string", "description": "Why this score, in a few sentences."},
                "score": {"type": "integer", "description": "The score that the instructions ask for."}
            },
            "required": ["reason", "score"],
            "additionalProperties": false
        })
    }

    /// What providers are told it is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The schema itself.
    pub fn schema(&self) -> &Value {
        &self.schema
    }

    /// The schema as `OpenAI` enforces it; `None` where its subset has no words for it.
    pub(crate) fn strict(&self) -> Option<&Value> {
        self.strict.get_or_init(|| strict(&self.schema)).as_ref()
    }

    /// The schema as the member `response_format` of chat completions, which alone have one. `make` makes it once: all requests of a
    /// prompt have the same.
    pub(crate) fn response_format(&self, make: impl FnOnce(&Self) -> Value) -> &Value {
        self.response_format.get_or_init(|| make(self))
    }

    /// Checks a reply.
    ///
    /// # Errors
    /// With the first mistakes and where they are, for people and for the model.
    pub fn check(&self, reply: &Value) -> Result<(), String> {
        let mut told = String::new();
        let mut errors = self.validator.iter_errors(reply);
        for error in errors.by_ref().take(Self::PROBLEMS_TOLD) {
            let separator = if told.is_empty() { "" } else { "; " };
            let path = error.instance_path().to_string();
            let place = if path.is_empty() { "the reply" } else { path.as_str() };
            // Writing into a string cannot fail.
            let _ = write!(told, "{separator}at {place}: {}", short(&error.to_string()));
        }
        if told.is_empty() {
            return Ok(());
        }
        let more = errors.count();
        if more > 0 {
            let _ = write!(told, "; and {more} more");
        }
        Err(told)
    }
}

impl fmt::Debug for OutputSchema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OutputSchema({}: {})", self.name, self.schema)
    }
}

impl PartialEq for OutputSchema {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.schema == other.schema
    }
}

/// Messages of the validator hold the value, however large.
fn short(text: &str) -> String {
    const LIMIT: usize = 200;
    if text.len() <= LIMIT {
        return text.to_owned();
    }
    let chars: Vec<char> = text.chars().collect();
    let half = LIMIT / 2;
    if chars.len() <= LIMIT {
        return text.to_owned();
    }
    let start: String = chars[..half].iter().collect();
    let end: String = chars[chars.len() - half..].iter().collect();
    format!("{start} … {end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score() -> OutputSchema {
        OutputSchema::new("Score", OutputSchema::score_json()).unwrap()
    }

    #[test]
    fn a_mistake_is_told_with_its_place() {
        let told = score().check(&json!({"score": "four", "reason": "x"})).unwrap_err();
        assert!(told.contains("at /score"), "{told}");
    }

    #[test]
    fn a_reply_of_megabytes_makes_a_short_message() {
        let told = score().check(&json!({"score": "4".repeat(5_000_000), "reason": 1})).unwrap_err();
        assert!(told.len() < 1_000, "{}", told.len());
    }

    #[test]
    fn many_mistakes_are_counted_not_listed() {
        let schema =
            OutputSchema::new("list", json!({"type": "array", "items": {"type": "string"}})).unwrap();
        let told = schema.check(&json!((0..100).collect::<Vec<_>>())).unwrap_err();
        assert!(told.ends_with("and 95 more"), "{told}");
    }

    #[test]
    fn what_is_no_schema_is_refused() {
        assert!(OutputSchema::new("x", json!({"type": "strng"})).is_err());
    }

    #[test]
    fn names_are_made_fit_for_providers() {
        assert_eq!(OutputSchema::new("List[Größe]", json!({})).unwrap().name(), "List_Gr__e_");
    }
}
