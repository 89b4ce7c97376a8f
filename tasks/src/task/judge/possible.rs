//! What a reply can say at a path, as far as its schema knows: what is expected of it and nowhere among that is a slip.

use std::fmt;

use scouter_engine::nearest;
use scouter_providers::prompt::{OutputType, Prompt};
use serde_json::Value as Json;

use super::pair::Pair;
use crate::operator::{Family, Operator, short, some_of};
use crate::path::{Path, Step};
use crate::task::expectation::Expectation;
use crate::value::{Number, Value, to_value};

/// The most whole numbers that are gone through one by one.
const COUNTED: i64 = 1_000;

/// How many references and choices a schema may stand behind; a recursive one has no end.
const DEEP: usize = 16;

/// Operators of which a few numbers of a range do not tell whether they hold for some number of it.
const OF_ANY: [Operator; 3] = [Operator::NotOneOf, Operator::IsInteger, Operator::MatchesSchema];

/// Texts of every form that an operator asks of one before it judges it, beside those that it is given.
const TEXTS: [&str; 3] = ["", "0", "2000-01-01"];

/// Operators that name whole values.
const NAMING: [Operator; 4] = [Operator::Equals, Operator::NotEqual, Operator::IsOneOf, Operator::NotOneOf];

/// All that a reply can say in one place; perhaps it says less.
#[derive(Debug)]
pub(super) enum Possible {
    /// One of these.
    Listed(Vec<Value>),
    /// A whole number from the first to the second, as far as there is an end.
    Whole(Option<i64>, Option<i64>),
    /// A number from the first to the second; an end that there is not is infinite.
    Range(f64, f64),
    /// Any text.
    Text,
}

impl Possible {
    /// What the reply to a prompt can say at the path; `None` where that is open.
    pub(super) fn at(prompt: &Prompt, pair: Option<&Pair>, path: &Path) -> Option<Self> {
        let output = prompt.output_type.as_ref()?;
        let keys: Vec<&str> = path.steps().iter().map(key).collect::<Option<_>>()?;
        if !path.ends_after(keys.len()) {
            return None;
        }
        if let ([name], Some(pair)) = (&keys[..], pair) {
            return pair.says(name).map(Self::Listed);
        }
        if let (["score"], OutputType::Rubric(rubric)) = (&keys[..], output) {
            let (low, high) = rubric.scale();
            return Some(Self::Range(low as f64, high as f64));
        }
        // What is no schema is told of with the prompt.
        let schema = output.schema().ok()?;
        let root = schema.schema();
        let at = keys.iter().try_fold(root, |at, name| resolved(at, root).get("properties")?.get(*name))?;
        Self::of(at, root, DEEP)
    }

    /// What a schema allows, of a document that it may refer to.
    fn of(schema: &Json, root: &Json, deep: usize) -> Option<Self> {
        let deep = deep.checked_sub(1)?;
        let schema = resolved(schema, root);
        let list = |name: &str| schema.get(name).and_then(Json::as_array);
        if let Some(all) = list("enum") {
            return all.iter().map(|one| to_value(one).ok()).collect::<Option<Vec<_>>>().map(Self::Listed);
        }
        if let Some(one) = schema.get("const") {
            return Some(Self::Listed(vec![to_value(one).ok()?]));
        }
        if let Some(choices) = list("anyOf").or_else(|| list("oneOf")) {
            let mut all = Vec::new();
            for choice in choices {
                all.extend(Self::of(choice, root, deep)?.all()?);
            }
            return Some(Self::Listed(all));
        }
        if let Some(parts) = list("allOf") {
            return parts.iter().find_map(|part| Self::of(part, root, deep));
        }
        match schema.get("type")?.as_str()? {
            "boolean" => Some(Self::Listed(vec![Value::Bool(true), Value::Bool(false)])),
            "null" => Some(Self::Listed(vec![Value::Null])),
            "integer" => {
                let whole = |name: &str| schema.get(name).and_then(Json::as_i64);
                let beyond = |name: &str, step: i64| whole(name)?.checked_add(step);
                let low = whole("minimum").or_else(|| beyond("exclusiveMinimum", 1));
                let high = whole("maximum").or_else(|| beyond("exclusiveMaximum", -1));
                Some(Self::Whole(low, high))
            }
            "number" => {
                let number = |name: &str| schema.get(name).and_then(Json::as_f64);
                let low = number("minimum").or_else(|| number("exclusiveMinimum"));
                let high = number("maximum").or_else(|| number("exclusiveMaximum"));
                Some(Self::Range(low.unwrap_or(f64::NEG_INFINITY), high.unwrap_or(f64::INFINITY)))
            }
            "string" => Some(Self::Text),
            _ => None,
        }
    }

    /// What the mean of several can be; `None` where they are no numbers.
    pub(super) fn mean(&self) -> Option<Self> {
        match self {
            Self::Whole(low, high) => {
                let low = low.map_or(f64::NEG_INFINITY, |low| low as f64);
                Some(Self::Range(low, high.map_or(f64::INFINITY, |high| high as f64)))
            }
            Self::Text => None,
            Self::Range(low, high) => Some(Self::Range(*low, *high)),
            Self::Listed(all) => {
                let numbers: Option<Vec<f64>> =
                    all.iter().map(|value| value.as_number().map(Number::to_f64)).collect();
                let numbers = numbers?;
                let low = numbers.iter().copied().reduce(f64::min)?;
                let high = numbers.iter().copied().reduce(f64::max)?;
                Some(Self::Range(low, high))
            }
        }
    }

    /// Why no reply can meet what is expected at the path, or never says what is named there; `None` where one can.
    pub(super) fn unmet(&self, path: &Path, operator: Operator, expectation: &Expectation) -> Option<String> {
        let expected = expectation.fixed()?;
        // They look at whether anything is said there at all.
        if matches!(operator, Operator::Exists | Operator::NotExists) {
            return None;
        }
        let place = if path.is_root() { "the reply".to_owned() } else { format!("`{path}`") };
        if let Some(stranger) = self.stranger(operator, expected) {
            let names = self.texts().into_iter().flatten();
            let near = stranger.as_text().and_then(|text| nearest(text, names));
            let near = near.map(|near| format!("; did you mean `{near}`?"));
            let hint = near.or_else(|| self.unquoted(stranger)).unwrap_or_default();
            return Some(format!("{place} is never {}, it is {self}{hint}", short(stranger)));
        }
        let met = |value: &Value| expectation.passes(value) != Some(false);
        let can_be_met = match (self, self.all()) {
            (_, Some(all)) => all.iter().any(met),
            (Self::Text, None) => {
                let is_told = operator.row().family == Family::Kind;
                let taken = |text: &Value| expectation.takes(text) != Some(false);
                let named = items(expected).iter().filter(|value| value.as_text().is_some()).cloned();
                let mut texts = TEXTS.map(Value::from).into_iter().chain(named);
                texts.any(|text| if is_told { met(&text) } else { taken(&text) })
            }
            (_, None) => OF_ANY.contains(&operator) || self.telling(expected).iter().any(met),
        };
        let hint = || self.unquoted(expected).unwrap_or_default();
        (!can_be_met).then(|| format!("no reply can pass: {place} is {self}{}", hint()))
    }

    /// What to do where a number is meant and a text is named.
    fn unquoted(&self, named: &Value) -> Option<String> {
        let text = named.as_text().filter(|text| text.parse::<f64>().is_ok_and(f64::is_finite))?;
        let is_number = matches!(self, Self::Whole(..) | Self::Range(..));
        is_number.then(|| format!("; without quotes `{text}` is a number"))
    }

    /// The first value that is named and never said: a text that is none of those, or a value of another kind.
    fn stranger<'v>(&self, operator: Operator, expected: &'v Value) -> Option<&'v Value> {
        if !NAMING.contains(&operator) {
            return None;
        }
        let texts = self.texts();
        items(expected).iter().find(|named| match (self, &texts) {
            (Self::Whole(..) | Self::Range(..), _) => named.as_number().is_none(),
            (Self::Text, _) => named.as_text().is_none(),
            (Self::Listed(_), Some(texts)) => named.as_text().is_some_and(|text| !texts.contains(&text)),
            (Self::Listed(_), None) => false,
        })
    }

    /// All that can be said, where that is nothing but texts.
    fn texts(&self) -> Option<Vec<&str>> {
        match self {
            Self::Listed(all) => all.iter().map(Value::as_text).collect(),
            Self::Whole(..) | Self::Range(..) | Self::Text => None,
        }
    }

    /// All that can be said, where it can be counted.
    fn all(&self) -> Option<Vec<Value>> {
        match self {
            Self::Listed(all) => Some(all.clone()),
            Self::Whole(Some(low), Some(high)) if high.checked_sub(*low)? <= COUNTED => {
                Some((*low..=*high).map(Value::Int).collect())
            }
            Self::Whole(..) | Self::Range(..) | Self::Text => None,
        }
    }

    /// The numbers by which it shows whether any of a range passes.
    fn telling(&self, expected: &Value) -> Vec<Value> {
        let Some(Self::Range(low, high)) = self.mean() else { return Vec::new() };
        let given = items(expected);
        let numbers = given.iter().filter_map(|value| value.as_number().map(Number::to_f64));
        let near = numbers.flat_map(|number| [number.floor(), number.ceil()]);
        let ends = [low, high, low.ceil(), high.floor(), 0.0].into_iter();
        let is_whole = matches!(self, Self::Whole(..));
        let can_be_said = |value: &Value| {
            value.as_number().is_some_and(|number| {
                let within = (low..=high).contains(&number.to_f64());
                within && (!is_whole || !number.is_finite() || number.is_integer())
            })
        };
        ends.chain(near).map(Value::Float).chain(given.iter().cloned()).filter(can_be_said).collect()
    }
}

/// As a message goes on after `it is`.
impl fmt::Display for Possible {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Listed(all) => write!(f, "one of {}", some_of(all, short)),
            Self::Whole(low, high) => write!(f, "a whole number{}", ends(*low, *high)),
            Self::Range(low, high) => {
                let [low, high] = [low, high].map(|end| Some(*end).filter(|end| end.is_finite()));
                write!(f, "a number{}", ends(low, high))
            }
            Self::Text => f.write_str("text"),
        }
    }
}

/// Where numbers begin and end, as far as they do.
fn ends<T: fmt::Display>(low: Option<T>, high: Option<T>) -> String {
    match (low, high) {
        (Some(low), Some(high)) => format!(" from {low} to {high}"),
        (Some(low), None) => format!(" from {low}"),
        (None, Some(high)) => format!(" up to {high}"),
        (None, None) => String::new(),
    }
}

/// What is expected, one by one where these are several.
fn items(expected: &Value) -> &[Value] {
    expected.as_list().unwrap_or(std::slice::from_ref(expected))
}

/// The key of a step that is one.
fn key(step: &Step) -> Option<&str> {
    match step {
        Step::Key(key) => Some(key),
        Step::Index(_) | Step::All => None,
    }
}

/// What a schema refers to within its document; itself where it refers to nothing there.
pub(super) fn resolved<'s>(schema: &'s Json, root: &'s Json) -> &'s Json {
    let mut at = schema;
    for _ in 0..DEEP {
        let place = at.get("$ref").and_then(Json::as_str).and_then(|place| place.strip_prefix('#'));
        match place.and_then(|place| root.pointer(place)) {
            Some(there) => at = there,
            None => return at,
        }
    }
    at
}
