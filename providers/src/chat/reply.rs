//! What came back.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Dollars, Reply};

/// A model's answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChatReply {
    /// The text of it; where the provider answers a schema by a tool, the tool's input as JSON.
    pub text: String,
    /// The answer in the form that was asked for, where one was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub structured: Option<Value>,
    /// Why it ends where it ends.
    pub finish: Finish,
    /// The tokens it took; `None` where the provider does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
    /// How likely its tokens were, of the first [`LogProb::MOST`], where that was asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub log_probs: Vec<LogProb>,
    /// The model that answered, as the provider calls it.
    pub model: String,
    /// What the provider calls the reply, where it has a name. It is not kept in caches and cassettes.
    #[serde(skip)]
    pub id: Option<String>,
    /// The provider's whole reply, cut. It is not kept in caches and cassettes.
    #[serde(skip)]
    pub raw: Option<Raw>,
    /// What it took to get it this time.
    #[serde(skip)]
    pub spent: Spent,
}

impl ChatReply {
    /// A whole reply of text alone.
    pub fn of_text(model: &str, text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            structured: None,
            finish: Finish::Stop,
            usage: None,
            log_probs: Vec::new(),
            model: model.to_owned(),
            id: None,
            raw: None,
            spent: Spent::default(),
        }
    }
}

impl Reply for ChatReply {
    fn model(&self) -> &str {
        &self.model
    }

    fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    fn usage(&self) -> Option<Usage> {
        self.usage
    }

    fn finish(&self) -> Option<&str> {
        Some(self.finish.as_str())
    }

    fn spent(&self) -> &Spent {
        &self.spent
    }

    fn spent_mut(&mut self) -> &mut Spent {
        &mut self.spent
    }
}

/// How likely a token was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LogProb {
    /// Its text.
    pub token: String,
    /// The natural logarithm of its probability, 0 at most.
    pub log_prob: f64,
}

impl LogProb {
    /// Of how many tokens of a reply it is kept.
    pub const MOST: usize = 1_000;
}

/// Why a reply ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finish {
    /// The model was done.
    Stop,
    /// The limit on tokens was reached: the end is missing.
    Length,
    /// The model or the provider's filter refuses to answer.
    Refused,
    /// Something else, in the provider's word.
    Other(String),
}

impl Finish {
    /// One word for spans.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Stop => "stop",
            Self::Length => "length",
            Self::Refused => "content_filter",
            Self::Other(word) => word,
        }
    }
}

/// Tokens of a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Tokens read, those from the provider's cache included.
    pub input: u64,
    /// Tokens written, those of thinking included.
    pub output: u64,
    /// Those of `input` that the provider had in its cache.
    #[serde(default)]
    pub cached: u64,
}

impl Usage {
    /// Tokens read and written.
    pub fn total(self) -> u64 {
        self.input.saturating_add(self.output)
    }

    /// Two calls together, as far as anything is known of them.
    pub fn sum(one: Option<Self>, other: Option<Self>) -> Option<Self> {
        let (Some(one), Some(other)) = (one, other) else { return one.or(other) };
        Some(Self {
            input: one.input.saturating_add(other.input),
            output: one.output.saturating_add(other.output),
            cached: one.cached.saturating_add(other.cached),
        })
    }
}

/// What it took to get a reply.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spent {
    /// Requests that were sent, also those that failed.
    pub attempts: u32,
    /// How long the provider took for the request that was answered.
    pub latency: Duration,
    /// What it cost now, as far as that is known.
    pub cost: Option<Dollars>,
    /// Requests that cost what nobody knows, and which is not in `cost`.
    pub unpriced: u32,
    /// Where it comes from.
    pub origin: Origin,
}

impl Spent {
    /// What it takes to find a reply that was kept: nothing.
    pub(crate) fn nothing(origin: Origin) -> Self {
        Self { cost: Some(Dollars(0.0)), origin, ..Self::default() }
    }

    /// What two calls took, one after the other. Together they are live where one of them is.
    pub(crate) fn and(self, other: &Self) -> Self {
        Self {
            attempts: self.attempts + other.attempts,
            latency: self.latency + other.latency,
            cost: Dollars::sum(self.cost, other.cost),
            unpriced: self.unpriced + other.unpriced,
            origin: if self.origin == other.origin { self.origin } else { Origin::Live },
        }
    }
}

/// Where a reply comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Origin {
    /// The provider, just now.
    #[default]
    Live,
    /// The cache on disk.
    Cache,
    /// A cassette.
    Cassette,
}

impl Origin {
    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Cache => "cache",
            Self::Cassette => "cassette",
        }
    }
}

/// The body of a provider's reply, cut to a bound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raw {
    /// Its beginning.
    pub text: String,
    /// Its whole length in bytes.
    pub bytes: usize,
}

impl Raw {
    /// The most that is kept, in bytes.
    pub const LIMIT: usize = 64 * 1024;

    /// Keeps the beginning of a body.
    pub fn of(body: &[u8]) -> Self {
        let kept = String::from_utf8_lossy(&body[..body.len().min(Self::LIMIT)]).into_owned();
        Self { text: kept, bytes: body.len() }
    }

    /// Whether the end is missing.
    pub fn is_cut(&self) -> bool {
        self.bytes > Self::LIMIT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_body_is_kept_within_the_bound() {
        let raw = Raw::of(&vec![b'x'; 5_000_000]);
        assert_eq!((raw.text.len(), raw.bytes, raw.is_cut()), (Raw::LIMIT, 5_000_000, true));
    }

    #[test]
    fn a_sum_is_of_what_is_known() {
        let known = Some(Usage { input: 1, output: 2, cached: 0 });
        assert_eq!(Usage::sum(known, None), known);
        assert_eq!(Usage::sum(None, None), None);
        assert_eq!(Usage::sum(known, known).map(Usage::total), Some(6));
    }
}
