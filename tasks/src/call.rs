//! What asking a model came to: the whole reply, and what it took.

use std::borrow::Cow;
use std::time::Duration;

use scouter_providers::chat::{self, ChatReply, Usage};
use scouter_providers::layers::Dollars;
use smol_str::SmolStr;

use crate::measured::{Actual, Packer};
use crate::value::{Number, Value, cut_to, to_value};

/// A call of a model that was answered.
#[derive(Clone, Debug)]
pub struct Call {
    reply: Actual,
    /// Whose model was asked.
    pub provider: SmolStr,
    /// The model that answered, as the provider calls it.
    pub model: SmolStr,
    /// The tokens it took; `None` where the provider does not say.
    pub usage: Option<Usage>,
    /// What it cost now, in US dollars; `None` where a price or the tokens are unknown.
    pub cost: Option<f64>,
    /// How long the provider took.
    pub latency: Duration,
    /// Requests that were sent, also those that failed.
    pub attempts: u32,
    /// Where the reply comes from.
    pub origin: Origin,
}

/// Where a reply comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The provider, in this run.
    Live,
    /// The cache on disk.
    Cache,
    /// A cassette.
    Cassette,
    /// An earlier run.
    Memory,
}

impl Origin {
    const ALL: [Self; 4] = [Self::Live, Self::Cache, Self::Cassette, Self::Memory];

    /// Its name, as it is written in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Cache => "cache",
            Self::Cassette => "cassette",
            Self::Memory => "memory",
        }
    }
}

/// The members of a structured reply that may hold the reason for it.
const REASONS: [&str; 4] = ["reason", "reasoning", "explanation", "rationale"];

/// The most that a result keeps of a reply, in bytes.
const KEPT_REPLY: usize = 16 * 1024;

impl Call {
    /// The call that was answered so.
    pub fn new(provider: &str, reply: ChatReply) -> Self {
        let ChatReply { text, structured, usage, model, spent, .. } = reply;
        // What was read as JSON always has a form as a value.
        let value = structured.and_then(|structured| to_value(&structured).ok());
        Self {
            reply: Actual::Whole(value.unwrap_or_else(|| Value::from(text))),
            provider: provider.into(),
            model: model.into(),
            usage,
            cost: spent.cost.map(|Dollars(cost)| cost),
            latency: spent.latency,
            attempts: spent.attempts,
            origin: match spent.origin {
                chat::Origin::Live => Origin::Live,
                chat::Origin::Cache => Origin::Cache,
                chat::Origin::Cassette => Origin::Cassette,
            },
        }
    }

    /// The whole reply: in the form that was asked for, or its text.
    pub fn reply(&self) -> Cow<'_, Value> {
        self.reply.value()
    }

    /// Why the model answered so, where its reply has a member for that.
    pub fn reason(&self) -> Option<String> {
        let reply = self.reply();
        REASONS.iter().find_map(|name| reply.get(name)?.as_text().map(str::to_owned))
    }

    /// The same, found again in an earlier run: it took nothing now.
    #[must_use]
    pub fn remembered(self) -> Self {
        Self { cost: Some(0.0), latency: Duration::ZERO, attempts: 0, origin: Origin::Memory, ..self }
    }

    /// Makes it small enough to keep.
    pub(crate) fn trim(&mut self, packer: &mut Packer) {
        if let Actual::Whole(reply) = &self.reply
            && let Some(kept) = cut_to(reply, KEPT_REPLY)
        {
            self.reply = Actual::Whole(kept);
        }
        packer.pack(&mut self.reply);
    }

    /// The call as a value, as results are written in JSON.
    pub fn to_value(&self) -> Value {
        let count = |tokens: u64| Value::from(usize::try_from(tokens).unwrap_or(usize::MAX));
        let mut entries = vec![
            ("reply", self.reply().into_owned()),
            ("provider", Value::from(self.provider.as_str())),
            ("model", Value::from(self.model.as_str())),
        ];
        if let Some(Usage { input, output, cached }) = self.usage {
            entries.extend([
                ("input_tokens", count(input)),
                ("output_tokens", count(output)),
                ("cached_tokens", count(cached)),
            ]);
        }
        entries.extend(self.cost.map(|cost| ("cost", Value::Float(cost))));
        entries.extend([
            ("latency_ms", Value::Float(1e3 * self.latency.as_secs_f64())),
            ("attempts", Value::Int(self.attempts.into())),
            ("origin", Value::from(self.origin.as_str())),
        ]);
        Value::map(entries)
    }

    /// The call of a value that [`Call::to_value`] made; `None` where it is something else.
    pub fn from_value(value: &Value) -> Option<Self> {
        let number = |name: &str| value.get(name).and_then(Value::as_number).map(Number::to_f64);
        let whole = |name: &str| match value.get(name)? {
            Value::Int(count) => u64::try_from(*count).ok(),
            _ => None,
        };
        let text = |name: &str| value.get(name).and_then(Value::as_text).map(SmolStr::new);
        let tokens = |input| Usage {
            input,
            output: whole("output_tokens").unwrap_or(0),
            cached: whole("cached_tokens").unwrap_or(0),
        };
        let origin = text("origin")?;
        Some(Self {
            reply: Actual::Whole(value.get("reply")?.clone()),
            provider: text("provider")?,
            model: text("model")?,
            usage: whole("input_tokens").map(tokens),
            cost: number("cost"),
            latency: Duration::try_from_secs_f64(number("latency_ms")? / 1e3).ok()?,
            attempts: u32::try_from(whole("attempts")?).ok()?,
            origin: Origin::ALL.into_iter().find(|known| known.as_str() == origin)?,
        })
    }
}

impl PartialEq for Call {
    /// By what is said, however it is kept.
    fn eq(&self, other: &Self) -> bool {
        self.to_value().is_same(&other.to_value())
    }
}

/// What several calls came to together.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Spending {
    /// Calls that were answered, from wherever.
    pub calls: u64,
    /// Requests that were sent for them.
    pub attempts: u64,
    /// Tokens read, as far as providers say.
    pub input_tokens: u64,
    /// Tokens written, as far as providers say.
    pub output_tokens: u64,
    /// What they cost in US dollars, as far as prices are known.
    pub cost: f64,
    /// Calls whose cost is unknown, and not in `cost`.
    pub unpriced: u64,
}

impl<'c> FromIterator<&'c Call> for Spending {
    fn from_iter<T: IntoIterator<Item = &'c Call>>(calls: T) -> Self {
        let mut all = Self::default();
        for call in calls {
            all.calls += 1;
            all.attempts += u64::from(call.attempts);
            all.input_tokens += call.usage.map_or(0, |usage| usage.input);
            all.output_tokens += call.usage.map_or(0, |usage| usage.output);
            all.cost += call.cost.unwrap_or(0.0);
            all.unpriced += u64::from(call.cost.is_none());
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::from_json;

    fn call() -> Call {
        let reply = ChatReply {
            structured: Some(serde_json::json!({"reason": "it says so", "score": 4})),
            usage: Some(Usage { input: 10, output: 3, cached: 2 }),
            ..ChatReply::of_text("a-model", "{}")
        };
        let mut call = Call::new("openai", reply);
        call.latency = Duration::from_millis(12);
        call.attempts = 2;
        call
    }

    #[test]
    fn a_call_is_read_as_it_was_written() {
        for cost in [None, Some(0.000_123)] {
            let call = Call { cost, ..call() };
            let written = from_json(&call.to_value().to_string()).unwrap();
            assert_eq!(Call::from_value(&written), Some(call));
        }
        assert_eq!(Call::from_value(&Value::Null), None);
    }

    #[test]
    fn the_reason_stands_in_the_reply() {
        assert_eq!(call().reason().as_deref(), Some("it says so"));
        assert_eq!(Call::new("openai", ChatReply::of_text("m", "yes")).reason(), None);
    }

    #[test]
    fn a_reply_of_megabytes_is_kept_within_a_bound() {
        let mut call = Call::new("openai", ChatReply::of_text("m", "x".repeat(5_000_000)));
        call.trim(&mut Packer::default());
        assert!(call.reply().as_text().is_some_and(|text| text.len() < 2 * KEPT_REPLY));
    }

    #[test]
    fn what_is_remembered_takes_nothing() {
        let again = call().remembered();
        assert_eq!((again.cost, again.attempts, again.origin), (Some(0.0), 0, Origin::Memory));
    }
}
