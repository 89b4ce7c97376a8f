//! What two questions do not have in common.

use std::collections::BTreeMap;

use serde_json::Value;

/// How alike two values are, from 0 to 1: the share of their leaves that are the same, texts that
/// begin or end alike counted in part.
pub(super) fn likeness(one: &Value, other: &Value) -> f64 {
    let (one, other) = (leaves(one), leaves(other));
    let all = one.keys().chain(other.keys().filter(|place| !one.contains_key(*place))).count();
    let same: f64 = one.iter().filter_map(|(place, value)| Some(shared(value, other.get(place)?))).sum();
    if all == 0 { 1.0 } else { same / all as f64 }
}

/// The places where two values differ, with what stands there, for people.
pub(super) fn differences(recorded: &Value, asked: &Value) -> Vec<String> {
    const MOST: usize = 5;
    let (recorded, asked) = (leaves(recorded), leaves(asked));
    let places = recorded.keys().chain(asked.keys().filter(|place| !recorded.contains_key(*place)));
    let mut told = Vec::new();
    let mut more = 0;
    for place in places {
        let (one, other) = (recorded.get(place), asked.get(place));
        if one == other {
            continue;
        }
        if told.len() == MOST {
            more += 1;
            continue;
        }
        told.push(match (one, other) {
            (Some(one), Some(other)) => {
                let at = prefix(one, other);
                format!("`{place}`: recorded {}, asked {}", excerpt(one, at), excerpt(other, at))
            }
            (Some(one), None) => format!("`{place}`: recorded {}, not asked", excerpt(one, 0)),
            (None, other) => {
                format!("`{place}`: not recorded, asked {}", excerpt(other.map_or("", String::as_str), 0))
            }
        });
    }
    if more > 0 {
        told.push(format!("and {more} more"));
    }
    told
}

/// Everything that is not a list or an object, by its place.
fn leaves(value: &Value) -> BTreeMap<String, String> {
    fn walk(place: &str, value: &Value, found: &mut BTreeMap<String, String>) {
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    let dot = if place.is_empty() { "" } else { "." };
                    walk(&format!("{place}{dot}{name}"), member, found);
                }
            }
            Value::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    walk(&format!("{place}[{at}]"), item, found);
                }
            }
            Value::String(text) => {
                found.insert(place.to_owned(), text.clone());
            }
            other => {
                found.insert(place.to_owned(), other.to_string());
            }
        }
    }
    let mut found = BTreeMap::new();
    walk("", value, &mut found);
    found
}

fn prefix(one: &str, other: &str) -> usize {
    one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count()
}

fn shared(one: &str, other: &str) -> f64 {
    if one == other {
        return 1.0;
    }
    let longest = one.chars().count().max(other.chars().count());
    let start = prefix(one, other);
    let end = one.chars().rev().zip(other.chars().rev()).take_while(|(a, b)| a == b).count();
    (start + end).min(longest) as f64 / (longest + 1) as f64
}

/// A short piece of a text around the character number `at`.
fn excerpt(text: &str, at: usize) -> String {
    const BEFORE: usize = 15;
    const LENGTH: usize = 60;
    let start = at.saturating_sub(BEFORE);
    let piece: String = text.chars().skip(start).take(LENGTH).collect();
    let head = if start > 0 { "…" } else { "" };
    let tail = if text.chars().count() > start + LENGTH { "…" } else { "" };
    format!("`{head}{piece}{tail}`")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_place_and_both_texts_are_shown_around_the_first_difference() {
        let long = "x".repeat(1_000);
        let told = differences(
            &json!({"model": "a", "messages": [{"content": format!("{long} cat")}]}),
            &json!({"model": "a", "messages": [{"content": format!("{long} dog")}]}),
        );
        assert_eq!(
            told,
            ["`messages[0].content`: recorded `…xxxxxxxxxxxxxx cat`, asked `…xxxxxxxxxxxxxx dog`"]
        );
    }

    #[test]
    fn what_only_one_has_is_told() {
        let told = differences(&json!({"a": 1}), &json!({"b": 2}));
        assert_eq!(told, ["`a`: recorded `1`, not asked", "`b`: not recorded, asked `2`"]);
    }

    #[test]
    fn a_question_is_most_like_the_one_that_differs_in_a_word() {
        let asked = json!({"model": "m", "text": "how tall is the tower in Paris?"});
        let near = json!({"model": "m", "text": "how tall is the tower in Pisa?"});
        let far = json!({"model": "m", "text": "who wrote this?"});
        assert!(likeness(&asked, &near) > likeness(&asked, &far));
        assert!((likeness(&asked, &asked) - 1.0).abs() < f64::EPSILON);
    }
}
