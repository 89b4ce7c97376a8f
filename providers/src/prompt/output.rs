//! The form of an answer, as it is written down.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::labels::Labels;
use super::rubric::Rubric;
use crate::chat::{BadSchema, OutputSchema};

/// The form of an answer.
///
/// ```
/// use scouter_providers::prompt::OutputType;
///
/// let form: OutputType = serde_json::from_str(r#"{"labels": ["billing", "other"]}"#)?;
/// assert_eq!(form.schema()?.schema()["properties"]["label"]["enum"][0], "billing");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged, try_from = "Value")]
pub enum OutputType {
    /// A form that has a name here.
    Named(NamedOutput),
    /// A score for each of several criteria.
    Rubric(Rubric),
    /// One of several labels.
    Labels(Labels),
    /// A schema.
    Schema {
        /// What the provider is told it is called.
        name: String,
        /// JSON Schema.
        schema: Value,
    },
}

/// Forms that have a name here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NamedOutput {
    /// A whole number and the reason for it.
    Score,
    /// Which of two is better, `first` or `second`, or that neither is (`tie`), and the reason for it.
    Preference,
}

impl TryFrom<Value> for OutputType {
    type Error = String;

    fn try_from(form: Value) -> Result<Self, String> {
        /// A schema with its name.
        #[derive(Deserialize)]
        struct Named {
            name: String,
            schema: Value,
        }
        let told = |error: serde_json::Error| error.to_string();
        match &form {
            Value::String(_) => serde_json::from_value(form).map(Self::Named).map_err(told),
            Value::Object(members) if members.contains_key("rubric") => {
                serde_json::from_value(form).map(Self::Rubric).map_err(told)
            }
            Value::Object(members) if members.contains_key("labels") => {
                serde_json::from_value(form).map(Self::Labels).map_err(told)
            }
            other => {
                let mut names = other.as_object().into_iter().flatten().map(|(name, _)| name);
                if let Some(name) = names.find(|name| !["name", "schema"].contains(&name.as_str())) {
                    let known = "`rubric`, `labels`, `name`, `schema`";
                    return Err(format!("unknown field `{name}`, expected one of {known}"));
                }
                let Named { name, schema } = serde_json::from_value(form).map_err(told)?;
                Ok(Self::Schema { name, schema })
            }
        }
    }
}

impl OutputType {
    /// The schema that a model is given, compiled.
    ///
    /// # Errors
    /// Where it is none.
    pub fn schema(&self) -> Result<OutputSchema, BadSchema> {
        match self {
            Self::Named(NamedOutput::Score) => OutputSchema::new("Score", OutputSchema::score_json()),
            Self::Named(NamedOutput::Preference) => OutputSchema::new("Preference", preference()),
            Self::Rubric(rubric) => OutputSchema::new("Rubric", rubric.schema()),
            Self::Labels(labels) => OutputSchema::new("Label", labels.schema()),
            Self::Schema { name, schema } => OutputSchema::new(name, schema.clone()),
        }
    }

    /// What a reply of this form has beside what its schema says: the names of what [`OutputType::finish`] works
    /// out.
    pub fn adds(&self) -> &'static [&'static str] {
        match self {
            Self::Rubric(_) => &Rubric::ADDED,
            Self::Named(_) | Self::Labels(_) | Self::Schema { .. } => &[],
        }
    }

    /// The reply with what follows from it: what models are bad at working out themselves.
    #[must_use]
    pub fn finish(&self, reply: Value) -> Value {
        match self {
            Self::Rubric(rubric) => rubric.finish(reply),
            Self::Named(_) | Self::Labels(_) | Self::Schema { .. } => reply,
        }
    }

    /// The name under which a prompt can show what the form asks for, and that as text.
    pub(super) fn offers(&self) -> Option<(&'static str, String)> {
        match self {
            Self::Rubric(rubric) => Some(("rubric", rubric.to_string())),
            Self::Labels(labels) => Some(("labels", labels.to_string())),
            Self::Named(_) | Self::Schema { .. } => None,
        }
    }
}

/// The schema of a reason and a decision, in this order: so the model reasons before it decides.
pub(super) fn reasoned(title: &str, why: &str, name: &str, decision: Value) -> Value {
    let mut properties = Map::new();
    properties.insert("reason".into(), json!({"type": "string", "description": why}));
    properties.insert(name.into(), decision);
    json!({
        "title": title,
        "type": "object",
        "properties": properties,
        "required": ["reason", name],
        "additionalProperties": false
    })
}

fn preference() -> Value {
    let decision = json!({
        "type": "string",
        "enum": ["first", "second", "tie"],
        "description": "The better one; `tie` where neither is."
    });
    reasoned("Preference", "What tells the two apart, in a few sentences.", "winner", decision)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(form: Value) -> Result<OutputType, serde_json::Error> {
        serde_json::from_value(form)
    }

    #[test]
    fn every_form_is_read_as_it_was_written() {
        for form in [
            json!("Score"),
            json!("Preference"),
            json!({"rubric": {"clarity": "Is it clear?", "depth": {"description": "Is it deep?", "weight": 2.0}}, "scale": [0, 3]}),
            json!({"labels": ["a", "b"]}),
            json!({"labels": {"a": "the first", "b": "the second"}}),
            json!({"name": "n", "schema": {"type": "object"}}),
        ] {
            assert_eq!(serde_json::to_value(read(form.clone()).unwrap()).unwrap(), form);
        }
    }

    #[test]
    fn every_form_has_a_schema_whose_reason_stands_first() {
        for form in [json!("Score"), json!("Preference"), json!({"labels": ["a", "b"]})] {
            let schema = read(form).unwrap().schema().unwrap();
            let properties = schema.schema()["properties"].as_object().unwrap();
            assert_eq!(properties.keys().next().map(String::as_str), Some("reason"));
        }
    }

    #[test]
    fn a_form_that_is_none_says_what_is_wrong_with_it() {
        for (form, why) in [
            (json!("Scor"), "unknown variant `Scor`"),
            (json!({"labels": ["a"]}), "at least two"),
            (json!({"rubric": {}}), "at least one criterion"),
            (json!({"schema": {}}), "missing field `name`"),
            (json!({"name": "n", "schema": {}, "nam": 1}), "unknown field `nam`"),
            (
                json!({"rubrik": {"a": "x"}}),
                "unknown field `rubrik`, expected one of `rubric`, `labels`, `name`, `schema`",
            ),
        ] {
            let told = read(form).unwrap_err().to_string();
            assert!(told.contains(why), "{told}");
        }
    }
}
