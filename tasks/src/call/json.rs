//! Calls as values, as results are written in JSON, and back.

use std::time::Duration;

use scouter_providers::chat::{LogProb, Usage};
use smol_str::SmolStr;

use super::made::{Call, Origin};
use crate::measured::Actual;
use crate::value::{Number, Value};

impl Call {
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
        if !self.log_probs.is_empty() {
            let pair =
                |of: &LogProb| Value::list([Value::from(of.token.as_str()), Value::Float(of.log_prob)]);
            entries.push(("log_probs", Value::list(self.log_probs.iter().map(pair))));
        }
        entries.extend(self.cost.map(|cost| ("cost", Value::Float(cost))));
        let calls = |name, number: u32| (name, Value::Int(number.into()));
        entries.extend((self.unpriced != 0).then(|| calls("unpriced", self.unpriced)));
        entries.extend([
            ("latency_ms", Value::Float(1e3 * self.latency.as_secs_f64())),
            ("attempts", Value::Int(self.attempts.into())),
            ("origin", Value::from(self.origin.as_str())),
        ]);
        entries.extend((self.answered != 1).then(|| calls("answered", self.answered)));
        entries.extend((self.unanswered != 0).then(|| calls("unanswered", self.unanswered)));
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
        let calls = |name: &str, usual: u32| match value.get(name) {
            None => Some(usual),
            Some(_) => u32::try_from(whole(name)?).ok(),
        };
        let (usage, cost, answered) =
            (whole("input_tokens").map(tokens), number("cost"), calls("answered", 1)?);
        // Calls of earlier versions do not say it: what was answered and has no cost cost nobody knows what.
        let unknown = u32::from(cost.is_none() && (answered > 0 || usage.is_some()));
        let pair = |pair: &Value| {
            let [token, log_prob] = pair.as_list()? else { return None };
            let log_prob = log_prob.as_number().map(Number::to_f64)?;
            Some(LogProb { token: token.as_text()?.to_owned(), log_prob })
        };
        let log_probs = match value.get("log_probs") {
            Some(pairs) => pairs.as_list()?.iter().map(pair).collect::<Option<_>>()?,
            None => Vec::new(),
        };
        Some(Self {
            reply: Actual::Whole(value.get("reply")?.clone()),
            provider: text("provider")?,
            model: text("model")?,
            usage,
            log_probs,
            cost,
            unpriced: calls("unpriced", unknown)?,
            latency: Duration::try_from_secs_f64(number("latency_ms")? / 1e3).ok()?,
            attempts: u32::try_from(whole("attempts")?).ok()?,
            origin: Origin::ALL.into_iter().find(|known| known.as_str() == origin)?,
            answered,
            unanswered: calls("unanswered", 0)?,
        })
    }
}
