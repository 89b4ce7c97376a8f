//! One call, or the calls of a jury: the whole reply, and what it took.

use std::borrow::Cow;
use std::time::Duration;

use scouter_engine::{NodeError, Outcome};
use scouter_providers::chat::{self, ChatReply, LogProb, Usage};
use scouter_providers::layers::Dollars;
use scouter_providers::{Details, Reply};
use smol_str::SmolStr;

use crate::measured::{Actual, Measured, Packer};
use crate::value::{Value, cut_to, from_saved_json, to_json, to_value};

/// A call of a model, or the calls of a jury.
#[derive(Clone, Debug)]
pub struct Call {
    pub(super) reply: Actual,
    /// Whose model was asked.
    pub provider: SmolStr,
    /// The model that answered, as the provider calls it.
    pub model: SmolStr,
    /// The tokens it took, as far as providers say.
    pub usage: Option<Usage>,
    /// How likely the tokens of the reply were, where that was asked for.
    pub log_probs: Vec<LogProb>,
    /// What it cost now, in US dollars, as far as that is known.
    pub cost: Option<f64>,
    /// Requests that cost what nobody knows, and which is not in `cost`.
    pub unpriced: u32,
    /// How long the provider took.
    pub latency: Duration,
    /// Requests that were sent, also those that failed.
    pub attempts: u32,
    /// Where the reply comes from.
    pub origin: Origin,
    /// Calls that were answered: 1, but for those of a jury and for one that failed.
    pub answered: u32,
    /// Calls that were not.
    pub unanswered: u32,
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
    pub(super) const ALL: [Self; 4] = [Self::Live, Self::Cache, Self::Cassette, Self::Memory];

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
pub(crate) const KEPT_REPLY: usize = 16 * 1024;

impl Call {
    /// The call that was answered so.
    pub fn new(provider: &str, reply: ChatReply) -> Self {
        let mut made = Self::answered(provider, &reply);
        made.log_probs = reply.log_probs;
        // What was read as JSON always has a form as a value.
        let value = reply.structured.and_then(|structured| to_value(&structured).ok());
        made.with_reply(value.unwrap_or_else(|| Value::from(reply.text)))
    }

    /// The call that had this answer, of whatever kind; it has no reply yet.
    pub fn answered(provider: &str, answer: &impl Reply) -> Self {
        let spent = answer.spent();
        Self {
            reply: Actual::default(),
            provider: provider.into(),
            model: answer.model().into(),
            usage: answer.usage(),
            log_probs: Vec::new(),
            cost: spent.cost.map(|Dollars(cost)| cost),
            unpriced: spent.unpriced,
            latency: spent.latency,
            attempts: spent.attempts,
            origin: match spent.origin {
                chat::Origin::Live => Origin::Live,
                chat::Origin::Cache => Origin::Cache,
                chat::Origin::Cassette => Origin::Cassette,
            },
            answered: 1,
            unanswered: 0,
        }
    }

    /// A call that was not answered; `None` where nothing was sent for it.
    pub fn failed(provider: &str, model: &str, details: &Details) -> Option<Self> {
        if details.attempts == 0 {
            return None;
        }
        let mut call = Self::together(model, []);
        call.provider = provider.into();
        call.usage = details.usage;
        call.cost = details.cost.map(|Dollars(cost)| cost);
        call.unpriced = details.unpriced;
        call.attempts = details.attempts;
        call.unanswered = 1;
        Some(call)
    }

    /// What several calls came to, of which one made one value; it has no reply yet.
    pub fn together(models: &str, calls: impl IntoIterator<Item = Self>) -> Self {
        let mut all = Self {
            reply: Actual::default(),
            provider: "jury".into(),
            model: models.into(),
            usage: None,
            log_probs: Vec::new(),
            cost: None,
            unpriced: 0,
            latency: Duration::ZERO,
            attempts: 0,
            origin: Origin::Live,
            answered: 0,
            unanswered: 0,
        };
        let mut origins = Vec::new();
        for call in calls {
            all.usage = Usage::sum(all.usage, call.usage);
            all.cost = Dollars::sum(all.cost.map(Dollars), call.cost.map(Dollars)).map(|Dollars(cost)| cost);
            all.unpriced += call.unpriced;
            // They were asked at the same time.
            all.latency = all.latency.max(call.latency);
            all.attempts += call.attempts;
            all.answered += call.answered;
            all.unanswered += call.unanswered;
            origins.push(call.origin);
        }
        if let Some(first) = origins.first()
            && !origins.contains(&Origin::Live)
        {
            all.origin = *first;
        }
        all
    }

    /// The same with another reply: one that says what follows from it.
    #[must_use]
    pub fn with_reply(self, reply: Value) -> Self {
        Self { reply: Actual::Whole(reply), ..self }
    }

    /// The error of a node that made the call all the same.
    pub fn beside(&self, error: NodeError) -> NodeError {
        if self.attempts == 0 && self.answered == 0 {
            return error;
        }
        let mut kept = self.clone();
        kept.trim(&mut Packer::default());
        error.with_account(to_json(&kept.to_value()))
    }

    /// The call that a node made before this error.
    pub fn of_error(error: &NodeError) -> Option<Self> {
        Self::from_value(&from_saved_json(error.account()?).ok()?)
    }

    /// The call of an outcome, whether the node came to an output or not.
    pub fn of(outcome: &Outcome<Measured>) -> Option<Cow<'_, Self>> {
        match outcome {
            Outcome::Done(output) => output.value.call().map(Cow::Borrowed),
            Outcome::Errored(error) => Self::of_error(error).map(Cow::Owned),
            Outcome::Skipped(_) | Outcome::Cancelled => None,
        }
    }

    /// The whole reply: in the form that was asked for, or its text.
    pub fn reply(&self) -> Cow<'_, Value> {
        self.reply.value()
    }

    /// How many bytes its reply holds, as it was cut to be kept.
    pub(crate) fn bytes(&self) -> usize {
        self.reply.bytes() + self.log_probs.len() * size_of::<LogProb>()
    }

    /// Why the model answered so, where its reply has a member for that.
    pub fn reason(&self) -> Option<String> {
        let reply = self.reply();
        REASONS.iter().find_map(|name| reply.get(name)?.as_text().map(str::to_owned))
    }

    /// The same, found again in an earlier run: it took nothing now.
    #[must_use]
    pub fn remembered(self) -> Self {
        Self {
            cost: Some(0.0),
            unpriced: 0,
            latency: Duration::ZERO,
            attempts: 0,
            origin: Origin::Memory,
            ..self
        }
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
}

impl PartialEq for Call {
    /// By what is said, however it is kept.
    fn eq(&self, other: &Self) -> bool {
        self.to_value().is_same(&other.to_value())
    }
}

#[cfg(test)]
mod tests {
    use scouter_providers::{CallError, ErrorKind};

    use super::*;
    use crate::call::Spending;

    fn call() -> Call {
        let reply = ChatReply {
            structured: Some(serde_json::json!({"reason": "it says so", "score": 4})),
            usage: Some(Usage { input: 10, output: 3, cached: 2 }),
            log_probs: vec![LogProb { token: "4".to_owned(), log_prob: -0.25 }],
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
            let call = Call { cost, unpriced: u32::from(cost.is_none()), ..call() };
            let written = from_saved_json(&to_json(&call.to_value())).unwrap();
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
    fn what_several_calls_took_adds_up() {
        let dear = Call { cost: Some(0.5), latency: Duration::from_millis(90), ..call() };
        let free = Call { cost: Some(0.25), origin: Origin::Memory, ..call() };
        let all = Call::together("a, b", [dear.clone(), free.clone()]);
        assert_eq!((all.answered, all.attempts, all.cost), (2, 4, Some(0.75)));
        assert_eq!((all.latency.as_millis(), all.origin), (90, Origin::Live));
        assert_eq!(all.usage, Some(Usage { input: 20, output: 6, cached: 4 }));
        assert_eq!(Call::together("a", [free]).origin, Origin::Memory);
    }

    #[test]
    fn a_vote_without_a_price_hides_nothing_of_the_others() {
        let known = Call { cost: Some(0.5), ..call() };
        let unknown = Call { cost: None, usage: None, unpriced: 1, ..call() };
        let all = Call::together("a, b", [known.clone(), unknown]);
        assert_eq!((all.cost, all.unpriced, all.usage), (Some(0.5), 1, known.usage));
        let spent: Spending = [all].iter().collect();
        assert_eq!((spent.calls, spent.input_tokens, spent.cost, spent.unpriced), (2, 10, 0.5, 1));
    }

    #[test]
    fn an_error_keeps_what_was_paid_for() {
        let mut details = CallError::new(ErrorKind::Misfit, "openai", "no JSON").details().clone();
        assert_eq!(Call::failed("openai", "m", &details), None);
        details.attempts = 2;
        details.usage = Some(Usage { input: 5, output: 1, cached: 0 });
        details.unpriced = 1;
        let call = Call::failed("openai", "m", &details).unwrap();
        let error = call.beside(NodeError::new("get a reply"));
        assert_eq!(Call::of_error(&error), Some(call));
        let spent: Spending = [Call::of_error(&error).unwrap()].iter().collect();
        assert_eq!((spent.calls, spent.failed, spent.input_tokens, spent.unpriced), (0, 1, 5, 1));
    }

    #[test]
    fn what_is_remembered_takes_nothing() {
        let again = call().remembered();
        assert_eq!((again.cost, again.attempts, again.origin), (Some(0.0), 0, Origin::Memory));
    }
}
