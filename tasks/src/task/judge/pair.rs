//! Pairs: two values that a model compares without knowing which is which.
//!
//! Models prefer what they are shown first (or last). So the order of a pair is drawn for each record: by chance over
//! records, and the same whenever the same record is judged again, since it follows from what is shown and a seed.

use std::num::NonZeroU32;

use indexmap::IndexMap;
use schemars::{Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::fingerprint::Printer;
use crate::value::Value;

/// Two values to compare: by the name of each, where it is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "IndexMap<String, String>", into = "IndexMap<String, String>")]
pub struct Pair([(String, String); 2]);

/// The places in which a prompt shows the two, and the words of a reply for them.
pub(super) const PLACES: [&str; 2] = ["first", "second"];

/// The member of a reply that says which is better.
const WINNER: &str = "winner";

/// The word of a reply for neither.
const TIE: &str = "tie";

impl Pair {
    /// The names of the two, and where they are read.
    pub fn all(&self) -> &[(String, String); 2] {
        &self.0
    }

    /// All that a reply can say in this member, where it names one of the two.
    pub(super) fn says(&self, member: &str) -> Option<Vec<Value>> {
        let names = self.0.iter().map(|(name, _)| Value::from(name.as_str()));
        match member {
            WINNER => Some(names.chain([Value::from(TIE)]).collect()),
            _ if member == PLACES[0] => Some(names.collect()),
            _ => None,
        }
    }

    /// The reply with the names of the two in place of where they were shown, and with which was shown first.
    pub(super) fn named(&self, reply: &Value, order: Order) -> Value {
        let Some(members) = reply.as_map() else { return reply.clone() };
        let name = |place: usize| Value::from(self.0[order.shown(place)].0.as_str());
        let renamed = members.iter().map(|(key, value)| {
            let place = PLACES.iter().position(|place| value.as_text() == Some(place));
            let value = match place {
                Some(place) if key.as_str() == WINNER => name(place),
                _ => value.clone(),
            };
            (key.clone(), value)
        });
        Value::map::<SmolStr>(renamed.chain([(PLACES[0].into(), name(0))]))
    }
}

impl TryFrom<IndexMap<String, String>> for Pair {
    type Error = String;

    fn try_from(named: IndexMap<String, String>) -> Result<Self, String> {
        let reserved = |name: &str| PLACES.contains(&name) || name == TIE || name.is_empty();
        if let Some(name) = named.keys().find(|name| reserved(name)) {
            return Err(format!("neither of a pair can be called `{name}`"));
        }
        let all: Vec<(String, String)> = named.into_iter().collect();
        <[_; 2]>::try_from(all).map(Self).map_err(|all| {
            format!("a pair is two names with their paths, such as `{{new: response, old: reference}}`, and these are {}", all.len())
        })
    }
}

impl From<Pair> for IndexMap<String, String> {
    fn from(Pair(all): Pair) -> Self {
        all.into_iter().collect()
    }
}

/// A pair in the published schema of task files.
pub(super) fn schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": ["object", "null"],
        "minProperties": 2,
        "maxProperties": 2,
        "additionalProperties": {"type": "string"}
    })
}

/// Which of a pair is shown first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// The first one.
    AsGiven,
    /// The second one.
    Swapped,
}

impl Order {
    /// The order in which these values are shown, which follows from them, the task, the trial and the seed.
    pub(super) fn drawn<'v>(
        task: &str,
        seed: u64,
        trial: Option<NonZeroU32>,
        values: impl Iterator<Item = &'v Value>,
    ) -> Self {
        let mut printer = Printer::default();
        printer.text(Some(task));
        printer.text(Some(&seed.to_string()));
        printer.trial(trial);
        values.for_each(|value| printer.value(value));
        if printer.done().to_bytes()[0] & 1 == 0 { Self::AsGiven } else { Self::Swapped }
    }

    /// Which of the pair stands in this place.
    pub(super) fn shown(self, place: usize) -> usize {
        match self {
            Self::AsGiven => place,
            Self::Swapped => 1 - place,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::from_json;

    fn pair() -> Pair {
        serde_json::from_str(r#"{"new": "response", "old": "reference"}"#).unwrap()
    }

    #[test]
    fn a_reply_names_what_was_shown() {
        let reply = from_json(r#"{"reason": "the second is longer", "winner": "second"}"#).unwrap();
        for (order, winner, first) in [(Order::AsGiven, "old", "new"), (Order::Swapped, "new", "old")] {
            let named = pair().named(&reply, order);
            assert_eq!(named.get("winner"), Some(&Value::from(winner)));
            assert_eq!(named.get("first"), Some(&Value::from(first)));
            assert_eq!(named.get("reason"), reply.get("reason"));
        }
        let tie = from_json(r#"{"winner": "tie"}"#).unwrap();
        assert_eq!(pair().named(&tie, Order::Swapped).get("winner"), Some(&Value::from("tie")));
    }

    #[test]
    fn half_of_all_orders_are_swapped_and_none_changes() {
        let order = |n: i64, seed| Order::drawn("t", seed, None, [Value::Int(n), Value::Null].iter());
        let swapped = |seed| (0..10_000).filter(|n| order(*n, seed) == Order::Swapped).count();
        // Five standard deviations of a fair coin.
        for seed in 0..5 {
            assert!((4_750..5_250).contains(&swapped(seed)), "{}", swapped(seed));
        }
        assert!((0..100).all(|n| order(n, 1) == order(n, 1)));
        assert!((0..100).any(|n| order(n, 1) != order(n, 2)));
    }

    #[test]
    fn what_is_no_pair_says_why() {
        for (text, why) in [
            (r#"{"new": "a"}"#, "these are 1"),
            (r#"{"new": "a", "old": "b", "other": "c"}"#, "these are 3"),
            (r#"{"tie": "a", "old": "b"}"#, "called `tie`"),
        ] {
            let told = serde_json::from_str::<Pair>(text).unwrap_err().to_string();
            assert!(told.contains(why), "{told}");
        }
    }
}
