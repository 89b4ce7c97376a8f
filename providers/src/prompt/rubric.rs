//! A rubric: criteria that something is scored by, one by one.
//!
//! The model gives a score and a reason for each criterion; the score of the whole is worked out here:
//!
//! ```text
//! score = Σ weight·score of the criterion / Σ weight
//! ```

use std::fmt;

use indexmap::IndexMap;
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::output::reasoned;

/// Criteria, and the scale of their scores.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Form", into = "Form")]
pub struct Rubric {
    criteria: IndexMap<String, Criterion>,
    scale: (i64, i64),
}

/// One thing that something is scored by.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(into = "CriterionForm")]
pub struct Criterion {
    /// What is asked, for the model.
    pub description: String,
    /// How much it counts beside the others; more than 0.
    pub weight: f64,
}

/// A rubric that makes no sense.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("use the rubric: {0}")]
pub struct BadRubric(String);

impl Rubric {
    /// What is worked out of a reply, and added to it.
    pub(super) const ADDED: [&'static str; 2] = ["score", "reason"];

    /// The scale where none is said.
    pub const SCALE: (i64, i64) = (1, 5);

    /// A rubric of these criteria, scored from the first to the second number of the scale.
    ///
    /// # Errors
    /// There is no criterion, one of them has a name that the reply needs, no description or no weight, or the scale
    /// does not rise.
    pub fn new(criteria: IndexMap<String, Criterion>, scale: (i64, i64)) -> Result<Self, BadRubric> {
        let wrong = |why: String| Err(BadRubric(why));
        if criteria.is_empty() {
            return wrong("it needs at least one criterion".into());
        }
        if scale.0 >= scale.1 {
            return wrong(format!("the scale must rise, and goes from {} to {}", scale.0, scale.1));
        }
        for (name, Criterion { description, weight }) in &criteria {
            if name.is_empty() || Self::ADDED.contains(&name.as_str()) {
                return wrong(format!("no criterion can be called `{name}`"));
            }
            if description.trim().is_empty() {
                return wrong(format!("the criterion `{name}` needs a description"));
            }
            if !(weight.is_finite() && *weight > 0.0) {
                return wrong(format!("the weight of `{name}` must be more than 0, and is {weight}"));
            }
        }
        Ok(Self { criteria, scale })
    }

    /// The criteria, in their order.
    pub fn criteria(&self) -> &IndexMap<String, Criterion> {
        &self.criteria
    }

    /// The lowest and the highest score.
    pub fn scale(&self) -> (i64, i64) {
        self.scale
    }

    pub(super) fn schema(&self) -> Value {
        let (low, high) = self.scale;
        let criterion = |(name, criterion): (&String, &Criterion)| {
            let score = json!({"type": "integer", "minimum": low, "maximum": high});
            let mut schema = reasoned(name, "Why this score, in a sentence.", "score", score);
            schema["description"] = criterion.description.clone().into();
            (name.clone(), schema)
        };
        let properties: Map<String, Value> = self.criteria.iter().map(criterion).collect();
        let names: Vec<&String> = self.criteria.keys().collect();
        json!({
            "title": "Rubric",
            "type": "object",
            "properties": properties,
            "required": names,
            "additionalProperties": false
        })
    }

    /// Adds the score of the whole, and as its reason that of the criterion with the lowest score.
    pub(super) fn finish(&self, reply: Value) -> Value {
        let Value::Object(mut members) = reply else { return reply };
        let (mut sum, mut weights) = (0.0, 0.0);
        let mut weakest: Option<(f64, String)> = None;
        for (name, criterion) in &self.criteria {
            let given = members.get(name);
            let Some(score) = given.and_then(|given| given.get("score")?.as_f64()) else {
                return Value::Object(members);
            };
            sum += criterion.weight * score;
            weights += criterion.weight;
            if weakest.as_ref().is_none_or(|(least, _)| score < *least) {
                let why = given.and_then(|given| given.get("reason")?.as_str()).unwrap_or_default();
                weakest = Some((score, format!("{name} {score}: {why}")));
            }
        }
        members.insert("score".into(), (sum / weights).into());
        members.insert("reason".into(), weakest.map(|(_, why)| why).into());
        Value::Object(members)
    }
}

/// As a prompt shows it.
impl fmt::Display for Rubric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (low, high) = self.scale;
        write!(
            f,
            "Score each criterion on its own with a whole number from {low} (worst) to {high} (best):"
        )?;
        self.criteria.iter().try_for_each(|(name, of)| write!(f, "\n- {name}: {}", of.description))
    }
}

/// A rubric as files hold it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    #[serde(deserialize_with = "criteria")]
    rubric: IndexMap<String, Criterion>,
    #[serde(default = "usual", skip_serializing_if = "is_usual")]
    scale: (i64, i64),
}

fn usual() -> (i64, i64) {
    Rubric::SCALE
}

fn is_usual(scale: &(i64, i64)) -> bool {
    *scale == Rubric::SCALE
}

impl TryFrom<Form> for Rubric {
    type Error = BadRubric;

    fn try_from(Form { rubric, scale }: Form) -> Result<Self, BadRubric> {
        Self::new(rubric, scale)
    }
}

impl From<Rubric> for Form {
    fn from(Rubric { criteria, scale }: Rubric) -> Self {
        Self { rubric: criteria, scale }
    }
}

/// A criterion as files hold it: its description alone, or with its weight.
#[derive(Serialize)]
#[serde(untagged)]
enum CriterionForm {
    Description(String),
    Whole(Whole),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Whole {
    description: String,
    #[serde(default = "one")]
    weight: f64,
}

fn one() -> f64 {
    1.0
}

/// Reads criteria by their names. What is wrong with one of them is told with its name.
fn criteria<'de, D: Deserializer<'de>>(deserializer: D) -> Result<IndexMap<String, Criterion>, D::Error> {
    struct Named;

    impl<'de> Visitor<'de> for Named {
        type Value = IndexMap<String, Criterion>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("criteria by their names")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
            let mut criteria = IndexMap::new();
            while let Some(name) = entries.next_key::<String>()? {
                let criterion = entries.next_value::<Criterion>().map_err(|error| {
                    <A::Error as de::Error>::custom(format!("the criterion `{name}`: {error}"))
                })?;
                criteria.insert(name, criterion);
            }
            Ok(criteria)
        }
    }

    let read = deserializer.deserialize_map(Named);
    read.map_err(|error| de::Error::custom(BadRubric(error.to_string())))
}

impl<'de> Deserialize<'de> for Criterion {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;

        impl<'de> Visitor<'de> for Read {
            type Value = Criterion;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a description, or `description` and `weight`")
            }

            fn visit_str<E: de::Error>(self, description: &str) -> Result<Criterion, E> {
                Ok(Criterion { description: description.to_owned(), weight: one() })
            }

            fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<Criterion, A::Error> {
                let Whole { description, weight } = Whole::deserialize(MapAccessDeserializer::new(entries))?;
                Ok(Criterion { description, weight })
            }
        }

        deserializer.deserialize_any(Read)
    }
}

impl From<Criterion> for CriterionForm {
    fn from(Criterion { description, weight }: Criterion) -> Self {
        #[expect(clippy::float_cmp, reason = "just the weight that is not written")]
        if weight == 1.0 {
            Self::Description(description)
        } else {
            Self::Whole(Whole { description, weight })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::OutputSchema;

    fn rubric(form: Value) -> Result<Rubric, serde_json::Error> {
        serde_json::from_value(form)
    }

    fn usual() -> Rubric {
        let depth = json!({"description": "Is it deep?", "weight": 3});
        rubric(json!({"rubric": {"clarity": "Is it clear?", "depth": depth}})).unwrap()
    }

    #[test]
    fn the_score_is_the_weighted_mean_and_the_reason_that_of_the_weakest() {
        let reply =
            json!({"clarity": {"reason": "plain", "score": 5}, "depth": {"reason": "thin", "score": 2}});
        let done = usual().finish(reply);
        assert_eq!(done["score"], json!(2.75));
        assert_eq!(done["reason"], json!("depth 2: thin"));
        assert_eq!(done["clarity"]["score"], json!(5));
    }

    #[test]
    fn a_reply_wants_each_criterion_within_the_scale() {
        let schema = OutputSchema::new("Rubric", usual().schema()).unwrap();
        let reply = |depth: Value| json!({"clarity": {"reason": "", "score": 5}, "depth": depth});
        assert_eq!(schema.check(&reply(json!({"reason": "", "score": 1}))), Ok(()));
        for wrong in
            [json!({"reason": "", "score": 6}), json!({"reason": "", "score": 2.5}), json!(3), json!(null)]
        {
            assert!(schema.check(&reply(wrong.clone())).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_prompt_can_show_it() {
        let shown = usual().to_string();
        assert!(shown.starts_with(
            "Score each criterion on its own with a whole number from 1 (worst) to 5 (best):\n"
        ));
        assert!(shown.ends_with("\n- clarity: Is it clear?\n- depth: Is it deep?"));
    }

    #[test]
    fn a_rubric_that_makes_no_sense_says_why() {
        for (form, why) in [
            (json!({"rubric": {"score": "x"}}), "called `score`"),
            (json!({"rubric": {"a": " "}}), "needs a description"),
            (json!({"rubric": {"a": {"description": "x", "weight": 0}}}), "more than 0"),
            (json!({"rubric": {"a": "x"}, "scale": [5, 5]}), "must rise"),
            (json!({"rubric": {"a": "x"}, "scal": [1, 5]}), "unknown field `scal`"),
            (
                json!({"rubric": {"a": {"description": "x", "weigth": 2}}}),
                "use the rubric: the criterion `a`: unknown field `weigth`, expected `description` or `weight`",
            ),
            (json!({"rubric": {"a": {"weight": 2}}}), "the criterion `a`: missing field `description`"),
            (json!({"rubric": {"a": 5}}), "expected a description, or `description` and `weight`"),
            (
                json!({"rubric": 5}),
                "use the rubric: invalid type: integer `5`, expected criteria by their names",
            ),
        ] {
            let told = rubric(form).unwrap_err().to_string();
            assert!(told.contains(why), "{told}");
        }
    }
}
