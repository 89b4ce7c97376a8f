//! What tokens cost.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;
use serde::{Deserialize, Deserializer, Serialize};

use super::Dollars;
use crate::chat::Usage;

/// Prices of models on a day. Providers change them: a table of one's own replaces this one.
///
/// ```
/// use scouter_providers::chat::Usage;
/// use scouter_providers::layers::Prices;
///
/// let prices = Prices::from_json(
///     r#"{"as_of": "2026-01-01", "models": {"openai/my-model": {"input": 1.0, "output": 4.0}}}"#,
/// )?;
/// let usage = Usage { input: 1_000, output: 500, cached: 0 };
/// let cost = prices.cost("openai", "my-model-2026-01-01", usage).unwrap();
/// assert!((cost.0 - 0.003).abs() < 1e-12);
/// assert_eq!(prices.cost("openai", "another-model", usage), None);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prices {
    /// The day on which the prices were read, as `YYYY-MM-DD`.
    pub as_of: String,
    /// Where they were read, for people.
    #[serde(default)]
    pub source: String,
    /// Prices by provider and model: `openai/gpt-4o-mini`.
    pub models: BTreeMap<String, Price>,
}

/// What a model costs, in dollars for a million tokens.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// Tokens read.
    #[serde(deserialize_with = "read_amount")]
    pub input: f64,
    /// Tokens read that the provider had in its cache; as `input` where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "read_some_amount")]
    pub cached: Option<f64>,
    /// Tokens written.
    #[serde(default, deserialize_with = "read_amount")]
    pub output: f64,
    /// Other prices for long questions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub long: Option<Long>,
}

/// Prices of a call that reads more than so many tokens.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Long {
    /// Questions longer than this, in tokens.
    pub above: u64,
    /// Tokens read.
    #[serde(deserialize_with = "read_amount")]
    pub input: f64,
    /// Tokens read that the provider had in its cache; as `input` where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "read_some_amount")]
    pub cached: Option<f64>,
    /// Tokens written.
    #[serde(deserialize_with = "read_amount")]
    pub output: f64,
}

/// A budget that what costs less than nothing fills up again would never end a run.
fn amount<E: serde::de::Error>(amount: f64) -> Result<f64, E> {
    // Not a number is not at least nothing either.
    if amount >= 0.0 {
        return Ok(amount);
    }
    Err(E::custom(format!("a price must be at least 0, and is {amount}")))
}

fn read_amount<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    amount(f64::deserialize(deserializer)?)
}

fn read_some_amount<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    Option::<f64>::deserialize(deserializer)?.map(amount).transpose()
}

/// What providers add to a name for a version of the same model at the same price.
static VERSION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        // Plain digits: `\d` is those of all scripts, which take far longer to compile.
        r"(-preview)?(-[0-9]{4}-[0-9]{2}-[0-9]{2}|-[0-9]{8}|-[0-9]{2}-[0-9]{4}|-[0-9]{2}-[0-9]{2}|-[0-9]{3}|-latest|@[0-9]{8}|@latest)$",
    )
    .expect("the pattern is constant and tested")
});

impl Prices {
    /// The table that comes with the crate; see `prices.json` for its date and source.
    ///
    /// # Panics
    /// Never: the table is constant, and a test reads it.
    pub fn builtin() -> Self {
        Self::from_json(include_str!("prices.json")).expect("the table is constant and tested")
    }

    /// A table from a file of the same form.
    ///
    /// # Errors
    /// Where the text has another form.
    pub fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// The price of a model, of any dated version of it; `None` where the table does not know it.
    pub fn price(&self, provider: &str, model: &str) -> Option<&Price> {
        // Vertex sells Gemini's models at Gemini's prices.
        let other = (provider == "vertex").then_some("gemini");
        std::iter::once(provider).chain(other).find_map(|provider| {
            let named = |model: &str| self.models.get(&format!("{provider}/{model}"));
            named(model).or_else(|| named(&VERSION.replace(model, "")))
        })
    }

    /// What a call cost; `None` where the table does not know the model.
    pub fn cost(&self, provider: &str, model: &str, usage: Usage) -> Option<Dollars> {
        const MILLION: f64 = 1_000_000.0;
        let price = self.price(provider, model)?;
        let (input, cached, output) = match price.long {
            Some(long) if usage.input > long.above => (long.input, long.cached, long.output),
            _ => (price.input, price.cached, price.output),
        };
        let read = usage.cached.min(usage.input);
        let fresh = usage.input - read;
        let sum = fresh as f64 * input + read as f64 * cached.unwrap_or(input) + usage.output as f64 * output;
        Some(Dollars(sum / MILLION))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_the_crate_can_be_read_and_says_its_date() {
        let prices = Prices::builtin();
        assert_eq!(prices.as_of.len(), "YYYY-MM-DD".len());
        assert!(prices.price("gemini", "gemini-2.5-flash-lite").is_some());
    }

    #[test]
    fn a_dated_version_has_the_price_of_its_model() {
        let prices = Prices::builtin();
        for (provider, dated, model) in [
            ("openai", "gpt-4o-mini-2024-07-18", "gpt-4o-mini"),
            ("anthropic", "claude-sonnet-4-5-20250929", "claude-sonnet-4-5"),
            ("gemini", "gemini-2.5-flash-lite-preview-09-2025", "gemini-2.5-flash-lite"),
            ("gemini", "gemini-2.5-flash-lite-001", "gemini-2.5-flash-lite"),
            ("openai", "gpt-5.4-mini-2026-03-17", "gpt-5.4-mini"),
            ("anthropic", "claude-haiku-4-5@20251001", "claude-haiku-4-5"),
        ] {
            assert_eq!(prices.price(provider, dated), prices.price(provider, model), "{dated}");
            assert!(prices.price(provider, dated).is_some(), "{dated}");
        }
    }

    #[test]
    fn a_model_with_a_longer_name_is_another_model() {
        let prices = Prices::builtin();
        for model in ["gpt-4o-audio", "gpt-4o-2", "gpt-5-pro-max", "llama3.2"] {
            assert_eq!(prices.price("openai", model), None, "{model}");
        }
    }

    #[test]
    fn a_later_model_of_a_family_has_its_own_price_or_none() {
        let prices = Prices::builtin();
        let price = |name: &str| {
            let (provider, model) = name.split_once('/').unwrap();
            prices.price(provider, model)
        };
        for (one, other) in [
            ("anthropic/claude-haiku-5-5", "anthropic/claude-haiku-4-5"),
            ("anthropic/claude-opus-5-5", "anthropic/claude-opus-5"),
            ("anthropic/claude-sonnet-5-5", "anthropic/claude-sonnet-5"),
            ("openai/gpt-6-luna", "openai/gpt-5.6-luna"),
            ("openai/gpt-4o-2024-05-13", "openai/gpt-4o"),
            ("gemini/gemini-3.5-flash-lite", "gemini/gemini-3.5-flash"),
        ] {
            assert!(price(one).is_some() && price(other).is_some(), "{one} {other}");
            assert_ne!(price(one), price(other), "{one} {other}");
        }
        for unknown in
            ["anthropic/claude-haiku", "anthropic/claude-opus-5-6", "openai/gpt-6", "openai/gpt-5.6-sol-fast"]
        {
            assert_eq!(price(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn no_price_of_the_table_is_free_and_reading_costs_less_from_the_cache_and_no_less_when_long() {
        for (model, price) in Prices::builtin().models {
            assert!(price.input > 0.0, "{model}");
            assert!(price.cached.is_none_or(|cached| 0.0 < cached && cached < price.input), "{model}");
            assert!(price.output > price.input || model.contains("embedding"), "{model}");
            if let Some(long) = price.long {
                assert!(long.above >= 100_000, "{model}");
                assert!(long.input > price.input && long.output > price.output, "{model}");
                assert_eq!(long.cached.is_some(), price.cached.is_some(), "{model}");
                assert!(long.cached.is_none_or(|cached| cached < long.input), "{model}");
            }
        }
    }

    #[test]
    fn tokens_from_the_cache_and_long_questions_have_prices_of_their_own() {
        let text = r#"{"as_of": "2026-01-01", "models": {"a/m": {"input": 2, "cached": 1, "output": 10,
            "long": {"above": 100, "input": 4, "output": 20}}}}"#;
        let prices = Prices::from_json(text).unwrap();
        let cost =
            |input, cached, output| prices.cost("a", "m", Usage { input, output, cached }).unwrap().0 * 1e6;
        assert!((cost(100, 40, 10) - (60.0 * 2.0 + 40.0 + 100.0)).abs() < 1e-9);
        assert!((cost(101, 1, 10) - (101.0 * 4.0 + 200.0)).abs() < 1e-9);
    }
}
