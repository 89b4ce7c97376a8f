//! Labels that something is classified by.

use std::fmt;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::output::reasoned;

/// Labels, of which a reply names one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Form", into = "Form")]
pub struct Labels(IndexMap<String, Option<String>>);

/// Labels that make no sense.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("use the labels: {0}")]
pub struct BadLabels(String);

impl Labels {
    /// These labels, each with a description for the model where it has one.
    ///
    /// # Errors
    /// There are fewer than two, or one is empty or given twice.
    pub fn new(labels: impl IntoIterator<Item = (String, Option<String>)>) -> Result<Self, BadLabels> {
        let mut all = IndexMap::new();
        for (label, description) in labels {
            if label.trim().is_empty() {
                return Err(BadLabels("one is empty".into()));
            }
            if all.contains_key(&label) {
                return Err(BadLabels(format!("`{label}` is given twice")));
            }
            all.insert(label, description);
        }
        if all.len() < 2 {
            return Err(BadLabels("at least two are needed".into()));
        }
        Ok(Self(all))
    }

    /// The labels with their descriptions, in their order.
    pub fn all(&self) -> &IndexMap<String, Option<String>> {
        &self.0
    }

    pub(super) fn schema(&self) -> Value {
        let names: Vec<&String> = self.0.keys().collect();
        let decision = json!({"type": "string", "enum": names, "description": "The label that fits best."});
        reasoned("Label", "Why this label, in a sentence or two.", "label", decision)
    }
}

/// As a prompt shows them.
impl fmt::Display for Labels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (label, description)) in self.0.iter().enumerate() {
            let separator = if at == 0 { "" } else { "\n" };
            write!(f, "{separator}- {label}")?;
            description.iter().try_for_each(|description| write!(f, ": {description}"))?;
        }
        Ok(())
    }
}

/// Labels as files hold them.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    labels: Listed,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged, expecting = "use the labels: give a list of texts, or texts with their descriptions")]
enum Listed {
    Alone(Vec<String>),
    Described(IndexMap<String, Option<String>>),
}

impl TryFrom<Form> for Labels {
    type Error = BadLabels;

    fn try_from(form: Form) -> Result<Self, BadLabels> {
        match form.labels {
            Listed::Alone(labels) => Self::new(labels.into_iter().map(|label| (label, None))),
            Listed::Described(labels) => Self::new(labels),
        }
    }
}

impl From<Labels> for Form {
    fn from(Labels(labels): Labels) -> Self {
        let alone = labels.values().all(Option::is_none);
        let labels =
            if alone { Listed::Alone(labels.into_keys().collect()) } else { Listed::Described(labels) };
        Self { labels }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::OutputSchema;

    #[test]
    fn a_reply_names_one_of_them() {
        let labels = Labels::new([("a".into(), None), ("b".into(), Some("the other".into()))]).unwrap();
        let schema = OutputSchema::new("Label", labels.schema()).unwrap();
        assert_eq!(schema.check(&json!({"reason": "", "label": "b"})), Ok(()));
        assert!(schema.check(&json!({"reason": "", "label": "c"})).is_err());
        assert_eq!(labels.to_string(), "- a\n- b: the other");
    }

    #[test]
    fn labels_that_make_no_sense_say_why() {
        for (labels, why) in [
            (vec!["a", "a"], "`a` is given twice"),
            (vec!["a", " "], "one is empty"),
            (vec!["a"], "at least two"),
        ] {
            let told = Labels::new(labels.into_iter().map(|label| (label.to_owned(), None))).unwrap_err();
            assert!(told.to_string().contains(why), "{told}");
        }
    }
}
